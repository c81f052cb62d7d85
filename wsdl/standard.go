package wsdl

import (
	"slices"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// answered are the entries that stand at the top of every answer, so that it
// has two even when the workflow gives none (rator-api.md 1.9).
var answered = []*contract.Value{
	{Key: "STATUS", Type: value.String, Desc: "how the call ended, as in status"},
	{Key: "REQUEST_ID", Type: value.String, Volatile: true, Desc: "the caller's, or a new one"},
}

// trace ends the answer of a call whose CONTEXT asked for it.
var trace = &contract.Value{Key: "TRACE", Type: value.Complex, Volatile: true, Desc: "what the workflow did, when CONTEXT/TRACE asks for it"}

// requestValues are the contract's, and CONTEXT, which every request carries
// (rator-api.md 1.4). A contract that declares CONTEXT itself, as Rator's own
// do, adds to it or describes it better.
func requestValues(c *contract.Contract) []*contract.Value {
	context := &contract.Value{Key: contract.ContextKey, Type: value.Complex, Desc: "who asks, for which brand, in which language"}
	declared := slices.IndexFunc(c.Request, func(v *contract.Value) bool { return v.Key == contract.ContextKey })
	if declared < 0 {
		context.Values = contract.Context
		return append(slices.Clone(c.Request), context)
	}
	*context = *c.Request[declared]
	context.Values = withMissing(context.Values, contract.Context)
	vs := slices.Clone(c.Request)
	vs[declared] = context
	return vs
}

// responseValues are those of every answer and the contract's.
func responseValues(c *contract.Contract) []*contract.Value {
	var vs []*contract.Value
	for _, v := range answered {
		if declared := contract.Find(c.Response, v.Key); declared != nil {
			v = declared
		}
		vs = append(vs, v)
	}
	return withMissing(vs, c.Response)
}

// withMissing is vs with those of more whose keys vs has not.
func withMissing(vs, more []*contract.Value) []*contract.Value {
	all := slices.Clone(vs)
	for _, v := range more {
		if contract.Find(vs, v.Key) == nil {
			all = append(all, v)
		}
	}
	return all
}
