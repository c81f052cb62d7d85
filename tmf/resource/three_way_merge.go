package resource

import (
	"strings"

	"rator/tmf/jsondoc"
)

// threeWayMerge is where three versions of a value come together: what the business
// had when a client wrote, what it has now, and what the client wrote. Nil is an
// absent one.
type threeWayMerge struct {
	had, now, written *jsondoc.Value
	// optional says that array elements of the business that the client left out
	// stay left out as long as the business has not changed them.
	optional bool
}

// merge is what counts: the client's word as long as the business has not
// changed its mind, the business's after that, each attribute and array element
// on its own. So what the business does not know stays where it was.
func (m threeWayMerge) merge() *jsondoc.Value {
	if m.written != nil && m.written.Kind() == jsondoc.Array && (m.now == nil || m.now.Kind() == jsondoc.Array) && (m.now != nil || m.had != nil) {
		return m.arrays()
	}
	switch {
	case m.had == nil && m.now == nil, m.had != nil && m.now != nil && m.had.Equal(*m.now):
		return m.written
	case m.now == nil:
		return nil
	case m.written == nil || m.written.Kind() != jsondoc.Object || m.now.Kind() != jsondoc.Object:
		return m.now
	}
	return m.objects()
}

func (m threeWayMerge) objects() *jsondoc.Value {
	var members []jsondoc.Member
	add := func(name string) {
		inner := threeWayMerge{nil, m.now.Member(name), m.written.Member(name), m.optional}
		if m.had != nil && m.had.Kind() == jsondoc.Object {
			inner.had = m.had.Member(name)
		}
		if v := inner.merge(); v != nil {
			members = append(members, jsondoc.MemberOf(name, *v))
		}
	}
	for _, w := range m.written.Members() {
		add(w.Name)
	}
	for _, n := range m.now.Members() {
		if !m.written.Has(n.Name) {
			add(n.Name)
		}
	}
	v := jsondoc.ObjectOf(members...)
	return &v
}

// arrays brings the elements together that mean the same thing. Those of the
// client keep their order; what the business added follows.
func (m threeWayMerge) arrays() *jsondoc.Value {
	had, now, written := elementsOf(m.had), elementsOf(m.now), elementsOf(m.written)
	var items []jsondoc.Value
	for i := range m.written.Items() {
		k := written.keys[i]
		was, is := had.byKey[k], now.byKey[k]
		if is != nil && strings.HasPrefix(is.TextIn("name"), ratorPrefix) {
			items = append(items, *is) // the business's own, whatever was written
		} else if was == nil && is == nil {
			items = append(items, m.written.Items()[i])
		} else if v := (threeWayMerge{was, is, &m.written.Items()[i], m.optional}).merge(); v != nil {
			items = append(items, *v)
		}
	}
	for i, k := range now.keys {
		if written.byKey[k] != nil {
			continue
		}
		if was := had.byKey[k]; m.optional && was != nil && was.Equal(m.now.Items()[i]) {
			continue
		}
		items = append(items, m.now.Items()[i])
	}
	if len(items) == 0 && len(m.written.Items()) > 0 {
		return nil
	}
	v := jsondoc.ArrayOf(items...)
	return &v
}

// elements are those of an array with what tells them apart.
type elements struct {
	keys  []elementKey // of each
	byKey map[elementKey]*jsondoc.Value
}

// elementKey is what an element of an array is about: what it refers to, its name, its
// kind. Several about the same are told apart by their order.
type elementKey struct {
	attribute, text string // "" for one that does not say
	nth             int    // of those about the same, from 1
}

func elementsOf(v *jsondoc.Value) elements {
	if v == nil || len(v.Items()) == 0 {
		return elements{}
	}
	items := v.Items()
	e := elements{keys: make([]elementKey, len(items)), byKey: make(map[elementKey]*jsondoc.Value, len(items))}
	seen := make(map[elementKey]int, len(items))
	for i := range items {
		k := elementKeyOf(items[i])
		seen[k]++
		k.nth = seen[k]
		e.keys[i], e.byKey[k] = k, &items[i]
	}
	return e
}

func elementKeyOf(v jsondoc.Value) elementKey {
	for _, name := range [...]string{"id", "contactType", "relationshipType", "type", "mediumType", "name"} {
		if key, found := v.Get(name); found && key.Kind() == jsondoc.String {
			if name == "type" || name == "mediumType" {
				return elementKey{attribute: "type", text: kindOfMedium(key.Text())}
			}
			return elementKey{attribute: name, text: key.Text()}
		}
	}
	return elementKey{}
}

// The kinds of contact medium that the business has a place for.
const (
	email   = "Email"
	phone   = "TelephoneNumber"
	fax     = "Fax"
	address = "PostalAddress"
)

var mediumKinds = map[string]string{
	"email": email, "e-mail": email, "emailaddress": email,
	"telephonenumber": phone, "telephone": phone, "phone": phone, "phonenumber": phone, "mobile": phone, "mobilephone": phone,
	"fax": fax, "faxnumber": fax,
	"postaladdress": address, "postal": address, "address": address, "geographicaddress": address,
}

// kindOfMedium is the kind that the type of a contact medium means, whatever its
// spelling; itself when the business has no place for it.
func kindOfMedium(text string) string {
	if kind, known := mediumKinds[strings.ToLower(strings.ReplaceAll(text, " ", ""))]; known {
		return kind
	}
	return text
}
