package resource

import (
	"fmt"
	"slices"

	"rator/card"
	"rator/customer"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// Card data (security.md, "Card data"): the number of a card is masked before it
// is kept, what proves that somebody holds the card is refused, and a card number
// anywhere else is refused too.

// refuseCardData fails with a *problem.Error when a document, at any depth, has a member
// for a card's verification code or tracks, also as a pair of name and value, or
// holds what looks like the number of a card. Where the number of a device, a network
// or a bank belongs one may stand, by the name of the member, or of the pair that it
// is the value of, and in the contact medium of a telephone or fax: some of these
// look like cards (card.Identifies).
//
// What doc has as shown has it is not looked at: nobody sends it now, and other
// faces may have put it there.
func refuseCardData(doc, shown jsondoc.Value) error {
	if doc.Kind() != jsondoc.Object {
		return cardCheck{}.refuse(doc, "")
	}
	fresh := make([]jsondoc.Member, 0, len(doc.Members()))
	for _, m := range doc.Members() {
		if was, found := shown.Get(m.Name); !found || !was.Identical(m.Value) {
			fresh = append(fresh, m)
		}
	}
	return cardCheck{}.refuse(jsondoc.ObjectOf(fresh...), "")
}

// cardCheck is where in a document refuseCardData is.
type cardCheck struct {
	inMedium bool // in what the contact medium of a telephone or fax says
}

func (c cardCheck) refuse(v jsondoc.Value, path string) error {
	switch v.Kind() {
	case jsondoc.String, jsondoc.Number:
		switch {
		case card.HoldsTrack(v.Text()):
			return verificationRefused(path)
		case holdsCard(v):
			return problem.BadUsage.With("%s: %s holds what looks like the number of a payment card", customer.CardNumberRefused.Name, path)
		}
	case jsondoc.Array:
		for i, item := range v.Items() {
			if err := (cardCheck{}).refuse(item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	case jsondoc.Object:
		return c.refuseIn(v, path)
	}
	return nil
}

func (c cardCheck) refuseIn(v jsondoc.Value, path string) error {
	name, _ := v.Get("name")
	if _, pair := v.Get("value"); pair && card.Verifies(name.Text()) {
		return verificationRefused(dialect.Below(path, "name"))
	}
	medium := saysPhone(v)
	for _, m := range v.Members() {
		where := dialect.Below(path, m.Name)
		switch {
		case card.Verifies(m.Name):
			return verificationRefused(where)
		case card.Holds(m.Name):
			return problem.BadUsage.With("%s: the name of a member of %s holds what looks like the number of a payment card", customer.CardNumberRefused.Name, dialect.Where(path))
		case m.Value.Kind() == jsondoc.String && card.Identifies(c.keyOf(m.Name, name.Text()), m.Value.Text()):
			continue
		}
		below := cardCheck{inMedium: medium && (m.Name == "medium" || m.Name == "characteristic")}
		if err := below.refuse(m.Value, where); err != nil {
			return err
		}
	}
	return nil
}

// phoneNames are what dialects call the number of a telephone or fax.
var phoneNames = []string{"number", "phoneNumber", "faxNumber"}

// saysPhone reports whether an object is a contact medium of a telephone or fax.
func saysPhone(v jsondoc.Value) bool {
	for _, name := range []string{"type", "mediumType"} {
		if kind := kindOfMedium(v.TextIn(name)); kind == phone || kind == fax {
			return true
		}
	}
	return false
}

// keyOf is what says which kind of number a member is: its own name; that of its
// pair, where it is the value of one; what it is in the contact medium of a phone.
func (c cardCheck) keyOf(member, pair string) string {
	switch {
	case member == "value":
		return pair
	case c.inMedium && slices.Contains(phoneNames, member):
		return phone
	}
	return member
}

// holdsCard reports whether a text or number holds the number of a card.
func holdsCard(v jsondoc.Value) bool {
	if v.Kind() == jsondoc.Number {
		return card.HoldsNumeral(v.Text())
	}
	return card.Holds(v.Text())
}

func verificationRefused(path string) *problem.Error {
	return problem.BadUsage.With("%s: %s is for a card's verification code or track data, which must not be sent", customer.CardNumberRefused.Name, path)
}

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
