package main

import (
	"strings"
	"testing"
)

// TestUnsaidCredentials: a command that is refused because it says not who asks
// names the flags and the variables that say it; the server's own words stay.
func TestUnsaidCredentials(t *testing.T) {
	r := newRunner(t)
	chain := []string{"run", "chain.star", "--set", "PRODUCT_CODE=POST_PAID", "--endpoint", r.url}
	call := []string{"call", "--url", r.url, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", "CUSTOMER_NUMBER=1"}
	const operator, password = "--operator or RATOR_OPERATOR", "--password or RATOR_PASSWORD"
	for _, c := range []struct {
		name       string
		args       []string
		says       string
		hint, none []string
	}{
		{"call, no operator", call, "error 2: no operator is given: CONTEXT has no OPERATOR;", []string{operator, password}, nil},
		{"call, no password", append(call, "--operator", "demo"), "error 2: no password is given: ", []string{password}, []string{operator}},
		{"call, all in CONTEXT", append(call, "CONTEXT.OPERATOR=demo", "CONTEXT.PASSWORD=wrong"), "error 2: operator or password is wrong", nil, []string{operator, password}},
		{"call, another refusal", append(call, "--operator", "demo", "--password", "demo"), "error 159: ", nil, []string{operator, password}},
		{"run, no operator", chain, "no operator is given: CONTEXT has no OPERATOR;", []string{operator, password}, nil},
		{"run, no password", append(chain, "--operator", "demo"), "no password is given: ", []string{password}, []string{operator}},
		{"run, wrong", append(chain, "--operator", "demo", "--password", "wrong"), "operator or password is wrong", nil, []string{operator, password}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := rator(t, "", c.args...)
			if o.code != exitFailed || !strings.Contains(o.out+o.err, c.says) {
				t.Errorf("%+v, want %q", o, c.says)
			}
			for _, hint := range c.hint {
				if !strings.Contains(o.err, hint) {
					t.Errorf("%q does not name %s", o.err, hint)
				}
			}
			for _, hint := range c.none {
				if strings.Contains(o.out+o.err, hint) {
					t.Errorf("%q names %s, which was given", o.err, hint)
				}
			}
		})
	}
}
