package value

import "rator/wire"

// dtos are the rows of wire.ValueTypes by their types. Bare has that of String: the
// contract has no value without a type, so one travels as a string.
var dtos = func() (rows [Complex + 1]struct{ Name, Schema string }) {
	for _, row := range wire.ValueTypes {
		t := Complex
		if row.Schema != "" {
			t = schemaTypes[row.Schema]
		}
		rows[t] = row
	}
	rows[Bare] = rows[String]
	return rows
}()

// OfDTO is the type that the published contract calls by that local name, as
// stringValueDTO; false for a name that it has not.
func OfDTO(local string) (Type, bool) {
	for t := String; t <= Complex; t++ {
		if dtos[t].Name == local {
			return t, true
		}
	}
	return Bare, false
}

// DTO is what the published contract calls an entry of the type, as stringValueDTO.
func (t Type) DTO() string { return dtos[t].Name }

// Schema is the type of XML Schema that the published contract gives the value of an
// entry of the type, without a prefix, as dateTime; "" for Complex, which holds entries.
func (t Type) Schema() string { return dtos[t].Schema }
