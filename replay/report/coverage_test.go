package report_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/replay/report"
	"rator/soap"
	"rator/workflow"
	"rator/workflow/value"
)

// TestCoverage counts by hand: of SOAP_PAY the call, 1 of 3 keys sent, both keys
// answered, 1 of 2 errors met; of SOAP_EMPTY nothing; of CONTEXT 1 of 7.
func TestCoverage(t *testing.T) {
	c := report.NewCoverage(contracts(t))
	if r := c.Report(); r != nil {
		t.Errorf("says something before anything was played: %v", r)
	}
	c.Observe("getPrice", []byte("<getPrice/>"), []byte("<price/>"))
	c.Observe("INSIDE", request("INSIDE", value.OfString("A", "1")), answer())
	if r := c.Report(); r != nil {
		t.Errorf("says something of foreign XML: %v", r)
	}
	observe(c)
	want := &report.CoverageReport{
		Total:   report.Share{Used: 6, Of: 16},
		Percent: 37.5,
		Context: report.Share{Used: 1, Of: 7, Unused: []string{"CONTEXT/LANGUAGE", "CONTEXT/PASSWORD", "CONTEXT/BRAND_KEY", "CONTEXT/BRAND_ID", "CONTEXT/REQUEST_ID", "CONTEXT/TRACE"}},
		Hookpoints: []report.HookpointCoverage{
			{Hookpoint: "SOAP_EMPTY"},
			{
				Hookpoint: "SOAP_PAY", Called: true, Percent: 62.5,
				Sent:     report.Share{Used: 1, Of: 3, Unused: []string{"INVOICE/AMOUNT", "FREE"}},
				Answered: report.Share{Used: 2, Of: 2},
				Errors:   report.Share{Used: 1, Of: 2, Unused: []string{"NOT_YOURS"}},
			},
		},
	}
	if diff := cmp.Diff(want, c.Report()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCoverageOfTyped reads a request and an answer of the typed form.
func TestCoverageOfTyped(t *testing.T) {
	c := report.NewCoverage(contracts(t))
	sent := `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:SOAP_PAY xmlns:n="http://soap.CDRator.com/">
		<INVOICE><ID>1</ID><AMOUNT>2.5</AMOUNT></INVOICE></n:SOAP_PAY></S:Body></S:Envelope>`
	got := soap.AppendTypedAnswer(nil, soap.Version11, "SOAP_PAY", &workflow.Result{
		ErrorCode: 10105, Values: value.Tree{value.Of("LINES", value.OfString("TEXT", "a"))},
	})
	c.Observe("SOAP_PAY", []byte(sent), got)
	pay := c.Report().Hookpoints[1]
	want := report.HookpointCoverage{
		Hookpoint: "SOAP_PAY", Called: true, Percent: 62.5,
		Sent:     report.Share{Used: 2, Of: 3, Unused: []string{"FREE"}},
		Answered: report.Share{Used: 1, Of: 2, Unused: []string{"STATUS"}},
		Errors:   report.Share{Used: 1, Of: 2, Unused: []string{"ALREADY_PAID"}},
	}
	if diff := cmp.Diff(want, pay); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCoverageFromMany: observers of scenarios that play side by side.
func TestCoverageFromMany(t *testing.T) {
	c := report.NewCoverage(contracts(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				observe(c)
				c.Report()
			}
		})
	}
	wg.Wait()
	if got := c.Report().Percent; got != 37.5 {
		t.Errorf("%v %%, want 37.5 %%", got)
	}
}

// TestShareIsCut: only what was used whole is 100 %.
func TestShareIsCut(t *testing.T) {
	for _, tt := range []struct {
		share report.Share
		want  float64
	}{
		{report.Share{Used: 1999, Of: 2000}, 99.9},
		{report.Share{Used: 2000, Of: 2000}, 100},
		{report.Share{Used: 1, Of: 3}, 33.3},
		{report.Share{}, 100},
	} {
		if got := tt.share.Percent(); got != tt.want {
			t.Errorf("%+v is %v %%, want %v %%", tt.share, got, tt.want)
		}
	}
}
