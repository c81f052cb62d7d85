package hub

import (
	"slices"

	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// Resources change by SOAP, by this face, or by a billing run. Whoever it is,
// NoteChanges hears of it. When there are hubs, it adds what that did to the
// documents of resources, which is what listeners are told.

// differences are what two looks at the same subjects do not have in common, without their
// documents.
func differences(before, after *stateView) []*KeptChange {
	var all []*KeptChange
	for _, s := range after.order {
		c := after.change(s, store.Created)
		if was, found := before.shown[s]; found {
			c.What, c.Fields = store.Updated, map[string][]string{}
			for dialect, item := range after.shown[s] {
				if fields := changedFields(was[dialect].Document, item.Document); len(fields) > 0 {
					c.Fields[dialect] = fields
				}
			}
			if len(c.Fields) == 0 {
				continue
			}
		}
		all = append(all, c)
	}
	for _, s := range before.order {
		if _, found := after.shown[s]; !found {
			all = append(all, before.change(s, store.Deleted))
		}
	}
	return all
}

func (l *stateView) change(s resourceKey, what store.Change) *KeptChange {
	at := l.about[s]
	return &KeptChange{Resource: s.resource, Thing: s.id, Object: at.object, Account: at.account, Brand: l.brand.Key, What: what}
}

// changedFields are the attributes that are not as they were, in the order of the
// document, and then those that are gone.
func changedFields(was, is jsondoc.Value) []string {
	var names []string
	for _, m := range is.Members() {
		if old := was.Member(m.Name); old == nil || !old.Identical(m.Value) {
			names = append(names, m.Name)
		}
	}
	for _, m := range was.Members() {
		if !is.Has(m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

// namedChange is the name of a change in a dialect; "" when it shows nothing of it. fields
// are the attributes that an update changed there.
func namedChange(r *dialect.Resource, what store.Change, fields []string) string {
	switch {
	case what == store.Created:
		return r.Events.Create
	case what == store.Deleted:
		return r.Events.Delete
	case len(fields) == 0:
		return ""
	case slices.Contains(fields, "status"):
		return r.Events.State
	}
	return r.Events.Update
}
