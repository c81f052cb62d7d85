package dialect

import "rator/tmf/jsondoc"

// The parts that the tables of more than one dialect or resource are made of.

var created = jsondoc.Text("Created")

func computedFields() []Field {
	return []Field{
		{Name: "id", Type: OfString, Fixed: true, Computed: true, Desc: "Unique identifier, given by the server."},
		{Name: "href", Type: OfString, Fixed: true, Computed: true, Desc: "Absolute address of the resource."},
	}
}

// extensionFields are the members for subclassing that v3 and v4 have.
func extensionFields() []Field {
	return []Field{
		{Name: "@type", Type: OfString, Desc: "Name of the class."},
		{Name: "@baseType", Type: OfString, Desc: "Name of the class it extends."},
		{Name: "@schemaLocation", Type: OfString, Desc: "Address of the schema of the class."},
	}
}

// with joins lists of fields.
func with(lists ...[]Field) []Field {
	var all []Field
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

var timePeriod = &Shape{Name: "TimePeriod", Desc: "A period; it may be open at either end, and start after its end.", Fields: []Field{
	{Name: "startDateTime", Type: OfDateTime, Desc: "Start of the period."},
	{Name: "endDateTime", Type: OfDateTime, Desc: "End of the period."},
}}

func validFor(desc string) Field {
	return Field{Name: "validFor", Type: OfObject, Shape: timePeriod, Desc: desc}
}

// refID is a reference's id: enough to refer, as the server fills in the href.
var (
	refID   = Field{Name: "id", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Identifier of what is referred to; it need not exist here."}
	refHref = Field{Name: "href", Type: OfString, Desc: "Address of what is referred to; filled in when only the id was given."}
	refName = Field{Name: "name", Type: OfString, Desc: "Name of what is referred to."}
)

func optional(f Field) Field {
	f.Mandatory = false
	return f
}

func mandatory(f Field) Field {
	f.Mandatory = true
	return f
}

// creditProfile has scores that may come as texts in the 2014 dialect.
func creditProfile(name string, asText bool) *Shape {
	return &Shape{Name: name, Desc: "A credit scoring. The first of a list is the current one.", Fields: []Field{
		{Name: "creditProfileDate", Type: OfDateTime, Mandatory: true, Desc: "When the profile was made."},
		mandatory(validFor("Period of the profile.")),
		{Name: "creditRiskRating", Type: OfInteger, AsText: asText, Desc: "Rating of the risk."},
		{Name: "creditScore", Type: OfInteger, AsText: asText, Desc: "Score of the creditworthiness."},
	}}
}
