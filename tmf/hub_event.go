package tmf

import (
	"encoding/json"
	"fmt"
	"slices"

	"rator/customer"
	"rator/store"
)

// Resources change by SOAP, by this face, or by a billing run. Whoever it is,
// NoteChanges hears of it. When there are hubs, it adds what that did to the
// documents of resources, which is what listeners are told.

// The topics of this face's events. Their bodies have RESOURCE, ID, BRAND, and ACCOUNT,
// where it is of a customer. That of resourceChanged has also WHAT, the text of a
// store.Change; with an
// update also FIELDS, the names of the attributes that changed in each dialect. That
// of resourceDeleted has ENDED: the id of the record of kind ended that has the last
// document in each dialect.
const (
	resourceChanged = "tmf.changed"
	resourceDeleted = "tmf.deleted"
)

// noteOverlay is what overlays are watched by: what was written over an object is a
// change of it, noted once with what the business itself notes.
func noteOverlay(tx store.Tx, o *overlay, _ store.Change) error {
	switch {
	case o.Account == 0:
		return nil // NoteChanges sees it
	case o.Resource == "customerAccount":
		return customer.NoteBillingGroup(tx, o.Object, o.Account)
	}
	return customer.NoteCustomer(tx, o.Account, store.Updated)
}

// resourceChange is what a transaction did to a resource of this face.
type resourceChange struct {
	resource, id string
	brand        string   // key
	account      store.ID // of its customer, where there is one
	what         store.Change
	fields       map[string][]string // attributes that an update changed, by dialect
	documents    map[string]Value    // of a deleted one, by dialect
}

// differences are what two looks at the same subjects do not have in common.
func differences(brand string, before, after *scene) []resourceChange {
	var all []resourceChange
	for i, s := range after.order {
		c := resourceChange{resource: s.resource, id: s.id, brand: brand, account: after.accounts[i]}
		was, found := before.shown[s]
		if !found {
			all = append(all, c) // created
			continue
		}
		c.what, c.fields = store.Updated, map[string][]string{}
		for dialect, doc := range after.shown[s] {
			if fields := changedFields(was[dialect], doc); len(fields) > 0 {
				c.fields[dialect] = fields
			}
		}
		if len(c.fields) > 0 {
			all = append(all, c)
		}
	}
	for i, s := range before.order {
		if _, found := after.shown[s]; !found {
			all = append(all, resourceChange{resource: s.resource, id: s.id, brand: brand, account: before.accounts[i], what: store.Deleted, documents: before.shown[s]})
		}
	}
	return all
}

// changedFields are the attributes that are not as they were, in the order of the
// document, and then those that are gone.
func changedFields(was, is Value) []string {
	var names []string
	for _, m := range is.members {
		if old := was.member(m.Name); old == nil || !old.identical(m.Value) {
			names = append(names, m.Name)
		}
	}
	for _, m := range was.members {
		if is.index(m.Name) < 0 {
			names = append(names, m.Name)
		}
	}
	return names
}

func (c *resourceChange) emit(tx store.Tx) error {
	members := []Member{{"RESOURCE", Text(c.resource)}, {"ID", Text(c.id)}, {"BRAND", Text(c.brand)}}
	if c.account != 0 {
		members = append(members, Member{"ACCOUNT", Text(c.account.String())})
	}
	if c.what == store.Deleted {
		shown, err := shownOfEnded(tx)
		if err != nil {
			return err
		}
		end := &ended{Account: c.account, Documents: byDialect(c.documents, shown).String()}
		if err := endings.Insert(tx, end); err != nil {
			return err
		}
		return tx.Emit(store.Event{Topic: resourceDeleted, Brand: c.brand, Account: c.account, Body: ObjectOf(append(members, Member{"ENDED", Text(end.ID.String())})...).Append(nil)})
	}
	members = append(members, Member{"WHAT", Text(c.what.String())})
	if c.what == store.Updated {
		members = append(members, Member{"FIELDS", byDialect(c.fields, func(names []string) Value { return ArrayOf(textNodes(names)...) })})
	}
	return tx.Emit(store.Event{Topic: resourceChanged, Brand: c.brand, Account: c.account, Body: ObjectOf(members...).Append(nil)})
}

func byDialect[T any](all map[string]T, value func(T) Value) Value {
	var members []Member
	for _, d := range Dialects {
		if x, found := all[d.Name]; found {
			members = append(members, Member{d.Name, value(x)})
		}
	}
	return ObjectOf(members...)
}

// brokenEvent is an event that cannot be read, now or later.
type brokenEvent struct {
	cursor int64
	cause  error
}

func (e *brokenEvent) Error() string { return fmt.Sprintf("event %d: %v", e.cursor, e.cause) }

// changeOf reads an event; nil when it is about something else. What an ended
// resource was is nothing when it was forgotten.
func changeOf(tx store.Tx, e store.Event) (*resourceChange, error) {
	if e.Topic != resourceChanged && e.Topic != resourceDeleted {
		return nil, nil
	}
	var body struct {
		Resource string              `json:"RESOURCE"`
		ID       string              `json:"ID"`
		Brand    string              `json:"BRAND"`
		Account  store.ID            `json:"ACCOUNT"`
		What     string              `json:"WHAT"`
		Fields   map[string][]string `json:"FIELDS"`
		Ended    string              `json:"ENDED"`
	}
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return nil, &brokenEvent{e.Cursor, err}
	}
	c := &resourceChange{resource: body.Resource, id: body.ID, brand: body.Brand, account: body.Account, what: store.Updated, fields: body.Fields}
	if body.What == store.Created.String() {
		c.what = store.Created
	}
	if e.Topic == resourceChanged {
		return c, nil
	}
	c.what, c.documents = store.Deleted, map[string]Value{}
	id, err := store.ParseID(body.Ended)
	if err != nil {
		return nil, &brokenEvent{e.Cursor, err}
	}
	end, err := endings.Get(tx, id)
	if isAbsent(err) {
		return c, nil
	}
	if err != nil {
		return nil, &brokenEvent{e.Cursor, err}
	}
	documents, err := readKept(end.Documents)
	if err != nil {
		return nil, &brokenEvent{e.Cursor, err}
	}
	for _, m := range documents.members {
		c.documents[m.Name] = m.Value
	}
	return c, nil
}

// named is the name of a change in a dialect; "" when it shows nothing of it.
func (c *resourceChange) named(d *Dialect, r *Resource) string {
	switch {
	case c.what == store.Created:
		return r.Events.Create
	case c.what == store.Deleted:
		return r.Events.Delete
	case len(c.fields[d.Name]) == 0:
		return ""
	case slices.Contains(c.fields[d.Name], "status"):
		return r.Events.State
	}
	return r.Events.Update
}
