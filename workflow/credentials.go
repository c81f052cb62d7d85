package workflow

import "rator/workflow/value"

// credentialsOf are those of a request's CONTEXT, which nil says is missing.
func credentialsOf(about *value.Entry) Credentials {
	const places = "put OPERATOR, PASSWORD and BRAND_KEY into the complex value CONTEXT, or name the operator by HTTP Basic or a UsernameToken of WS-Security"
	if about == nil {
		return Credentials{Hint: "the request has no CONTEXT; " + places}
	}
	c := Credentials{Operator: about.Items.Text("OPERATOR"), Password: about.Items.Text("PASSWORD")}
	switch {
	case about.Text != "":
		c.Hint = "CONTEXT is no complex value; " + places
	case c.Operator == "":
		c.Hint = "CONTEXT has no OPERATOR; " + places
	default:
		c.Hint = "CONTEXT has an OPERATOR and no PASSWORD; " + places
	}
	return c
}
