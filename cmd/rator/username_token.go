package main

import (
	"rator/access"
	"rator/store"
)

// What --username-token says.
const (
	strictTokens  = "strict"
	lenientTokens = "lenient"
)

func tokensOf(o *access.Operator) string {
	if o.StrictTokens {
		return strictTokens
	}
	return lenientTokens
}

type operatorUsernameTokenCommand struct {
	storeFlag
	Name string `arg:"" help:"Name of the operator."`
	Says string `arg:"" enum:"strict,lenient" help:"strict or lenient."`
}

func (c *operatorUsernameTokenCommand) Help() string {
	return `strict refuses a WS-Security header whose UsernameToken is old, malformed or used before, or whose
Timestamp has expired; lenient counts it in /metrics and warns once in the log. New operators are
strict, those of a store from before this was checked are lenient.

  rator operator username-token selfcare strict`
}

func (c *operatorUsernameTokenCommand) Run(t *terminal) error {
	return c.with(t, t.out, nil, []string{"operator", "username-token", c.Name, c.Says}, func(st store.Store) error {
		return change(t, st, "now "+c.Says, func(tx store.Tx) error { return access.SetStrictTokens(tx, local, c.Name, c.Says == strictTokens) })
	})
}
