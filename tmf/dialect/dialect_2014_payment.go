package dialect

// The 2014 dialect's paymentMean (tmf-customer.md 1.3, 8.5).

var BankAccount2014 = &Shape{Name: "BankAccount", Desc: "A bank account.", Fields: []Field{
	{Name: "BIC", Aliases: []string{"bic"}, Type: OfString, Key: "BANK_IDENTIFIER_CODE", Desc: "International code of the bank."},
	{Name: "IBAN", Aliases: []string{"iban"}, Type: OfString, Key: "IBAN_NUMBER", Desc: "International number of the account."},
	{Name: "domiciliation", Type: OfString, Desc: "Bank agency that keeps the account."},
	{Name: "accountNumber", Type: OfString, Key: "BANK_ACCOUNT_NUMBER", Desc: "National number of the account."},
	{Name: "registrationNumber", Type: OfString, Key: "BANK_REG_NUMBER", Desc: "National number of the bank."},
	{Name: "PBSNumber", Type: OfString, Key: "PBS_NUMBER", Desc: "Danish direct debit."},
	{Name: "EANNumber", Type: OfString, Key: "EAN_NUMBER", Desc: "Danish electronic invoice."},
	{Name: "accountHolder", Type: OfString, Desc: "Whose account it is."},
}}

var creditCard2014 = &Shape{Name: "CreditCard", Desc: "A payment card.", Fields: []Field{
	{Name: "creditCardHolder", Aliases: []string{"holder"}, Type: OfString, Desc: "Name on the card."},
	{Name: "type", Type: OfString, Desc: "Brand of the card."},
	{Name: "number", Type: OfString, Desc: "Number of the card, masked."},
	{Name: "expirationDate", Type: OfDateTime, Desc: "When the card expires."},
}}

// payer2014 may be a party that nobody has a number for.
var payer2014 = &Shape{
	Name: "Payer", Desc: "The party that pays.",
	Homes: relatedParty2014.Homes,
	Fields: []Field{
		optional(refID), refHref,
		{Name: "role", Type: OfString, Desc: "What the party is to the payment mean."},
		refName,
		validFor("Period of the relation."),
	},
}

var paymentMean2014 = &Shape{Name: "PaymentMean", Desc: "A way to pay, with its details.", Fields: with(computedFields(), []Field{
	{Name: "name", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "Name of the payment mean."},
	{Name: "type", Type: OfString, Mandatory: true, NonEmpty: true, Desc: "BankAccountDebit, CreditCard or another kind."},
	{Name: "relatedParty", Type: OfObject, Shape: payer2014, Mandatory: true, Desc: "Who pays."},
	{Name: "bankAccount", Type: OfObject, Shape: BankAccount2014, Desc: "The bank account to debit.", Needed: []Need{
		{Field: "type", Value: "BankAccountDebit"},
		{Field: "type", Value: "CreditCard", Unless: true, Strict: true},
	}},
	{Name: "creditCard", Type: OfObject, Shape: creditCard2014, Desc: "The card to charge.", Needed: []Need{
		{Field: "type", Value: "CreditCard"},
	}},
	validFor("Period of the payment mean."),
})}
