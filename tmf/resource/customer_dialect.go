package resource

import (
	"strings"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// Neutral documents of customers have the 2014 dialect's names and structure, so
// that what one dialect writes all others show (tmf-customer.md 1.4). What a
// dialect has no attribute for stays beside; a name that is unknown to a dialect
// and means something in another is kept as the dialect's own: "v4:paymentMean".

// laterNames are the attributes of v3 and v4 that 2014 has under another name.
// relatedParty is an array there, and its own.
var laterNames = map[string]string{
	"customerAccount": "account", "paymentMean": "paymentMethod", "customerCreditProfile": "creditProfile",
	"relatedParty": "engagedParty", relatedParties: "relatedParty",
}

const relatedParties = "relatedParties" // neutral name of the later dialects' relatedParty

// asCharacteristics are the attributes of 2014 that later dialects have as characteristics.
var asCharacteristics = []string{"description", "customerRank"}

// renamed is the dialect's name of a neutral attribute; "" when the dialect does
// not show it.
func renamed(d *dialect.Dialect, neutral string) string {
	if owner, own, found := strings.Cut(neutral, ":"); found {
		if owner == d.Name {
			return own
		}
		return ""
	}
	name := neutral
	if d != dialect.V2014 {
		if later, found := laterNames[neutral]; found {
			name = later
		}
	}
	if d.Resource("customer").Shape.Field(name) == nil && meantElsewhere(neutral) {
		return ""
	}
	return name
}

// neutralName is the neutral name of a dialect's attribute.
func neutralName(d *dialect.Dialect, name string) string {
	if d.Resource("customer").Shape.Field(name) == nil {
		if meantElsewhere(name) || strings.Contains(name, ":") {
			return d.Name + ":" + name
		}
		return name
	}
	if d != dialect.V2014 {
		for neutral, later := range laterNames {
			if later == name {
				return neutral
			}
		}
	}
	return name
}

// meantElsewhere reports whether a name is an attribute in any dialect.
func meantElsewhere(name string) bool {
	if name == relatedParties {
		return true
	}
	for _, d := range dialect.All {
		if d.Resource("customer").Shape.Field(name) != nil {
			return true
		}
	}
	return false
}

// asWritten is the member of an array element or object that keeps how a later
// dialect wrote it, where its neutral form would not give that back.
const asWritten = ":as"

func (c *customers) show(d *dialect.Dialect, zone *time.Location, neutral jsondoc.Value) jsondoc.Value {
	members := make([]jsondoc.Member, 0, len(neutral.Members()))
	var ranks []jsondoc.Value
	for _, m := range neutral.Members() {
		if d != dialect.V2014 && (m.Name == asCharacteristics[0] || m.Name == asCharacteristics[1]) && m.Value.Kind() == jsondoc.String {
			ranks = append(ranks, showCharacteristic(d, jsondoc.ObjectOf(jsondoc.MemberOf("name", jsondoc.Text(m.Name)), jsondoc.MemberOf("value", m.Value))))
			continue
		}
		if name := renamed(d, m.Name); name != "" {
			if shown, fits := showMember(d, zone, m.Name, m.Value); fits {
				members = append(members, jsondoc.MemberOf(name, shown))
			}
		}
	}
	doc := jsondoc.ObjectOf(members...)
	if len(ranks) > 0 {
		list, _ := doc.Get("characteristic")
		doc = doc.With("characteristic", jsondoc.ArrayOf(append(list.Items()[:len(list.Items()):len(list.Items())], ranks...)...))
	}
	return doc
}

// showMember turns the value of a neutral attribute into a dialect's; fits is false
// when the dialect has no way to show it.
func showMember(d *dialect.Dialect, zone *time.Location, name string, v jsondoc.Value) (shown jsondoc.Value, fits bool) {
	turn, field := conversionOf(name), typedField(d, name)
	if turn == sameEverywhere && field == nil {
		return v, true
	}
	one := func(element jsondoc.Value) (jsondoc.Value, bool) {
		shown, fits := turn.shown(d, element)
		if fits && field != nil {
			shown, fits = field.TypedOne(shown, zone)
		}
		return shown, fits
	}
	switch {
	case field != nil && field.Many != (v.Kind() == jsondoc.Array):
		return jsondoc.Value{}, false
	case v.Kind() != jsondoc.Array:
		shown, fits = one(v)
		if d == dialect.V2014 && name == "relatedParty" {
			shown = classed(shown, v)
		}
		return shown, fits
	}
	items := make([]jsondoc.Value, 0, len(v.Items()))
	for _, item := range v.Items() {
		if shown, fits := one(item); fits {
			items = append(items, shown)
		}
	}
	return jsondoc.ArrayOf(items...), true
}

// typedField is the attribute in the tables of a dialect that is Typed; nil where
// values are shown as they are.
func typedField(d *dialect.Dialect, neutral string) *dialect.Field {
	if !d.Typed {
		return nil
	}
	return d.Resource("customer").Shape.Field(renamed(d, neutral))
}

// shown is an element in a dialect: as the dialect wrote it, as long as that is what
// it is.
func (t *conversion) shown(d *dialect.Dialect, element jsondoc.Value) (shown jsondoc.Value, fits bool) {
	if element.Kind() != jsondoc.Object {
		return element, true
	}
	plain := withoutOwn(element)
	if as, found := element.Get(d.Name + asWritten); found && withoutOwn(t.take(d, as)).Equal(plain) {
		return t.again(d, as), true
	}
	return t.show(d, plain), t.fits(d, plain)
}

// takeMember is the other way. before and shown are the neutral value and what
// was shown of it: what came back as it was shown stays what it was.
func takeMember(d *dialect.Dialect, zone *time.Location, name string, before, shown, v jsondoc.Value) jsondoc.Value {
	turn := conversionOf(name)
	if turn == sameEverywhere && typedField(d, name) == nil {
		return v
	}
	one := func(element, was jsondoc.Value) jsondoc.Value {
		if element.Kind() != jsondoc.Object {
			return element
		}
		neutral := turn.take(d, element)
		neutral = carried(d, turn, was, neutral)
		if !turn.show(d, withoutOwn(neutral)).Identical(element) {
			neutral = neutral.With(d.Name+asWritten, element)
		}
		return neutral
	}
	if v.Kind() != jsondoc.Array {
		return one(v, before)
	}
	// What the dialect does not show of the array stays at its end.
	kept := map[int]bool{}
	items := make([]jsondoc.Value, len(v.Items()))
	for i, element := range v.Items() {
		items[i] = one(element, jsondoc.Value{})
		for n, b := range before.Items() {
			if s, _ := showMember(d, zone, name, jsondoc.ArrayOf(b)); !kept[n] && len(s.Items()) == 1 && s.Items()[0].Identical(element) {
				items[i], kept[n] = b, true
				break
			}
		}
	}
	for _, b := range before.Items() {
		if s, _ := showMember(d, zone, name, jsondoc.ArrayOf(b)); len(s.Items()) == 0 {
			items = append(items, b)
		}
	}
	return jsondoc.ArrayOf(items...)
}

// carried gives a reference that still is to the same thing what the dialect does
// not show of it.
func carried(d *dialect.Dialect, turn *conversion, was, now jsondoc.Value) jsondoc.Value {
	a, _ := was.Get("id")
	b, _ := now.Get("id")
	if was.Kind() != jsondoc.Object || a.Kind() != jsondoc.String || !a.Equal(b) {
		return now
	}
	shown := turn.show(d, withoutOwn(was))
	for _, m := range was.Members() {
		if strings.HasSuffix(m.Name, asWritten) || shown.Has(m.Name) || now.Has(m.Name) {
			continue
		}
		if m.Name == "role" || m.Name == "@referredType" || m.Name == "description" || m.Name == "status" {
			now = now.With(m.Name, m.Value)
		}
	}
	return now
}

func withoutOwn(v jsondoc.Value) jsondoc.Value {
	for _, d := range dialect.All {
		v = v.Without(d.Name + asWritten)
	}
	return v
}

func (c *customers) take(d *dialect.Dialect, zone *time.Location, before, shown, doc jsondoc.Value) (jsondoc.Value, error) {
	if err := refuseCardData(doc, shown); err != nil {
		return jsondoc.Value{}, err
	}
	members := make([]jsondoc.Member, 0, len(doc.Members()))
	add := func(name string, v jsondoc.Value) {
		for _, m := range members {
			if m.Name == name {
				return
			}
		}
		members = append(members, jsondoc.MemberOf(name, v))
	}
	carry := func(name string) {
		if v, found := before.Get(name); found {
			add(name, v)
		}
	}
	for _, m := range doc.Members() {
		name := neutralName(d, m.Name)
		was, had := shown.Get(m.Name)
		if had && was.Identical(m.Value) {
			carry(name)
			if name == "characteristic" && d != dialect.V2014 {
				carry(asCharacteristics[0])
				carry(asCharacteristics[1])
			}
			continue
		}
		v := m.Value
		if name == "characteristic" && d != dialect.V2014 {
			var rest []jsondoc.Value
			for _, item := range v.Items() {
				if text, is := liftedOf(item); is {
					add(item.TextIn("name"), text)
				} else {
					rest = append(rest, item)
				}
			}
			v = jsondoc.ArrayOf(rest...)
		}
		old, _ := before.Get(name)
		add(name, takeMember(d, zone, name, old, was, v))
	}
	for _, m := range before.Members() {
		if d != dialect.V2014 && (m.Name == asCharacteristics[0] || m.Name == asCharacteristics[1]) {
			continue // shown among the characteristics
		}
		if renamed(d, m.Name) == "" {
			carry(m.Name)
		}
	}
	return jsondoc.ObjectOf(members...), nil
}

// liftedOf is the text of a characteristic that stands for an attribute of 2014.
func liftedOf(item jsondoc.Value) (text jsondoc.Value, is bool) {
	item = takeCharacteristic(dialect.V4, item)
	name, value := item.TextIn("name"), item.Member("value")
	if len(item.Members()) != 2 || value == nil || value.Kind() != jsondoc.String || name != asCharacteristics[0] && name != asCharacteristics[1] {
		return jsondoc.Value{}, false
	}
	return *value, true
}
