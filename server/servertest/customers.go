package servertest

import (
	"rator/server"
	"rator/workflow/value"
)

// AnotherCustomer is DemoCustomer with a login of its own.
func AnotherCustomer(username string) value.Tree {
	c := server.DemoCustomer()
	for i := range c {
		if c[i].Key != "USER" {
			continue
		}
		for j := range c[i].Items {
			if c[i].Items[j].Key == "USERNAME" {
				c[i].Items[j].Text = username
			}
		}
	}
	return c
}

// SignUpValues are those of a sign-up without CONTEXT.
func SignUpValues(username string) value.Tree {
	values := AnotherCustomer(username)
	return values[:len(values)-1]
}
