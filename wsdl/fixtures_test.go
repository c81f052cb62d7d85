package wsdl_test

import (
	"regexp"

	"rator/event"
	"rator/workflow/contract"
	"rator/workflow/value"
)

func anchored(pattern string) *regexp.Regexp { return regexp.MustCompile(`\A(?:` + pattern + `)\z`) }

func complexValue(key string, vs ...*contract.Value) *contract.Value {
	return &contract.Value{Key: key, Type: value.Complex, Values: vs}
}

func text(key string) *contract.Value { return &contract.Value{Key: key, Type: value.String} }

// signup has nested lists, as a sign-up has (rator-api.md 3.1 and 3.3).
func signup() *contract.Contract {
	services := complexValue("SIGNUP_SERVICES", complexValue("CDMA_SERVICE",
		complexValue("PRODUCT_OPTION_IDS", &contract.Value{Key: "PRODUCT_OPTION_ID", Type: value.String, List: true, Pattern: anchored(`[0-9]{18}`)}),
		&contract.Value{Key: "ORDER_ID", Type: value.String, Mandatory: true, MaxLen: 40}))
	services.Values[0].List = true
	user := complexValue("USER",
		&contract.Value{Key: "FIRST_NAME", Type: value.String, Mandatory: true, MaxLen: 100},
		&contract.Value{Key: "EMAIL", Type: value.String, Mandatory: true, Pattern: anchored(`[^@\s]+@[^@\s]+`), MaxLen: 254},
		&contract.Value{Key: "BIRTHDAY", Type: value.Date},
		&contract.Value{Key: "CREDIT_LIMIT", Type: value.Long},
		&contract.Value{Key: "PASSWORD", Type: value.String, Secret: contract.Password, MaxLen: 200, Desc: "kept as a hash, never answered"})
	user.Mandatory, user.Desc = true, "the owner"
	group := complexValue("BILLING_GROUP", text("ID"), text("NAME"), &contract.Value{Key: "BALANCE", Type: value.Double, Desc: "negative = the customer owes"})
	group.List = true
	return &contract.Contract{
		Hookpoint: "SOAP_SIGNUP_CUSTOMER", Area: "Customer",
		Desc: "Create a customer: account, owner & first billing group.",
		Request: []*contract.Value{
			{Key: "ACCOUNT_TYPE", Type: value.String, Mandatory: true, Enum: []string{"0", "1"}, Desc: "0 private, 1 company"},
			{Key: "PRODUCT_CODE", Type: value.String, Mandatory: true, MaxLen: 60},
			user, services,
		},
		Response: []*contract.Value{complexValue("ACCOUNT", text("ID"), text("CUSTOMER_NUMBER"), complexValue("BILLING_GROUPS", group))},
		Errors: []contract.Failure{
			{Name: "EXAMPLE_TAKEN", Number: 10001, Text: map[string]string{"EN": "the <name> is taken"}, Desc: "USER/USERNAME"},
			{Name: "NOT_ALLOWED", Desc: "another brand"},
			{Name: "KNOWN_NOWHERE"},
		},
	}
}

// everyType has every type letter, every rule, an open complex value, keys that
// Java takes for one, and a CONTEXT of its own as Rator's files have.
func everyType() *contract.Contract {
	return &contract.Contract{
		Hookpoint: "SOAP_EVERY_TYPE", Area: "Test",
		Request: []*contract.Value{
			{Key: "TEXT", Type: value.String, HasDef: true, Default: `a "quoted" <text>`, Desc: "any text", Since: "1.1"},
			{Key: "CHOICE", Type: value.String, Enum: []string{"POST_PAID", "PRE_PAID & CARD"}},
			{Key: "STEP", Type: value.Long, Enum: []string{"10", "20"}},
			{Key: "RATIO", Type: value.Double, Enum: []string{"0.5", "1.5"}, List: true},
			{Key: "AGREED", Type: value.Boolean, Enum: []string{"true"}, Mandatory: true},
			{Key: "WHEN", Type: value.Date, Mandatory: true},
			{Key: "COUNT", Type: value.Long, List: true, Pattern: anchored(`[1-9][0-9]{2}`)},
			{Key: "PIN", Type: value.String, Secret: contract.Masked, MaxLen: 4, Pattern: anchored(`[0-9]{4}`)},
			{Key: "SHORT", Type: value.String, MaxLen: 3},
			complexValue("OPEN"),
			complexValue("A", complexValue("B_C", text("X"))),
			complexValue("A_B", complexValue("C", text("Y"))),
			complexValue("CONTEXT", &contract.Value{Key: "OPERATOR", Type: value.String, Mandatory: true, Pattern: anchored(`[a-z]{2,10}`)}, text("TILL")),
		},
		Response: []*contract.Value{
			{Key: "TEXT", Type: value.String, Mandatory: true}, {Key: "STEP", Type: value.Long}, {Key: "RATIO", Type: value.Double},
			{Key: "AGREED", Type: value.Boolean}, {Key: "WHEN", Type: value.Date}, {Key: "CHOICE", Type: value.String, Enum: []string{"X"}},
			{Key: "STATUS", Type: value.String, Desc: "declared again"},
			complexValue("LINES", &contract.Value{Key: "LINE", Type: value.Complex, List: true, Values: []*contract.Value{{Key: "AMOUNT", Type: value.Double}}}),
			complexValue("OPEN"),
		},
	}
}

// topics are a server's own: one of them holds a secret.
func topics() []*event.Topic {
	return []*event.Topic{
		{Name: "line.blocked", When: "a line was blocked & why", Subject: "LINE_ID", Keys: []event.Key{
			{Name: "LINE_ID", Type: event.OfID, Desc: "The line."}, {Name: "SINCE", Type: event.OfDate, Desc: "From when on."}}},
		{Name: "user.token", When: "somebody is to be sent a token", Subject: "USER_ID", Keys: []event.Key{
			{Name: "USER_ID", Type: event.OfID, Desc: "The user."}, {Name: "TOKEN", Type: event.OfText, Desc: "It.", Secret: true}}},
	}
}

// bareCall has nothing of its own in either direction.
func bareCall() *contract.Contract { return &contract.Contract{Hookpoint: "SOAP_BARE"} }

// internal is not for clients.
func internal() *contract.Contract {
	return &contract.Contract{Hookpoint: "SUB_CAN_TERMINATE", Internal: true, Area: "Customer", Events: []*contract.Event{
		{Name: "site.suspended", Desc: "a customer was <suspended> for fraud", Values: []*contract.Value{
			{Key: "ACCOUNT_ID", Type: value.String, Mandatory: true, MaxLen: 18, Desc: "whose it is"},
			{Key: "SCORE", Type: value.Long, List: true},
			complexValue("CASE", text("NAME")),
		}},
		{Name: "site.bare"},
	}}
}

// dynamic has a key that cannot name an element.
func dynamic() *contract.Contract {
	return &contract.Contract{Hookpoint: "PRODUCT_OPTION_SUBSCRIBE@PLAN_A", Area: "Customer"}
}

func shown() []*contract.Contract { return []*contract.Contract{signup(), everyType(), bareCall()} }
