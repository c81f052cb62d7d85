package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/soap"
)

// TestDryRunCommand: rator call says that it was a dry run, and takes no server's word
// for one that does not know what that is.
func TestDryRunCommand(t *testing.T) {
	s := servertest.New(t)
	before := s.Contents(t)
	args := func(endpoint string, more ...string) []string {
		return append([]string{"call", "SOAP_SIGNUP_CUSTOMER", "ACCOUNT_TYPE=0", "PRODUCT_CODE=POST_PAID", "USER.FIRST_NAME=Bo", "USER.LAST_NAME=Ek", "USER.EMAIL=bo@example.com", "USER.USERNAME=bo.ek",
			"USER.STREET=Algade", "USER.ZIP=5000", "USER.CITY=Odense", "--dry-run", "--operator", server.DemoOperator, "--password", server.DemoPassword, "--brand", server.DemoBrand, "--endpoint", endpoint}, more...)
	}
	for _, more := range [][]string{nil, {"--soap12"}, {"--json"}} {
		if o := rator(t, "", args(s.Endpoint, more...)...); o.code != exitOK || !strings.Contains(o.out, "CUSTOMER_NUMBER") || o.err != "rator: this was a dry run: nothing of it is left\n" {
			t.Errorf("%v: %+v", more, o)
		}
	}
	s.SameContents(t, before, "rator call --dry-run")

	for name, c := range map[string]struct {
		status int
		body   string
		says   string
	}{
		"refuses what it does not understand": {500, string(soap.AppendFault(nil, soap.Version11, &soap.Fault{Code: soap.FaultMustUnderstand, Text: "MustUnderstand headers:[{urn:rator}DryRun] are not understood"})),
			"rator: the server knows no dry runs, and did nothing: update it, or call without --dry-run\n"},
		"reads over it": {200, `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/">` +
			`<return><errorCode>0</errorCode><errorMessage/><status>0</status></return></n:executeMethodResponse></S:Body></S:Envelope>`, "rator: " + soap.ErrNotDry.Error() + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			old := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/xml; charset=utf-8")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer old.Close()
			if o := rator(t, "", args(old.URL)...); o.code != exitFailed || o.err != c.says || o.out != "" {
				t.Errorf("%+v", o)
			}
		})
	}
}
