package main

import (
	"strings"
	"testing"

	"rator/failure"
	"rator/server/servertest"
)

// TestRetryOfWhatStands: a correction of what an earlier try of the row has done is not
// done beside it; what the row does no more is told.
func TestRetryOfWhatStands(t *testing.T) {
	r := newRunner(t)
	servertest.Write(t, ".", "chain.star", `def run(p):
    if p.FIRST == "yes":
        api.SOAP_SIGNUP_CUSTOMER(ACCOUNT_TYPE = "0", PRODUCT_CODE = "POST_PAID", USER = {"FIRST_NAME": "P", "LAST_NAME": p.NAME, "CITY": "Odense", "ZIP": "5000", "EMAIL": "p@example.com", "USERNAME": p.USERNAME})
    api.SOAP_GET_WEB_USER_PROFILE_INTERNAL(CUSTOMER_NUMBER = p.NUMBER)
    return {}
`)
	row := func(values string) { servertest.Write(t, ".", "lines.csv", "FIRST,NAME,USERNAME,NUMBER\n"+values+"\n") }
	row("yes,Ek,ek,no-such")
	if o := r.run(t.Context(), linesRun); o.code != exitFailed || r.customers(t) != 1 {
		t.Fatalf("%+v, %d customers", o, r.customers(t))
	}
	row("yes,Eek,eek,100001")
	o := r.run(t.Context(), linesRun+"--retry-failed")
	if o.code != exitFailed || r.customers(t) != 1 || !strings.Contains(o.err, "an earlier try of the row did SOAP_SIGNUP_CUSTOMER with other values (request id ") {
		t.Errorf("%+v, %d customers", o, r.customers(t))
	}
	if one := lastOf(t, "lines.csv.results.jsonl")[1]; one.Error == nil || one.Error.Code != failure.RequestIDReused.Name || len(one.Made) != 1 {
		t.Errorf("%+v", one)
	}
	row("no,Ek,ek,100001")
	o = r.run(t.Context(), linesRun+"--retry-failed")
	if o.code != exitOK || !strings.Contains(o.err, "row 1: an earlier try did SOAP_SIGNUP_CUSTOMER (request id ") || !strings.Contains(o.err, "which the row does not do now") {
		t.Errorf("%+v", o)
	}
}
