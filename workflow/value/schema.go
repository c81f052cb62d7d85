package value

// schemaTypes are the built-in types of XML Schema that say what a value is. The
// names of 1999 are among them.
var schemaTypes = map[string]Type{
	"string":  String,
	"boolean": Boolean,
	"float":   Float, "double": Double, "decimal": Double,
	"integer": Long, "long": Long, "int": Long, "short": Long, "byte": Long,
	"unsignedLong": Long, "unsignedInt": Long, "unsignedShort": Long, "unsignedByte": Long,
	"nonNegativeInteger": Long, "positiveInteger": Long, "nonPositiveInteger": Long, "negativeInteger": Long,
	"dateTime": Date, "date": Date, "timeInstant": Date,
}

// OfSchema is the type of what a built-in type of XML Schema says a value is. It
// is false for other namespaces, and for names that say less than a contract
// does, such as anyType or token.
func OfSchema(namespace, local string) (Type, bool) {
	switch namespace {
	case "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2000/10/XMLSchema", "http://www.w3.org/1999/XMLSchema":
		t, known := schemaTypes[local]
		return t, known
	}
	return Bare, false
}
