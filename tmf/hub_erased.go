package tmf

import (
	"slices"

	"rator/store"
	"rator/tmf/jsondoc"
)

// Who is erased is erased from changes too that wait to be published, and from notifications
// that wait for a listener. They keep their place, so that it is told of each event, in order.

// bareAttributes are those that say nothing of a person, in any dialect.
var bareAttributes = []string{"id", "href", "status"}

// bare is what of a resource may be told after its person was erased.
func bare(doc jsondoc.Value) jsondoc.Value {
	var kept []jsondoc.Member
	for _, m := range doc.Members() {
		if slices.Contains(bareAttributes, m.Name) {
			kept = append(kept, m)
		}
	}
	return jsondoc.ObjectOf(kept...)
}

// forgetTold empties what waits to be told of the customer, and of no customer, or of one
// that an older version did not keep, what speaks of the person or of what is the
// customer's, and what does not say what it is about.
func (e *erasure) forgetTold() error {
	marks := append(e.user.Marks(), e.account.ID.String())
	for id := range e.groups {
		marks = append(marks, id.String())
	}
	if err := e.forgetChanges(marks); err != nil {
		return err
	}
	return e.forgetNotifications(marks)
}

func (e *erasure) forgetChanges(marks []string) error {
	going, err := collect(keptChanges.All(e.tx, byAccount, e.account.ID.String()))
	if err != nil {
		return err
	}
	for c, err := range keptChanges.All(e.tx, byAccount, unowned) {
		if err != nil {
			return err
		}
		speaks, err := c.mentions(marks)
		if err != nil {
			return err
		}
		if speaks {
			going = append(going, c)
		}
	}
	for _, c := range going {
		if err := c.erase(e.tx); err != nil {
			return err
		}
	}
	return nil
}

func (e *erasure) forgetNotifications(marks []string) error {
	going, err := collect(outbox.All(e.tx, byAccount, e.account.ID.String()))
	if err != nil {
		return err
	}
	for n, err := range outbox.All(e.tx, byAccount, unowned) {
		if err != nil {
			return err
		}
		doc, err := n.document()
		if err != nil {
			return err
		}
		if n.Thing == "" && !says(doc) || mentions(jsondoc.ObjectOf(jsondoc.MemberOf(n.Thing, doc)), marks) {
			going = append(going, n)
		}
	}
	for _, n := range going {
		if err := n.erase(e.tx); err != nil {
			return err
		}
	}
	return nil
}

func (n *notification) document() (jsondoc.Value, error) { return jsondoc.ReadKept(string(n.Body)) }

// says reports whether a notification says which resource it is about.
func says(notification jsondoc.Value) bool {
	event, _ := notification.Get(eventMember)
	return slices.ContainsFunc(event.Members(), func(m jsondoc.Member) bool { return m.Value.Has("id") })
}

// erase leaves what it is about, and what state that was in, as far as the hub's query
// asked for it.
func (n *notification) erase(tx store.Tx) error {
	doc, err := n.document()
	if err != nil {
		return err
	}
	event, _ := doc.Get(eventMember)
	var about []jsondoc.Member
	for _, m := range event.Members() {
		about = append(about, jsondoc.MemberOf(m.Name, bare(m.Value)))
	}
	n.Erased, n.Body = true, doc.Without("fieldPath").With(eventMember, jsondoc.ObjectOf(about...)).Append(nil)
	return outbox.Put(tx, n)
}
