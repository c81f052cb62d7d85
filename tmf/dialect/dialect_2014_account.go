package dialect

// The 2014 dialect's customerAccount (tmf-customer.md 1.2).

var customerRef2014 = &Shape{
	Name: "CustomerRef", Desc: "A reference to a customer.",
	Homes: []Home{{Path: "customer"}},
	Fields: []Field{
		refID, refHref, refName,
		{Name: "description", Type: OfString, Desc: "Description of the customer."},
	},
}

var taxExemption2014 = &Shape{Name: "CustomerAccountTaxExemption", Desc: "Proof that a jurisdiction's taxes are not owed.", Fields: []Field{
	{Name: "issuingJurisdiction", Aliases: []string{"issuingJuridiction"}, Type: OfString, Mandatory: true, NonEmpty: true, Desc: "The jurisdiction."},
	{Name: "certificateNumber", Type: OfString, Desc: "Identifier of the document that proves it."},
	{Name: "reason", Type: OfString, Desc: "Why no tax is owed."},
	validFor("Period of the exemption."),
}}

var accountRelationship2014 = &Shape{Name: "CustomerAccountRelationship", Desc: "What other accounts are to this one.", Fields: []Field{
	{Name: "relationshipType", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Kind of relation."},
	validFor("Period of the relation."),
	{Name: "customerAccount", Type: OfObject, Many: true, Shape: customerAccountRef2014, Desc: "The other accounts."},
}}

var Contact2014 = &Shape{Name: "Contact", Desc: "A person or organization to turn to about the account.", Fields: []Field{
	{Name: "contactType", Aliases: []string{"type"}, Type: OfString, Desc: "Primary, secondary or another kind."},
	{Name: "contactName", Aliases: []string{"name"}, Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name to show."},
	{Name: "partyRoleType", Type: OfString, Desc: "Kind of role the contact has."},
	validFor("Period in which this is the contact."),
	{Name: "contactMedium", Aliases: []string{"medium"}, Type: OfObject, Many: true, Shape: contactMedium2014, Desc: "Ways to reach the contact."},
	{Name: "relatedParty", Type: OfObject, Shape: relatedParty2014, Desc: "The party the contact is."},
}}

var balance2014 = &Shape{Name: "CustomerAccountBalance", Desc: "A balance of the account.", Fields: []Field{
	{Name: "type", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "ReceivableBalance, DepositBalance, DisputedBalance or LoyaltyBalance."},
	{Name: "amount", Type: OfNumber, Mandatory: true, Desc: "The amount."},
	validFor("Period of the balance."),
	{Name: "status", Type: OfString, Fold: true, Desc: "Due or Paid."},
}}

var paymentPlan2014 = &Shape{Name: "PaymentPlan", Desc: "How payments are spread over time.", Fields: []Field{
	{Name: "status", Type: OfString, Fold: true, Mandatory: true, NonEmpty: true, Desc: "Effective or Ineffective."},
	{Name: "type", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Kind of plan."},
	{Name: "priority", Type: OfInteger, Mandatory: true, Desc: "Which plan counts before which."},
	{Name: "amount", Type: OfNumber, Desc: "Amount of one payment."},
	{Name: "paymentFrequency", Type: OfString, Desc: "How often a payment is due, such as monthly."},
	{Name: "numberOfPayments", Type: OfInteger, AsText: true, Desc: "How many payments there are."},
	validFor("Period of the plan."),
	{Name: "paymentMean", Type: OfObject, Shape: paymentMeanRef2014, Desc: "How the payments are made."},
}}

var account2014 = &Shape{Name: "CustomerAccount", Desc: "What a customer is billed on.", Fields: with(computedFields(), []Field{
	{Name: "lastModified", Type: OfDateTime, Fixed: true, Computed: true, Desc: "When the account was changed last."},
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Key: "NAME", Desc: "Name of the account."},
	{Name: "accountType", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Category of the account, such as Residential or Business."},
	{Name: "status", Type: OfString, Fold: true, Default: created, Desc: "Condition of the account, such as due, paid or in arrears."},
	{Name: "description", Type: OfString, Desc: "Description in words."},
	{Name: "creditLimit", Type: OfNumber, AsText: true, Desc: "Most that may be charged on the account."},
	{Name: "pin", Type: OfString, Desc: "Personal identification number."},
	{Name: "receivableBalance", Type: OfNumber, Desc: "What is owed on the account in all."},
	{Name: "customerAccountTaxExemption", Type: OfObject, Many: true, Shape: taxExemption2014, Desc: "Exemptions from tax."},
	{Name: "customerAccountRelationship", Type: OfObject, Many: true, Shape: accountRelationship2014, Desc: "Relations to other accounts."},
	{Name: "contact", Type: OfObject, Many: true, Shape: Contact2014, Desc: "Whom to turn to."},
	{Name: "customer", Type: OfObject, Shape: customerRef2014, Desc: "Whose account it is."},
	{Name: "customerAccountBalance", Type: OfObject, Many: true, Shape: balance2014, Desc: "Balances."},
	{Name: "paymentPlan", Type: OfObject, Many: true, Shape: paymentPlan2014, Desc: "Payment plans."},
})}
