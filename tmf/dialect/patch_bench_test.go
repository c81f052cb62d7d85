package dialect

import (
	"testing"

	"rator/tmf/jsondoc"
)

const benchDocument = `{"name":"Customer","status":"Active","customerRank":"3","validFor":{"startDateTime":"2013-06-19T04:00:00.0Z"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}},{"type":"TelephoneNumber","medium":{"type":"mobile","number":"+436641234567"}}],"customerAccount":[{"id":"1"},{"id":"2"}],"customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{},"creditScore":70}]}`

func BenchmarkMergePatch(b *testing.B) {
	doc, patch := document(benchDocument), document(`{"status":"New","description":null,"validFor":{"endDateTime":"2014-06-19T04:00:00.0Z"}}`)
	b.ReportAllocs()
	for b.Loop() {
		jsondoc.MergePatch(doc, patch, customer2014)
	}
}

func BenchmarkJSONPatch(b *testing.B) {
	limits := jsondoc.DefaultLimits()
	doc := document(benchDocument)
	p, err := customer2014.ReadPatch(document(`[{"op":"test","path":"/status","value":"Active"},{"op":"replace","path":"/status","value":"New"}]`), &limits)
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
