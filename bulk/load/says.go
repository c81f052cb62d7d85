package load

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"rator/bulk"
	"rator/failure"
	"rator/store"
)

// oneOfThem is the mend of what stands twice.
const oneOfThem = "Only one customer can have it: give the other another one, or leave one of the lines out"

// mends say what to do about codes that the rooms refuse a customer with.
var mends = map[string]string{
	"USERNAME_NOT_UNIQUE":           "Another user has it: give another username, or leave it out",
	"CUSTOMER_NUMBER_TAKEN":         "A customer of the store has it: give another number, or leave the line out if it is the same customer",
	"NUMBER_TAKEN":                  "Another line has it: end that first, or correct the number",
	"NUMBER_RESERVED":               "Bring the reservation that holds it along, or release the number first",
	"NUMBER_IN_QUARANTINE":          "It was given back: wait until it is free, or correct the number",
	"INVOICE_NUMBER_TAKEN":          "Another invoice has it: correct the number",
	"UNKNOWN_BRAND":                 "Bring its catalogue in first (rator catalogue import), or correct the brand",
	"NO_SERVICE":                    "Give the subscription a service",
	"INCOMPLETE_CUSTOMER":           "Complete the line, or correct what does not fit",
	"ALREADY_IN_BILLING_GROUP":      "Close one of the memberships",
	"RECHARGE_TICKET_EXISTS":        "Leave one of the tickets out",
	"OPTION_ALREADY_SUBSCRIBED":     "Give one of the two an end",
	"BILLING_GROUP_NAME_NOT_UNIQUE": "Give one of the two another name",
}

const otherwise = "Correct the line"

// fields are the members by which unique values are given.
var fields = map[[2]string]string{
	{"account", "customer_number"}: "customer_number",
	{"user", "username"}:           "username",
	{"billing_group", "name"}:      "name",
	{"service", "number"}:          "msisdn",
	{"invoice", "number"}:          "number",
}

// within are unique values that are made of ids: who has one twice has an id twice, or has
// it twice in a line, which is refused when the line is loaded.
var within = map[[2]string]bool{
	{"billing_group_member", "open"}: true,
	{"billing_group", "name"}:        true,
	{"subscribed_option", "open"}:    true,
	{"ledger", "group"}:              true,
	{"posting", "opening"}:           true,
}

// path is where a value stands in a customer's line.
func (p *place) path(in map[store.ID]string) string {
	field := p.index
	if named, ok := fields[[2]string{p.kind, p.index}]; ok {
		field = named
	}
	return in[p.id] + "." + field
}

// text is the value, as people know it.
func (p *place) text() string {
	if p.index == byID {
		return "the id " + p.id.String()
	}
	const between = "\x1f" // of what store.Compose composes
	return strconv.Quote(p.value[strings.LastIndex(p.value, between)+1:])
}

// mended is a text with the mend of its code.
func mended(text string, code *failure.Code) string {
	mend := otherwise
	if code != nil && mends[code.Name] != "" {
		mend = mends[code.Name]
	}
	return strings.TrimRight(text, ".") + ". " + mend
}

// saidOf is what a room says that refuses a customer; false: it is no fault of the line's.
func saidOf(in map[store.ID]string, err error, failed *place) (bulk.Mistake, bool) {
	var taken *store.TakenError
	code := failure.CodeOf(err)
	switch {
	case failed != nil && failed.index == byID:
		return bulk.Mistake{Path: failed.path(in), Text: failed.text() + " is of a thing in the store. Give it another one, or leave the line out if it is loaded already"}, true
	case failed != nil:
		return bulk.Mistake{Path: failed.path(in), Text: mended(plain(in, err), code)}, true
	case errors.As(err, &taken), code == nil, code.Kind == failure.Internal, code.Kind == failure.Busy:
		return bulk.Mistake{}, false
	}
	m, _ := faultOf(in, err)
	return m, true
}

var anID = regexp.MustCompile(`\b[0-9]{18}\b`)

// faultOf is what is wrong with a customer, at the first of its things that the fault names,
// and which that is.
func faultOf(in map[store.ID]string, fault error) (m bulk.Mistake, about store.ID) {
	m = bulk.Mistake{Text: mended(plain(in, fault), failure.CodeOf(fault))}
	for _, text := range anID.FindAllString(fault.Error(), -1) {
		id, err := store.ParseID(text)
		if path := in[id]; err == nil && path != "" {
			if m.Path == "" || path != accountPath {
				m.Path, about = path, id
			}
			if path != accountPath {
				break
			}
		}
	}
	return m, about
}

const accountPath = "account"

// plain is the text of an error, in which things that have no id yet are named by their path.
func plain(in map[store.ID]string, err error) string {
	return anID.ReplaceAllStringFunc(err.Error(), func(text string) string {
		if id, err := store.ParseID(text); err == nil && id < madeBefore && in[id] != "" {
			return in[id]
		}
		return text
	})
}
