package resource

import (
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// conversion is how the value of an attribute, or one element of it, differs between
// the dialects. show and take are each other's inverse but for what fits says: a
// value that a dialect has no way to show.
type conversion struct {
	show func(d *dialect.Dialect, neutral jsondoc.Value) jsondoc.Value
	take func(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value
	fits func(d *dialect.Dialect, neutral jsondoc.Value) bool
	// again is what show adds to what a dialect wrote itself.
	again func(d *dialect.Dialect, written jsondoc.Value) jsondoc.Value
}

// sameEverywhere is of attributes that all dialects have the same.
var sameEverywhere = &conversion{takenAsIs, takenAsIs, fitsAlways, takenAsIs}

func fitsAlways(*dialect.Dialect, jsondoc.Value) bool             { return true }
func takenAsIs(_ *dialect.Dialect, v jsondoc.Value) jsondoc.Value { return v }

// conversionOf is the conversion of an attribute of customers, by its neutral name.
func conversionOf(name string) *conversion {
	switch name {
	case "contactMedium":
		return &conversion{showMedium, takeMedium, mediumFits, takenAsIs}
	case "characteristic":
		return &conversion{showCharacteristic, takeCharacteristic, fitsAlways, showCharacteristic}
	case "relatedParty":
		return &conversion{showParty, takeParty, fitsAlways, takenAsIs}
	case "customerAccount":
		return &conversion{showAccountRef, takenAsIs, fitsAlways, takenAsIs}
	}
	return sameEverywhere
}

// mediumNames are the members of a medium that later dialects name otherwise.
var mediumNames = map[string]string{"type": "contactType", "number": "phoneNumber", "postcode": "postCode"}

// showMedium gives a contact medium the later dialects' structure.
func showMedium(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	if d == dialect.V2014 {
		return v
	}
	members := make([]jsondoc.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		switch {
		case m.Name == "type" && d == dialect.V4:
			m.Name = "mediumType"
		case m.Name == "medium" && m.Value.Kind() == jsondoc.Object:
			m = jsondoc.MemberOf("characteristic", laterMedium(m.Value, kindOfMedium(v.TextIn("type"))))
		}
		members = append(members, m)
	}
	return jsondoc.ObjectOf(members...)
}

func laterMedium(v jsondoc.Value, kind string) jsondoc.Value {
	members := make([]jsondoc.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		if f := dialect.Medium2014.Field(m.Name); f != nil {
			m.Name = f.Name
		}
		if later, found := mediumNames[m.Name]; found {
			m.Name = later
		}
		if m.Name == "phoneNumber" && kind == fax {
			m.Name = "faxNumber"
		}
		members = appendNew(members, m)
	}
	return jsondoc.ObjectOf(members...)
}

// appendNew leaves out a member whose name is there already.
func appendNew(members []jsondoc.Member, m jsondoc.Member) []jsondoc.Member {
	for _, other := range members {
		if other.Name == m.Name {
			return members
		}
	}
	return append(members, m)
}

func takeMedium(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	if d == dialect.V2014 {
		return v
	}
	members := make([]jsondoc.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		switch {
		case m.Name == "mediumType" && d == dialect.V4:
			m.Name = "type"
		case m.Name == "characteristic" && m.Value.Kind() == jsondoc.Object:
			m = jsondoc.MemberOf("medium", earlierMedium(m.Value))
		}
		members = appendNew(members, m)
	}
	return jsondoc.ObjectOf(members...)
}

func earlierMedium(v jsondoc.Value) jsondoc.Value {
	members := make([]jsondoc.Member, 0, len(v.Members()))
	for _, m := range v.Members() {
		switch m.Name {
		case "contactType":
			m.Name = "type"
		case "phoneNumber", "faxNumber":
			m.Name = "number"
		case "postCode":
			m.Name = "postcode"
		}
		members = appendNew(members, m)
	}
	return jsondoc.ObjectOf(members...)
}

// mediumFits reports whether a dialect's tables take a medium: the earlier ones
// want an address or number in it.
func mediumFits(d *dialect.Dialect, v jsondoc.Value) bool {
	if d == dialect.V4 {
		return true
	}
	medium, found := v.Get("medium")
	return found && len(medium.Members()) > 0
}

// valueTypes are what v4 calls the type of a characteristic's value.
var valueTypes = [...]string{jsondoc.Null: "null", jsondoc.Bool: "boolean", jsondoc.Number: "number", jsondoc.String: "string", jsondoc.Array: "array", jsondoc.Object: "object"}

// showCharacteristic says in v4 what type the value is, and writes one that is no
// text, as v4 may have it, as text elsewhere.
func showCharacteristic(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	value, found := v.Get("value")
	switch {
	case d == dialect.V4 && found && !v.Has("valueType"):
		return v.With("valueType", jsondoc.Text(valueTypes[value.Kind()]))
	case d == dialect.V4 || !found || value.Kind() == jsondoc.String:
		return v
	}
	return v.With("value", jsondoc.Text(value.String()))
}

// takeCharacteristic takes out what showCharacteristic adds.
func takeCharacteristic(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	value, _ := v.Get("value")
	if said := v.Member("valueType"); d == dialect.V4 && said != nil && said.Kind() == jsondoc.String && said.Text() == valueTypes[value.Kind()] {
		return v.Without("valueType")
	}
	return v
}

// showParty gives the party its class in later dialects, its role in 2014.
func showParty(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	if d == dialect.V2014 {
		return v.Without("@referredType")
	}
	v = v.Without("role")
	if _, found := v.Get("@referredType"); !found {
		class := individualRef
		if strings.Contains(v.TextIn("href"), "/organization/") {
			class = dialect.Organization
		}
		v = v.With("@referredType", jsondoc.Text(class))
	}
	if _, found := v.Get("id"); !found && d == dialect.V4 {
		v = v.With("id", jsondoc.Text(v.TextIn("name")))
	}
	return v
}

func takeParty(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	if d == dialect.V2014 {
		return v
	}
	if _, found := v.Get("role"); found {
		return v
	}
	return v.With("role", jsondoc.Text("customer"))
}

// partyClass is the member that says of a party of the 2014 dialect, which has no
// place for it, that it is no person: the party's address follows from it, and
// nobody sees it.
const partyClass = "2014:class"

// classed gives a party that is shown in the 2014 dialect its class.
func classed(shown, neutral jsondoc.Value) jsondoc.Value {
	if shown.Kind() != jsondoc.Object || neutral.TextIn("@referredType") != dialect.Organization || shown.Has("href") {
		return shown
	}
	return shown.With(partyClass, jsondoc.Text(dialect.Organization))
}

// showAccountRef gives a reference its class in later dialects, and the name that
// they want.
func showAccountRef(d *dialect.Dialect, v jsondoc.Value) jsondoc.Value {
	if d == dialect.V2014 {
		return v.Without("@referredType")
	}
	v = v.Without("status")
	if _, found := v.Get("name"); !found {
		v = v.With("name", jsondoc.Text(v.TextIn("id")))
	}
	if _, found := v.Get("@referredType"); !found {
		v = v.With("@referredType", jsondoc.Text("BillingAccount"))
	}
	return v
}
