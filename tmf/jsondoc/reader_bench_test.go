package jsondoc_test

import (
	"testing"

	"rator/tmf/jsondoc"
)

const benchDocument = `{"name":"Customer","status":"Active","customerRank":"3","validFor":{"startDateTime":"2013-06-19T04:00:00.0Z"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}},{"type":"TelephoneNumber","medium":{"type":"mobile","number":"+436641234567"}}],"customerAccount":[{"id":"1"},{"id":"2"}],"customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{},"creditScore":70}]}`

func BenchmarkRead(b *testing.B) {
	limits := jsondoc.DefaultLimits()
	b.SetBytes(int64(len(benchDocument)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jsondoc.Read(benchDocument, &limits); err != nil {
			b.Fatal(err)
		}
	}
}
