package tmf

import (
	"testing"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

const benchDocument = `{"name":"Customer","status":"Active","customerRank":"3","validFor":{"startDateTime":"2013-06-19T04:00:00.0Z"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}},{"type":"TelephoneNumber","medium":{"type":"mobile","number":"+436641234567"}}],"customerAccount":[{"id":"1"},{"id":"2"}],"customerCreditProfile":[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":{},"creditScore":70}]}`

func BenchmarkShow(b *testing.B) {
	p, item := presenterOf(dialect.V2014.Resource("customer").Shape), resource.Item{ID: "c1", Document: mustRead(benchDocument)}
	b.ReportAllocs()
	for b.Loop() {
		p.Show(item)
	}
}

func presenterOf(s *dialect.Shape) *resource.Presenter {
	return &resource.Presenter{Shape: s, Origin: "http://tmf.example", Base: "/customerManagement", Name: "customer"}
}

func mustRead(text string) jsondoc.Value {
	limits := jsondoc.DefaultLimits()
	v, err := jsondoc.Read(text, &limits)
	if err != nil {
		panic(err)
	}
	return v
}
