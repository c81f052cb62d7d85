package resource

import (
	"slices"
	"strings"

	"rator/store"
	"rator/tmf/jsondoc"
)

// What clients wrote of other customers may name who is erased too. It is found where
// it has the person's id, as a reference to a party has: whoever has the name alone may
// be another of that name.

// referenceAttributes are those of a reference to a party that say nothing of it but
// what it is there.
var referenceAttributes = []string{"id", "href", "role", "@type", "@baseType", "@referredType", "@schemaLocation"}

// forgetElsewhere takes the person from what lies over the objects of other customers,
// and of none, and has the person's id. An index leads there; what has several ids is
// looked at whoever they are.
func (e *erasure) forgetElsewhere() error {
	id := e.user.ID.String()
	var found []*overlay
	for _, key := range []string{id, severalTold} {
		for o, err := range Overlays.All(e.tx, byNamed, key) {
			if err != nil {
				return err
			}
			if o.Account != e.account.ID && strings.Contains(o.Written, id) {
				found = append(found, o)
			}
		}
	}
	for _, o := range found {
		if err := e.unname(o); err != nil {
			return err
		}
	}
	return nil
}

// unname leaves of each reference to the person that it is there, and takes attributes
// away that have another mark of the person: beside the id it is the person's.
func (e *erasure) unname(o *overlay) error {
	doc, err := jsondoc.ReadKept(o.Written)
	if err != nil {
		return err
	}
	id := e.user.ID
	marks := slices.DeleteFunc(e.user.IdentifyingTexts(), func(mark string) bool { return mark == id.String() })
	var kept []jsondoc.Member
	for _, m := range doc.Members() {
		if m.Value = unnamed(m.Value, id); !Mentions(m.Value, marks) {
			kept = append(kept, m)
		}
	}
	o.now, o.Written = nil, textOf(kept)
	return o.keep(e.tx)
}

// unnamed is v with nothing but a reference in objects that have the id.
func unnamed(v jsondoc.Value, id store.ID) jsondoc.Value {
	switch v.Kind() {
	case jsondoc.Array:
		items := make([]jsondoc.Value, 0, len(v.Items()))
		for _, item := range v.Items() {
			items = append(items, unnamed(item, id))
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		is := v.TextIn("id") == id.String()
		var members []jsondoc.Member
		for _, m := range v.Members() {
			if !is || slices.Contains(referenceAttributes, m.Name) {
				members = append(members, jsondoc.MemberOf(m.Name, unnamed(m.Value, id)))
			}
		}
		return jsondoc.ObjectOf(members...)
	}
	return v
}
