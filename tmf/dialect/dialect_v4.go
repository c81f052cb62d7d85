package dialect

import "rator/tmf/jsondoc"

// The v4 dialect's customer (tmf-customer.md 0.1, 1.4).

const (
	partyV4Home   = "/tmf-api/partyManagement/v4/individual"
	companyV4Home = "/tmf-api/partyManagement/v4/organization"
)

var partyV4Homes = []Home{{ReferredType: Organization, Path: companyV4Home}, {Path: partyV4Home}}

var mediumV4 = &Shape{
	Name: "MediumCharacteristic", Desc: "The address or number.",
	Fields: with(mediumFieldsLater, extensionFields()),
}

var contactMediumV4 = &Shape{Name: "ContactMedium", Desc: "A way to reach the customer.", Fields: with([]Field{
	{Name: "preferred", Type: OfBoolean, Default: jsondoc.BoolOf(false), Desc: "Whether this is the medium to use first."},
	{Name: "mediumType", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Email, TelephoneNumber, PostalAddress or another kind."},
	validFor("Period in which the medium may be used."),
	{Name: "characteristic", Type: OfObject, Shape: mediumV4, Desc: "The address or number."},
}, extensionFields())}

var characteristicV4 = &Shape{Name: "Characteristic", Desc: "Something known of the customer that has no attribute of its own.", Fields: with([]Field{
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name of the characteristic."},
	{Name: "value", Type: OfAny, Mandatory: true, Desc: "Value of the characteristic; any JSON."},
	{Name: "valueType", Type: OfString, Desc: "What the value is."},
}, extensionFields())}

var engagedPartyV4 = &Shape{
	Name: "EngagedParty", Desc: "The party that the customer is.", Homes: partyV4Homes,
	Fields: with([]Field{refID, refHref, refName, mandatory(referredType)}, extensionFields()),
}

var relatedPartyV4 = &Shape{
	Name: "RelatedParty", Desc: "A party, or a role of one, that has to do with the customer.", Homes: partyV4Homes,
	Fields: with([]Field{
		optional(refID), refHref,
		{Name: "role", Type: OfString, Desc: "What the party is to the customer."},
		refName, referredType,
	}, extensionFields()),
}

var accountRefV4 = &Shape{
	Name: "AccountRef", Desc: "A reference to an account.", Homes: []Home{{Path: accountHome}},
	Fields: with([]Field{
		optional(refID), refHref, mandatory(refName),
		{Name: "description", Type: OfString, Desc: "Description of the account."},
		referredType,
	}, extensionFields()),
}

var paymentMethodRefV4 = &Shape{
	Name: "PaymentMethodRef", Desc: "A reference to a payment method.", Homes: []Home{{Path: paymentHome}},
	Fields: with([]Field{refID, refHref, refName, referredType}, extensionFields()),
}

var agreementRefV4 = &Shape{
	Name: "AgreementRef", Desc: "A reference to an agreement.",
	Fields: with([]Field{refID, refHref, refName, referredType}, extensionFields()),
}

var customerV4 = &Shape{Name: "Customer", Desc: "Who buys products and services: a party in the role of customer.", Fields: with(computedFields(), []Field{
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name to show."},
	{Name: "status", Type: OfString, Default: created, Desc: "Where in its life the customer is."},
	{Name: "statusReason", Type: OfString, Desc: "Why the status is what it is."},
	validFor("Period in which the party is a customer."),
	{Name: "engagedParty", Type: OfObject, Shape: engagedPartyV4, Mandatory: true, Desc: "The party that the customer is."},
	{Name: "account", Type: OfObject, Many: true, Shape: accountRefV4, Desc: "The customer's accounts."},
	{Name: "agreement", Type: OfObject, Many: true, Shape: agreementRefV4, Desc: "Agreements with the customer."},
	{Name: "characteristic", Type: OfObject, Many: true, Shape: characteristicV4, Desc: "What else is known."},
	{Name: "contactMedium", Type: OfObject, Many: true, Shape: contactMediumV4, Desc: "Ways to reach the customer."},
	{Name: "creditProfile", Type: OfObject, Many: true, Shape: creditProfile("CreditProfile", false), Desc: "Credit profiles, the current one first."},
	{Name: "paymentMethod", Type: OfObject, Many: true, Shape: paymentMethodRefV4, Desc: "How the customer pays."},
	{Name: "relatedParty", Type: OfObject, Many: true, Shape: relatedPartyV4, Desc: "Parties that have to do with the customer."},
	{Name: "@type", Type: OfString, Default: jsondoc.Text("Customer"), Desc: "Name of the class."},
}, extensionFields()[1:])}
