package tmf

import (
	"encoding/json"
	"fmt"

	"rator/customer"
	"rator/store"
)

// Resources change by SOAP, by this face, or by a billing run. Whoever it is, the
// store's events say so: those of the customer room, and here those about what
// only this face has.

// The topics of this face's events. The body of resourceChanged has RESOURCE, ID
// and WHAT, the text of a store.Change; that of resourceDeleted has RESOURCE, ID,
// BRAND and DOCUMENTS: the last document in every dialect that has the resource.
const (
	resourceChanged = "tmf.changed"
	resourceDeleted = "tmf.deleted"
)

// noteOverlay notes what was written over an object as a change of it: once with
// what the business itself notes.
func noteOverlay(tx store.Tx, o *overlay, what store.Change) error {
	if what == store.Deleted {
		return nil // with its object, which says so
	}
	switch {
	case o.Resource == "customer":
		return customer.NoteCustomer(tx, o.Object, store.Updated)
	case o.Resource == "customerAccount" && o.Account != 0:
		return customer.NoteBillingGroup(tx, o.Object, o.Account, store.Updated)
	case o.Object != 0:
		return emitChanged(tx, o.Resource, o.Object, idPrefixes[o.Resource]+o.Object.String(), what)
	}
	return emitChanged(tx, o.Resource, o.ID, idPrefixes[o.Resource]+o.ID.String(), what)
}

// idPrefixes begin the ids of resources (tmf-customer.md 8.2).
var idPrefixes = map[string]string{"customer": "c", "customerAccount": "ca", "paymentMean": "pm"}

// emitChanged tells of a resource that the business has no object for.
func emitChanged(tx store.Tx, resource string, object store.ID, id string, what store.Change) error {
	return tx.EmitOnce(resourceChanged, object, ObjectOf(
		Member{"RESOURCE", Text(resource)}, Member{"ID", Text(id)}, Member{"WHAT", Text(what.String())}).Append(nil))
}

// emitDeleted tells of a resource that is gone for this face; document gives what
// it was in a dialect.
func emitDeleted(tx store.Tx, brand, resource, id string, document func(*Dialect) Value) error {
	var documents []Member
	for _, d := range Dialects {
		if d.Resource(resource) != nil {
			documents = append(documents, Member{d.Name, document(d)})
		}
	}
	return tx.Emit(resourceDeleted, ObjectOf(
		Member{"RESOURCE", Text(resource)}, Member{"ID", Text(id)}, Member{"BRAND", Text(brand)}, Member{"DOCUMENTS", ObjectOf(documents...)}).Append(nil))
}

// resourceChange is what an event means to the resources of this face.
type resourceChange struct {
	resource, id string
	what         store.Change
	// perhaps: the event is not about the resource, but what it is about shows in
	// its document.
	perhaps   bool
	brand     string // of a deleted one
	documents Value  // of a deleted one, by dialect
}

// changesOf reads an event; none when it is about something else.
func changesOf(e store.Event) ([]resourceChange, error) {
	var body struct {
		Account   string          `json:"ACCOUNT_ID"`
		Group     string          `json:"BILLING_GROUP_ID"`
		Resource  string          `json:"RESOURCE"`
		ID        string          `json:"ID"`
		What      string          `json:"WHAT"`
		Brand     string          `json:"BRAND"`
		Documents json.RawMessage `json:"DOCUMENTS"`
	}
	switch e.Topic {
	case customer.CustomerChanged, customer.BillingGroupChanged, resourceChanged, resourceDeleted:
	default:
		return nil, nil
	}
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return nil, fmt.Errorf("event %d: %w", e.Cursor, err)
	}
	what := store.Updated
	if body.What == store.Created.String() {
		what = store.Created
	}
	switch e.Topic {
	case customer.CustomerChanged:
		return []resourceChange{{resource: "customer", id: "c" + body.Account, what: what}}, nil
	case customer.BillingGroupChanged:
		return []resourceChange{
			{resource: "customerAccount", id: "ca" + body.Group, what: what},
			{resource: "paymentMean", id: "pm" + body.Group, what: what},
			{resource: "customer", id: "c" + body.Account, what: store.Updated, perhaps: true},
		}, nil
	case resourceChanged:
		return []resourceChange{{resource: body.Resource, id: body.ID, what: what}}, nil
	}
	documents, err := readKept(string(body.Documents))
	if err != nil {
		return nil, fmt.Errorf("event %d: %w", e.Cursor, err)
	}
	return []resourceChange{{resource: body.Resource, id: body.ID, what: store.Deleted, brand: body.Brand, documents: documents}}, nil
}
