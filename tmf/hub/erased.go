package hub

import (
	"slices"

	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
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

func init() { customer.OnErase(eraseFromHubs) }

// eraseFromHubs empties what waits to be told of the customer, and of no customer, or of
// one that an older version did not keep, what speaks of the person or of what is the
// customer's, and what does not say what it is about.
func eraseFromHubs(tx store.Tx, a *customer.Account, user *customer.User) error {
	if err := eraseEnded(tx, a, user); err != nil {
		return err
	}
	groups, err := customer.BillingGroupsOf(tx, a.ID)
	if err != nil {
		return err
	}
	marks := append(user.IdentifyingTexts(), a.ID.String())
	for _, g := range groups {
		marks = append(marks, g.ID.String())
	}
	if err := eraseChanges(tx, a, marks); err != nil {
		return err
	}
	return eraseNotifications(tx, a, marks)
}

func eraseChanges(tx store.Tx, a *customer.Account, marks []string) error {
	erased, err := resource.Collect(KeptChanges.All(tx, resource.ByAccount, a.ID.String()))
	if err != nil {
		return err
	}
	for c, err := range KeptChanges.All(tx, resource.ByAccount, unowned) {
		if err != nil {
			return err
		}
		speaks, err := c.mentions(marks)
		if err != nil {
			return err
		}
		if speaks {
			erased = append(erased, c)
		}
	}
	for _, c := range erased {
		if err := c.erase(tx); err != nil {
			return err
		}
	}
	return nil
}

func eraseNotifications(tx store.Tx, a *customer.Account, marks []string) error {
	erased, err := resource.Collect(outbox.All(tx, resource.ByAccount, a.ID.String()))
	if err != nil {
		return err
	}
	for n, err := range outbox.All(tx, resource.ByAccount, unowned) {
		if err != nil {
			return err
		}
		doc, err := n.document()
		if err != nil {
			return err
		}
		if n.Thing == "" && !says(doc) || resource.Mentions(jsondoc.ObjectOf(jsondoc.MemberOf(n.Thing, doc)), marks) {
			erased = append(erased, n)
		}
	}
	for _, n := range erased {
		if err := n.erase(tx); err != nil {
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
