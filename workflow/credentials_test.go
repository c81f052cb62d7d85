package workflow_test

import (
	"testing"

	"rator/failure"
	"rator/workflow"
	"rator/workflow/value"
)

// TestMissingCredentialsAreNamed: who leaves something out is told what and where it
// belongs, in his language, and the same whether the operator exists.
func TestMissingCredentialsAreNamed(t *testing.T) {
	h := newHouse(t, trials)
	about := func(entries ...value.Entry) value.Tree { return tree(value.Of("CONTEXT", entries...)) }
	const places = "; put OPERATOR, PASSWORD and BRAND_KEY into the complex value CONTEXT, or name the operator by HTTP Basic or a UsernameToken of WS-Security"
	for name, c := range map[string]struct {
		values  value.Tree
		carried *workflow.Credentials
		says    string
	}{
		"no CONTEXT":       {nil, nil, "no operator is given: the request has no CONTEXT" + places},
		"CONTEXT a scalar": {tree(text("CONTEXT", "root")), nil, "no operator is given: CONTEXT is no complex value" + places},
		"no OPERATOR":      {about(text("PASSWORD", "secret")), nil, "no operator is given: CONTEXT has no OPERATOR" + places},
		"in Danish":        {about(text("LANGUAGE", "DK")), nil, "ingen operatør er angivet: CONTEXT has no OPERATOR" + places},
		"no PASSWORD":      {about(text("OPERATOR", "root")), nil, "no password is given: CONTEXT has an OPERATOR and no PASSWORD" + places},
		"of nobody":        {about(text("OPERATOR", "nobody")), nil, "no password is given: CONTEXT has an OPERATOR and no PASSWORD" + places},
		"carried, no name": {about(text("OPERATOR", "root"), text("PASSWORD", "secret")), &workflow.Credentials{Hint: "there"}, "no operator is given: there"},
		"wrong":            {about(text("OPERATOR", "root"), text("PASSWORD", "wrong")), nil, "operator or password is wrong"},
		"wrong, of nobody": {about(text("OPERATOR", "nobody"), text("PASSWORD", "wrong")), nil, "operator or password is wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.call(t, workflow.Request{Hookpoint: "T_ECHO", Values: c.values, Credentials: c.carried})
			if r.ErrorCode != failure.NotAuthenticated.Number || r.ErrorMessage != c.says {
				t.Errorf("%d %q, want %q", r.ErrorCode, r.ErrorMessage, c.says)
			}
		})
	}
}
