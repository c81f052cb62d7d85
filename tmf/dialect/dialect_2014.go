package dialect

import "rator/tmf/jsondoc"

// The 2014 dialect's customer, and the shapes that its resources share
// (tmf-customer.md 1.0, 1.1).

const (
	partyHome   = "/partyManagement/individual"
	companyHome = "/partyManagement/organization"
)

var relatedParty2014 = &Shape{
	Name: "RelatedParty", Desc: "A party, or a role of one, that has to do with the resource.",
	Homes: []Home{{ReferredType: Organization, Path: companyHome}, {Path: partyHome}},
	Fields: []Field{
		refID, refHref,
		{Name: "role", Type: OfString, Desc: "What the party is to the resource."},
		refName,
		validFor("Period of the relation."),
	},
}

var Medium2014 = &Shape{Name: "Medium", Desc: "How to reach somebody; which members it has follows from the type of the contact medium.", Fields: []Field{
	{Name: "emailAddress", Type: OfString, Key: "EMAIL", Desc: "E-mail address (Email)."},
	{Name: "type", Type: OfString, Desc: "Kind of number, such as mobile or business (TelephoneNumber)."},
	{Name: "number", Type: OfString, Key: "PHONE1", Desc: "Number (TelephoneNumber, fax)."},
	{Name: "street1", Aliases: []string{"streetOne"}, Type: OfString, Key: "STREET", Desc: "Street (PostalAddress)."},
	{Name: "street2", Aliases: []string{"streetTwo"}, Type: OfString, Key: "ADDRESS2", Desc: "Second line of the street (PostalAddress)."},
	{Name: "city", Type: OfString, Key: "CITY", Desc: "City (PostalAddress)."},
	{Name: "stateOrProvince", Aliases: []string{"stateOrProvice"}, Type: OfString, Key: "STATE", Desc: "State or province (PostalAddress)."},
	{Name: "postcode", Type: OfString, Key: "ZIP", Desc: "Postcode (PostalAddress)."},
	{Name: "country", Type: OfString, Key: "COUNTRY", Desc: "Country (PostalAddress)."},
}}

var contactMedium2014 = &Shape{Name: "ContactMedium", Desc: "A way to reach somebody.", Fields: []Field{
	{Name: "preferred", Type: OfBoolean, Default: jsondoc.BoolOf(false), Desc: "Whether this is the medium to use first."},
	{Name: "type", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Email, TelephoneNumber, PostalAddress or another kind."},
	validFor("Period in which the medium may be used."),
	{Name: "medium", Type: OfObject, Shape: Medium2014, Mandatory: true, NonEmpty: true, Desc: "The address or number."},
}}

var characteristic2014 = &Shape{Name: "Characteristic", Desc: "Something known of the customer that has no attribute of its own.", Fields: []Field{
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name of the characteristic."},
	{Name: "value", Type: OfString, Mandatory: true, Desc: "Value of the characteristic."},
}}

var customerAccountRef2014 = &Shape{
	Name: "CustomerAccountRef", Desc: "A reference to a customer account.",
	Homes: []Home{{Path: "customerAccount"}},
	Fields: []Field{
		refID, refHref, refName,
		{Name: "description", Type: OfString, Desc: "Description of the account."},
		{Name: "status", Type: OfString, Fold: true, Desc: "Condition of the account."},
	},
}

var paymentMeanRef2014 = &Shape{
	Name: "PaymentMeanRef", Desc: "A reference to a payment mean.",
	Homes:  []Home{{Path: "paymentMean"}},
	Fields: []Field{refID, refHref, refName},
}

var customer2014 = &Shape{Name: "Customer", Desc: "Who buys products and services: a party in the role of customer.", Fields: with(computedFields(), []Field{
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name to show."},
	{Name: "status", Type: OfString, Fold: true, Default: created, Desc: "Where in its life the customer is, such as Prospective or Active."},
	{Name: "description", Type: OfString, Desc: "Description in words."},
	validFor("Period of the status."),
	{Name: "customerRank", Type: OfString, Desc: "Importance relative to other customers."},
	{Name: "relatedParty", Type: OfObject, Shape: relatedParty2014, Desc: "The party whose role this is."},
	{Name: "characteristic", Type: OfObject, Many: true, Shape: characteristic2014, Desc: "What else is known."},
	{Name: "contactMedium", Type: OfObject, Many: true, Shape: contactMedium2014, Desc: "Ways to reach the customer."},
	{Name: "customerAccount", Type: OfObject, Many: true, Shape: customerAccountRef2014, Desc: "The customer's accounts."},
	{Name: "customerCreditProfile", Type: OfObject, Many: true, Shape: creditProfile("CustomerCreditProfile", true), Desc: "Credit profiles, the current one first."},
	{Name: "paymentMean", Type: OfObject, Many: true, Shape: paymentMeanRef2014, Desc: "How the customer pays."},
})}
