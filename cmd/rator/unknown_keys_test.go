package main

import (
	"strings"
	"testing"

	"rator/server"
	"rator/server/servertest"
)

// TestUnknownKeys: a key that the contract does not declare is told, with the one that
// may be meant, by rator call, and by rator run where it is written out, before
// anything is called, and where it comes from rows, once.
func TestUnknownKeys(t *testing.T) {
	r := newRunner(t)
	asked := r.behind(t, nil)
	o := rator(t, "", "call", "SOAP_UPDATE_USER", "USER.ID=1", "USER.PHONE_1=5550100", "--url", r.url, "--operator", server.DemoOperator, "--password", server.DemoPassword)
	if o.err != "rator: warning: SOAP_UPDATE_USER has no key USER/PHONE_1 (did you mean PHONE1?)\n" || len(asked()) != 1 {
		t.Errorf("%+v, %d calls", o, len(asked()))
	}
	servertest.Write(t, ".", "phone.star", "def run(p):\n    fail(\"NONE\")\n    api.SOAP_UPDATE_USER(USER = {\"ID\": p.ID, \"PHONE_1\": \"5550100\"})\n")
	if o := r.run(t.Context(), "phone.star"); o.code != exitFailed || !strings.HasPrefix(o.err, "rator: warning: phone.star:3:46: api.SOAP_UPDATE_USER: USER has no key PHONE_1 (did you mean PHONE1?)\n") || len(asked()) != 1 {
		t.Errorf("%+v", o)
	}
	people(t, 3, 0)
	servertest.Write(t, ".", "people.csv", strings.Replace(servertest.Read(t, "people.csv"), "USER.CITY", "USER.CITTY", 1))
	o = r.run(t.Context(), peopleRun+"--jobs 2")
	if want := "rator: warning: api.SOAP_SIGNUP_CUSTOMER has no key USER/CITTY (did you mean CITY?)\n"; strings.Count(o.err, want) != 1 {
		t.Errorf("%+v", o)
	}
}
