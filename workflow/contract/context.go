package contract

import (
	"rator/card"
	"rator/workflow/value"
)

// ContextKey is the key of the complex value that travels with every request.
const ContextKey = "CONTEXT"

// Context is the contract of CONTEXT, implied in every request
// (rator-api.md 1.4). Nothing in it is mandatory here: who is asking may come
// from the transport, and language and brand have defaults.
var Context = []*Value{
	{Key: "LANGUAGE", Type: value.String, Desc: "two capitals; language of error messages"},
	{Key: "OPERATOR", Type: value.String, Desc: "name of the operator (API user)"},
	{Key: "PASSWORD", Type: value.String, Secret: Masked, Cards: card.Identifier, Desc: "password of the operator"},
	{Key: "BRAND_KEY", Type: value.String, Desc: "key of the brand"},
	{Key: "BRAND_ID", Type: value.String, Desc: "id of the brand, where no key is given"},
	{Key: "REQUEST_ID", Type: value.String, Cards: card.Reference, Desc: "a repeated call with the same id gets the first one's answer"},
	{Key: "TRACE", Type: value.Boolean, Desc: "true asks for the trace of the workflow"},
}

var contextValue = &Value{Key: ContextKey, Type: value.Complex, Values: Context}
