package query

import (
	"testing"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// customer is the 2014 dialect's.
var customer = dialect.V2014.Resource("customer").Shape

// FuzzParse: a query that is understood is printed as one that is
// understood the same, and asks any document without a panic.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"status=Active&status=New", "status=Active,New", "status=Active;New", "status=Active;name=x&customerRank=3", "status.gte=A;.b",
		"validFor.startDateTime%3E2013-01-01&validFor.startDateTime%3C%3D2014", "name%3D~%5EA.*", "name.regex=a{1,3}", "name=%22a,b%22,c",
		"fields=name,%20customerAccount.id&:fields=none", "sort=+name,-status", "offset=2&limit=1", "contactMedium.medium.number=%2B436641234567",
		"name%3D%3Dx", "=", ";", "&&", "%", "name=%zz", "name=\"", "name=\",\"", "a%3E", "name=;;", "customerCreditProfile.creditScore.gt=1e3",
	} {
		f.Add(seed)
	}
	doc := document(`{"id":"c1","href":"http://tmf.example/customerManagement/customer/c1","status":"Created","name":"A","contactMedium":[{"preferred":false,"type":"Email","medium":{"emailAddress":"x"}},null,3],"validFor":{"startDateTime":"2013-04-19T16:42:23.0Z"},"customerCreditProfile":[{"creditScore":"5"}]}`)
	f.Fuzz(func(t *testing.T, raw string) {
		q, err := Parse(raw, customer, []string{"id"}, time.UTC)
		if err != nil {
			if _, known := err.(*problem.Error); !known {
				t.Fatalf("%q: %T %v", raw, err, err)
			}
			return
		}
		printed := q.String()
		again, err := Parse(printed, customer, []string{"id"}, time.UTC)
		if err != nil || again.String() != printed {
			t.Fatalf("%q is printed as %q, that as %v: %v", raw, printed, again, err)
		}
		if q.Filter.Match(doc) != again.Filter.Match(doc) || !q.Selection.Apply(doc).Identical(again.Selection.Apply(doc)) {
			t.Fatalf("%q and %q ask for different things", raw, printed)
		}
		for i := range q.Sort {
			if q.Sort[i].Compare(q.Sort[i].RankOf(doc), again.Sort[i].RankOf(doc)) != 0 {
				t.Fatalf("%q and %q sort differently", raw, printed)
			}
		}
	})
}

// document reads one of a test.
func document(text string) jsondoc.Value {
	v, err := jsondoc.ReadKept(text)
	if err != nil {
		panic(err)
	}
	return v
}
