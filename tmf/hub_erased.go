package tmf

import (
	"slices"

	"rator/store"
)

// Who is erased is erased from notifications too that wait for a listener. They keep
// their place, so that it is told of each event, in order.

// bareAttributes are those that say nothing of a person, in any dialect.
var bareAttributes = []string{"id", "href", "status"}

// bare is what of a resource may be told after its person was erased.
func bare(doc Value) Value {
	var kept []Member
	for _, m := range doc.members {
		if slices.Contains(bareAttributes, m.Name) {
			kept = append(kept, m)
		}
	}
	return ObjectOf(kept...)
}

// forgetNotifications empties those of the customer, and of those that are of none, or
// of which an older version did not keep it, the ones that speak of the person or of
// what is the customer's, and the ones that do not say what they are about.
func (e *erasure) forgetNotifications() error {
	gone, err := collect(outbox.All(e.tx, byAccount, e.account.ID.String()))
	if err != nil {
		return err
	}
	marks := append(e.user.Marks(), e.account.ID.String())
	for id := range e.groups {
		marks = append(marks, id.String())
	}
	for n, err := range outbox.All(e.tx, byAccount, unowned) {
		if err != nil {
			return err
		}
		doc, err := n.document()
		if err != nil {
			return err
		}
		if n.Thing == "" && !says(doc) || ObjectOf(Member{n.Thing, doc}).mentions(marks) {
			gone = append(gone, n)
		}
	}
	for _, n := range gone {
		if err := n.erase(e.tx); err != nil {
			return err
		}
	}
	return nil
}

func (n *notification) document() (Value, error) { return readKept(string(n.Body)) }

// says reports whether a notification says which resource it is about.
func says(notification Value) bool {
	event, _ := notification.Get(eventMember)
	return slices.ContainsFunc(event.members, func(m Member) bool { return m.Value.index("id") >= 0 })
}

// erase leaves what it is about, and what state that was in, as far as the hub's query
// asked for it.
func (n *notification) erase(tx store.Tx) error {
	doc, err := n.document()
	if err != nil {
		return err
	}
	event, _ := doc.Get(eventMember)
	var about []Member
	for _, m := range event.members {
		about = append(about, Member{m.Name, bare(m.Value)})
	}
	n.Erased, n.Body = true, doc.Without("fieldPath").With(eventMember, ObjectOf(about...)).Append(nil)
	return outbox.Put(tx, n)
}
