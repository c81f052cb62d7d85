package resource

import (
	"rator/card"
	"rator/tmf/jsondoc"
)

// concealed is a document with its references as they may be kept: card numbers in
// what a gateway or a bank made, by the name of the member, or of the pair that it is
// the value of, are masked, with a keyed hash beside. Without a key they stay, and are
// refused as any text.
func concealed(key *card.Key, doc jsondoc.Value) jsondoc.Value {
	if key == nil {
		return doc
	}
	switch doc.Kind() {
	case jsondoc.Array:
		items := make([]jsondoc.Value, len(doc.Items()))
		for i, item := range doc.Items() {
			items[i] = concealed(key, item)
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		name, _ := doc.Get("name")
		members := make([]jsondoc.Member, len(doc.Members()))
		for i, m := range doc.Members() {
			if m.Value.Kind() == jsondoc.String && card.KindOf(cardCheck{}.keyOf(m.Name, name.Text())) == card.Reference {
				members[i] = jsondoc.MemberOf(m.Name, jsondoc.Text(key.Conceal(m.Value.Text())))
			} else {
				members[i] = jsondoc.MemberOf(m.Name, concealed(key, m.Value))
			}
		}
		return jsondoc.ObjectOf(members...)
	}
	return doc
}
