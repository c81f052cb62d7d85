package dialect

import "rator/tmf/jsondoc"

// The v3 dialect's customer (R18; tmf-customer.md 1.4). References to accounts
// and payment methods point to the 2014 dialect, where they can be read.

const (
	accountHome   = "/customerManagement/customerAccount"
	paymentHome   = "/customerManagement/paymentMean"
	partyV3Home   = "/tmf-api/partyManagement/v3/individual"
	companyV3Home = "/tmf-api/partyManagement/v3/organization"
	Organization  = "Organization"
)

var referredType = Field{Name: "@referredType", Type: OfString, NonEmpty: true, Desc: "Class of what is referred to, such as Individual or Organization."}

var partyV3Homes = []Home{{ReferredType: Organization, Path: companyV3Home}, {Path: partyV3Home}}

var mediumFieldsLater = []Field{
	{Name: "contactType", Type: OfString, Desc: "Kind of address or number, such as mobile."},
	{Name: "emailAddress", Type: OfString, Key: "EMAIL", Desc: "E-mail address."},
	{Name: "phoneNumber", Type: OfString, Key: "PHONE1", Desc: "Telephone number."},
	{Name: "faxNumber", Type: OfString, Key: "FAX", Desc: "Fax number."},
	{Name: "socialNetworkId", Type: OfString, Desc: "Name in a social network."},
	{Name: "street1", Type: OfString, Key: "STREET", Desc: "Street."},
	{Name: "street2", Type: OfString, Key: "ADDRESS2", Desc: "Second line of the street."},
	{Name: "city", Type: OfString, Key: "CITY", Desc: "City."},
	{Name: "stateOrProvince", Type: OfString, Key: "STATE", Desc: "State or province."},
	{Name: "postCode", Aliases: []string{"postcode"}, Type: OfString, Key: "ZIP", Desc: "Postcode."},
	{Name: "country", Type: OfString, Key: "COUNTRY", Desc: "Country."},
}

// mediumV3 still knows the type and number of the 2014 dialect.
var mediumV3 = &Shape{Name: "MediumCharacteristic", Desc: "The address or number.", Fields: with(mediumFieldsLater, []Field{
	{Name: "type", Type: OfString, Desc: "Kind of number, such as mobile."},
	{Name: "number", Type: OfString, Key: "PHONE1", Desc: "Telephone or fax number."},
}, extensionFields())}

var contactMediumV3 = &Shape{Name: "ContactMedium", Desc: "A way to reach the customer.", Fields: with([]Field{
	{Name: "preferred", Type: OfBoolean, Default: jsondoc.BoolOf(false), Desc: "Whether this is the medium to use first."},
	{Name: "type", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Email, TelephoneNumber, PostalAddress or another kind."},
	validFor("Period in which the medium may be used."),
	{Name: "characteristic", Type: OfObject, Shape: mediumV3, Mandatory: true, NonEmpty: true, Desc: "The address or number."},
}, extensionFields())}

// engagedPartyV3 may be a party that has a name only.
var engagedPartyV3 = &Shape{
	Name: "EngagedParty", Desc: "The party that the customer is.", Homes: partyV3Homes,
	Fields: with([]Field{optional(refID), refHref, refName, referredType}, extensionFields()),
}

var relatedPartyV3 = &Shape{
	Name: "RelatedParty", Desc: "A party, or a role of one, that has to do with the customer.", Homes: partyV3Homes,
	Fields: with([]Field{
		optional(refID), refHref,
		{Name: "role", Type: OfString, Desc: "What the party is to the customer."},
		refName,
		validFor("Period of the relation."),
		referredType,
	}, extensionFields()),
}

// accountRefV3 has all three mandatory: a client that follows R18 sends them.
var accountRefV3 = &Shape{
	Name: "AccountRef", Desc: "A reference to an account.", Homes: []Home{{Path: accountHome}},
	Fields: with([]Field{
		refID, mandatory(refHref), mandatory(refName),
		{Name: "description", Type: OfString, Desc: "Description of the account."},
		referredType,
	}, extensionFields()),
}

var paymentMethodRefV3 = &Shape{
	Name: "PaymentMethodRef", Desc: "A reference to a payment method.", Homes: []Home{{Path: paymentHome}},
	Fields: with([]Field{optional(refID), refHref, refName, referredType}, extensionFields()),
}

var agreementRefV3 = &Shape{
	Name: "AgreementRef", Desc: "A reference to an agreement.",
	Fields: with([]Field{optional(refID), refHref, refName, referredType}, extensionFields()),
}

var roleTypeRefV3 = &Shape{Name: "RoleTypeRef", Desc: "A reference to a type of role.", Fields: with([]Field{
	optional(refID), refHref, refName,
	{Name: "partyRoleSpecification", Type: OfAny, Desc: "The specification of the role."},
}, extensionFields())}

var customerV3 = &Shape{Name: "Customer", Desc: "Who buys products and services: a party in the role of customer.", Fields: with(computedFields(), []Field{
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name to show."},
	{Name: "status", Type: OfString, Default: created, Desc: "Where in its life the customer is."},
	{Name: "statusReason", Type: OfString, Desc: "Why the status is what it is."},
	validFor("Period in which the party is a customer."),
	{Name: "engagedParty", Type: OfObject, Shape: engagedPartyV3, Desc: "The party that the customer is."},
	{Name: "type", Type: OfObject, Shape: roleTypeRefV3, Desc: "Type of the role."},
	{Name: "account", Type: OfObject, Many: true, Shape: accountRefV3, Desc: "The customer's accounts."},
	{Name: "paymentMethod", Type: OfObject, Many: true, Shape: paymentMethodRefV3, Desc: "How the customer pays."},
	{Name: "contactMedium", Type: OfObject, Many: true, Shape: contactMediumV3, Desc: "Ways to reach the customer."},
	{Name: "characteristic", Type: OfObject, Many: true, Shape: characteristic2014, Desc: "What else is known."},
	{Name: "creditProfile", Type: OfObject, Many: true, Shape: creditProfile("CreditProfile", false), Desc: "Credit profiles, the current one first."},
	{Name: "agreement", Type: OfObject, Many: true, Shape: agreementRefV3, Desc: "Agreements with the customer."},
	{Name: "relatedParty", Type: OfObject, Many: true, Shape: relatedPartyV3, Desc: "Parties that have to do with the customer."},
}, extensionFields())}
