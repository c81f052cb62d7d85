package resource

import (
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// ownReferences is a document in which references to what the business has for it are
// the business's own: a client may name an account by the business's id alone, or by
// its address alone, or twice, and it is one entry all the same.
func ownReferences(doc, projection jsondoc.Value) jsondoc.Value {
	if doc.Kind() != jsondoc.Object || projection.Kind() != jsondoc.Object {
		return doc
	}
	for _, p := range projection.Members() {
		m := doc.Member(p.Name)
		if m == nil || m.Kind() != p.Value.Kind() {
			continue
		}
		changed := *m
		switch p.Value.Kind() {
		case jsondoc.Array:
			changed = ownElements(*m, p.Value)
		case jsondoc.Object:
			changed = ownReferences(*m, p.Value)
		}
		if !changed.Identical(*m) {
			doc = doc.With(p.Name, changed)
		}
	}
	return doc
}

func ownElements(list, own jsondoc.Value) jsondoc.Value {
	items := make([]jsondoc.Value, 0, len(list.Items()))
	taken := map[string]bool{}
	now := elementsOf(&own)
	keys := elementsOf(&list).keys
	for i, item := range list.Items() {
		if id := ownID(item, own); id != "" {
			if taken[id] {
				continue
			}
			taken[id] = true
			item = withID(item, id)
		} else if p := now.byKey[keys[i]]; p != nil {
			item = ownReferences(item, *p)
		}
		items = append(items, item)
	}
	return jsondoc.ArrayOf(items...)
}

// ownID is the id of the business's reference that one of a client's means; "" when
// there is none.
func ownID(reference, own jsondoc.Value) string {
	said := reference.TextIn("id")
	if said == "" {
		said = dialect.LastSegment(reference.TextIn("href"))
	}
	if said == "" {
		return ""
	}
	for _, o := range own.Items() {
		id := o.TextIn("id")
		if id != "" && (said == id || said == strings.TrimLeft(id, resourceLetters)) {
			return id
		}
	}
	return ""
}

// resourceLetters are those that ids of references begin with: c, ca and pm.
const resourceLetters = "acmp"

// withID is a reference by its id, which comes first.
func withID(reference jsondoc.Value, id string) jsondoc.Value {
	if reference.TextIn("id") == id {
		return reference
	}
	return jsondoc.ObjectOf(append([]jsondoc.Member{jsondoc.MemberOf("id", jsondoc.Text(id))}, reference.Without("id").Members()...)...)
}
