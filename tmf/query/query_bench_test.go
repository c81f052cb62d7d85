package query

import (
	"testing"
	"time"
)

// benchDocument is a customer as it is answered.
const benchDocument = `{"id":"c1","href":"http://tmf.example/customerManagement/customer/c1","name":"Customer","status":"Active","customerRank":"3","validFor":{"startDateTime":"2013-06-19T04:00:00.0Z"},"contactMedium":[{"preferred":false,"type":"Email","medium":{"emailAddress":"a@example.org"}},{"preferred":false,"type":"TelephoneNumber","medium":{"type":"mobile","number":"+436641234567"}}],"customerAccount":[{"id":"1","href":"http://tmf.example/customerManagement/customerAccount/1"},{"id":"2","href":"http://tmf.example/customerManagement/customerAccount/2"}],"customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{},"creditScore":70}]}`

// BenchmarkMatch is what a filter costs for one document.
func BenchmarkMatch(b *testing.B) {
	doc := document(benchDocument)
	for name, raw := range map[string]string{
		"equality": "status=active&name=Customer",
		"array":    "contactMedium.medium.number=%2B436641234567",
		"date":     "validFor.startDateTime.gt=2013-01-01",
		"number":   "customerCreditProfile.creditScore.gt=69.5",
		"regex":    "name.regex=%5ECust.*r%24",
	} {
		b.Run(name, func(b *testing.B) {
			q, err := Parse(raw, customer, nil, time.UTC)
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

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("status=Active,New&customerRank.gt=1&fields=name,status&sort=-name&offset=20&limit=20", customer, nil, time.UTC); err != nil {
			b.Fatal(err)
		}
	}
}
