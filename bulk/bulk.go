// Package bulk is the format in which customers come in and go out by the million: a line
// of JSON each, with everything that belongs to the customer (docs/load.md). What may
// stand in a line is planned once, by reflection over the types that are kept, so there is
// no second list of fields: the reader, the writer, the JSON Schema and the tables of the
// documentation all go by the same plan. It writes nothing to a store.
package bulk

import (
	"rator/billing/ledger"
	"rator/customer"
	"rator/customer/number"
	"rator/store"
	"rator/tmf/resource"
)

// Customer is one line. Its lists are oldest first. Ids below 0 are stand-ins for ids that
// Number gives.
type Customer struct {
	customer.Whole
	ledger.Books
	Returned     []*number.Returned    // numbers that it gave back and that wait in quarantine
	Reservations []*number.Reservation // of its numbers
	Erasures     []*customer.Erasure   // what was erased of it
	Resources    resource.Written      // what TM Forum clients wrote beside it

	names names
}

// lineFormat is what the member "format" of a line says, which is its first one.
const lineFormat = formatName + "/1"

const (
	formatName    = "rator-customer"
	formatVersion = 1
)

// historyName is a member of a line that is left aside when it is read: what happened to
// the customer, which an export of one has.
const historyName = "history"

// Mistake is one thing that is wrong with a line.
type Mistake struct {
	Path string // as users[1].birthday; "" = the line itself
	Text string // what is wrong, and the mend
}

func (m Mistake) String() string {
	if m.Path == "" {
		return m.Text
	}
	return m.Path + ": " + m.Text
}

// names are the ids of a line that are to be given: stand-in -1 is the first of them.
type names struct {
	all  []name
	byID map[string]store.ID // the stand-ins, by what the line calls them
}

// name is what a line calls an id.
type name struct {
	text     string // "#line", or an id of another system; "" = nothing
	declared bool   // it is the id of something
	first    string // path of the first place that names it
	given    store.ID
}

// standIn is the stand-in for a name; "" is always a new one.
func (n *names) standIn(text string) (store.ID, *name) {
	if id, ok := n.byID[text]; ok {
		return id, &n.all[-id-1]
	}
	n.all = append(n.all, name{text: text})
	id := -store.ID(len(n.all))
	if text != "" {
		if n.byID == nil {
			n.byID = map[string]store.ID{}
		}
		n.byID[text] = id
	}
	return id, &n.all[-id-1]
}
