package tmf

import (
	"testing"
	"time"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// FuzzParseQuery: a query that is understood is printed as one that is
// understood the same, and asks any document without a panic.
func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{
		"status=Active&status=New", "status=Active,New", "status=Active;New", "status=Active;name=x&customerRank=3", "status.gte=A;.b",
		"validFor.startDateTime%3E2013-01-01&validFor.startDateTime%3C%3D2014", "name%3D~%5EA.*", "name.regex=a{1,3}", "name=%22a,b%22,c",
		"fields=name,%20customerAccount.id&:fields=none", "sort=+name,-status", "offset=2&limit=1", "contactMedium.medium.number=%2B436641234567",
		"name%3D%3Dx", "=", ";", "&&", "%", "name=%zz", "name=\"", "name=\",\"", "a%3E", "name=;;", "customerCreditProfile.creditScore.gt=1e3",
	} {
		f.Add(seed)
	}
	doc := presenterOf(customer2014).show(Item{ID: "c1", Version: "1", Document: mustRead(`{"name":"A","contactMedium":[{"type":"Email","medium":{"emailAddress":"x"}},null,3],"validFor":{"startDateTime":"2013-04-19T16:42:23.0Z"},"customerCreditProfile":[{"creditScore":"5"}]}`)})
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := ParseQuery(raw, customer2014, []string{"id"}, time.UTC)
		if err != nil {
			if _, known := err.(*problem.Error); !known {
				t.Fatalf("%q: %T %v", raw, err, err)
			}
			return
		}
		printed := q.String()
		again, err := ParseQuery(printed, customer2014, []string{"id"}, time.UTC)
		if err != nil || again.String() != printed {
			t.Fatalf("%q is printed as %q, that as %v: %v", raw, printed, again, err)
		}
		if q.Filter.Match(doc) != again.Filter.Match(doc) || !q.selection.apply(doc).Identical(again.selection.apply(doc)) {
			t.Fatalf("%q and %q ask for different things", raw, printed)
		}
		for i := range q.sort {
			if q.sort[i].compare(q.sort[i].rankOf(doc), again.sort[i].rankOf(doc)) != 0 {
				t.Fatalf("%q and %q sort differently", raw, printed)
			}
		}
	})
}

// FuzzPatch: no patch, whatever it holds, makes the library panic or a document
// that is not one.
func FuzzPatch(f *testing.F) {
	for _, seed := range []string{
		`[{"op":"add","path":"/contactMedium/-","value":{"type":"Email"}}]`, `[{"op":"remove","path":"/name"}]`,
		`[{"op":"copy","from":"/contactMedium","path":"/x"},{"op":"move","from":"/x/0","path":"/contactMedium/0"}]`,
		`[{"op":"test","path":"","value":{}}]`, `[{"op":"replace","path":"/a~1b~0","value":null}]`, `[{"op":"add","path":"/contactMedium/-1","value":1}]`,
		`{"name":null,"contactMedium":{"a":{"b":null}}}`, `[]`, `[null]`, `{"bankAccount":{"bic":"x"}}`,
	} {
		f.Add(seed)
	}
	limits := jsondoc.DefaultLimits()
	doc := mustRead(`{"name":"A","contactMedium":[{"type":"Email","medium":{"emailAddress":"x","nothing":null}}],"n":1.50}`)
	f.Fuzz(func(t *testing.T, text string) {
		v, err := jsondoc.Read(text, &limits)
		if err != nil {
			return
		}
		if merged := jsondoc.MergePatch(doc, v, customer2014); v.Kind() != jsondoc.Object && !merged.Identical(v) {
			t.Fatalf("%s merged is %s", text, merged)
		}
		p, err := customer2014.ReadPatch(v, &limits)
		if err != nil {
			return
		}
		if changed, err := p.Apply(doc); err == nil {
			if _, err := (acceptance{}).patched(customer2014, doc, changed); err != nil {
				_ = err.Error()
			}
		}
	})
}

func presenterOf(s *Shape) *presenter {
	return &presenter{shape: s, origin: "http://tmf.example", base: "/customerManagement", name: "customer"}
}

func mustRead(text string) jsondoc.Value {
	limits := jsondoc.DefaultLimits()
	v, err := jsondoc.Read(text, &limits)
	if err != nil {
		panic(err)
	}
	return v
}
