package tmf

import (
	"testing"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// customerShape is the 2014 dialect's customer.
var customerShape = dialect.V2014.Resource("customer").Shape

const benchDocument = `{"name":"Customer","status":"Active","customerRank":"3","validFor":{"startDateTime":"2013-06-19T04:00:00.0Z"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}},{"type":"TelephoneNumber","medium":{"type":"mobile","number":"+436641234567"}}],"customerAccount":[{"id":"1"},{"id":"2"}],"customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{},"creditScore":70}]}`

// BenchmarkMatch is what a filter costs for one document.
func BenchmarkMatch(b *testing.B) {
	doc := presenterOf(customerShape).show(Item{ID: "c1", Document: mustRead(benchDocument)})
	for name, raw := range map[string]string{
		"equality": "status=active&name=Customer",
		"array":    "contactMedium.medium.number=%2B436641234567",
		"date":     "validFor.startDateTime.gt=2013-01-01",
		"number":   "customerCreditProfile.creditScore.gt=69.5",
		"regex":    "name.regex=%5ECust.*r%24",
	} {
		b.Run(name, func(b *testing.B) {
			q, err := query.Parse(raw, customerShape, nil, time.UTC)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if !q.Filter.Match(doc) {
					b.Fatal("no match")
				}
			}
		})
	}
}

func BenchmarkParseQuery(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := query.Parse("status=Active,New&customerRank.gt=1&fields=name,status&sort=-name&offset=20&limit=20", customerShape, nil, time.UTC); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkShow(b *testing.B) {
	p, item := presenterOf(customerShape), Item{ID: "c1", Document: mustRead(benchDocument)}
	b.ReportAllocs()
	for b.Loop() {
		p.show(item)
	}
}

func BenchmarkMergePatch(b *testing.B) {
	doc, patch := mustRead(benchDocument), mustRead(`{"status":"New","description":null,"validFor":{"endDateTime":"2014-06-19T04:00:00.0Z"}}`)
	b.ReportAllocs()
	for b.Loop() {
		jsondoc.MergePatch(doc, patch, customerShape)
	}
}

func BenchmarkJSONPatch(b *testing.B) {
	limits := jsondoc.DefaultLimits()
	doc := mustRead(benchDocument)
	p, err := customerShape.ReadPatch(mustRead(`[{"op":"test","path":"/status","value":"Active"},{"op":"replace","path":"/status","value":"New"}]`), &limits)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Apply(doc); err != nil {
			b.Fatal(err)
		}
	}
}
