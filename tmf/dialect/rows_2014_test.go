package dialect_test

import (
	"rator/tmf/problem"
	"rator/tmf/tmftest"
)

// The tables of tmf-customer.md 1.1 to 1.3, row by row.

const (
	oddPeriod   = `{"startDateTime":"2013-06-19T04:00:00.0Z","endDateTime":"2013-04-19T20:42:23.000+0000"}`
	otherPeriod = `{"startDateTime":"2020-01-01","endDateTime":"2021-12-31T23:59:59","note":"mine"}`
	emailMedium = `{"preferred":true,"type":"Email","validFor":` + oddPeriod + `,"medium":{"emailAddress":"r@example.org","x":[1.50]}}`
)

var periodFaults = []fault{
	{`"always"`, problem.BadFormat, "validFor must be an object, not a string", true},
	{`{"startDateTime":"tomorrow"}`, problem.BadFormat, `validFor.startDateTime must be a date-time`, true},
	{`{"endDateTime":7}`, problem.BadFormat, "validFor.endDateTime must be a date-time, not a number", true},
}

func textFaults(name string) []fault {
	return []fault{
		{`{"a":1}`, problem.BadFormat, name + " must be a string, not an object", true},
		{`["a"]`, problem.BadFormat, name + " must be a string, not an array", true},
		{`true`, problem.BadFormat, name + " must be a string, not a boolean", true},
	}
}

func mandatoryText(row, name string, values ...string) attribute {
	return attribute{row: row, name: name, values: values, mandatory: true,
		faults: append(textFaults(name), fault{`""`, problem.MissingField, name + " must not be empty", true}, fault{`" "`, problem.MissingField, name + " must not be empty", true})}
}

// computed is an attribute that clients do not give: what a POST or PUT says of it
// is not looked at, and a PATCH that has it is refused.
func computed(row, name string) attribute {
	return attribute{row: row, name: name, computed: true}
}

// missingIn are elements of an array that want something.
func missingIn(name string, of map[string]string) (all []fault) {
	for element, want := range of {
		all = append(all, fault{"[" + element + "]", problem.MissingField, name + "[0]." + want + " is mandatory", true})
	}
	return append(all, fault{`{}`, problem.BadFormat, name + " must be an array, not an object", true}, fault{`[7]`, problem.BadFormat, name + "[0] must be an object, not a number", true},
		fault{`[null]`, problem.BadFormat, name + "[0] must be an object, not null", true})
}

func mediumFaults(name string) []fault {
	return append(missingIn(name, map[string]string{`{"medium":{"emailAddress":"a@b"}}`: "type", `{"type":"Email"}`: "medium"}),
		fault{`[{"type":"Email","medium":{}}]`, problem.MissingField, name + "[0].medium must have a member at least", true},
		fault{`[{"type":"Email","medium":{"emailAddress":null}}]`, problem.MissingField, name + "[0].medium must have a member at least", true},
		fault{`[{"type":"Email","medium":{"emailAddress":"a@b"}},{"type":"Email","preferred":"yes","medium":{"emailAddress":"a"}}]`, problem.BadFormat, name + "[1].preferred must be a boolean, not a string", true},
		fault{`[{"type":"TelephoneNumber","medium":{"number":true}}]`, problem.BadFormat, name + "[0].medium.number must be a string, not a boolean", true},
		fault{`[{"type":true,"medium":{"number":"45"}}]`, problem.BadFormat, name + "[0].type must be a string, not a boolean", true})
}

func creditProfileFaults(name string) []fault {
	return append(missingIn(name, map[string]string{`{"validFor":{}}`: "creditProfileDate", `{"creditProfileDate":"2013-04-19"}`: "validFor"}),
		fault{`[{"creditProfileDate":"2013-04-19","validFor":{},"creditRiskRating":1.5}]`, problem.BadFormat, name + "[0].creditRiskRating must be an integer, not a number", true},
		fault{`[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"good"}]`, problem.BadFormat, name + "[0].creditScore must be an integer, not a string", true},
		fault{`[{"creditProfileDate":"19/4","validFor":{}}]`, problem.BadFormat, name + "[0].creditProfileDate must be a date-time", true})
}

var creditProfiles = []string{
	`[{"creditProfileDate":"2013-04-19T20:42:23.0Z","validFor":` + oddPeriod + `,"creditRiskRating":1,"creditScore":1},{"creditProfileDate":"2012-04-19","validFor":{"endDateTime":"2013-04-19"},"creditScore":"7"}]`,
	`[{"creditProfileDate":"2013-04-19","validFor":{}}]`,
}

var partyFaults = []fault{
	{`{"role":"customer"}`, problem.MissingField, "relatedParty.id is mandatory", false},
	{`[{"id":"1"}]`, problem.BadFormat, "relatedParty must be an object, not an array", true},
	{`{"id":true}`, problem.BadFormat, "relatedParty.id must be a string, not a boolean", true},
	{`{"id":"1","validFor":"x"}`, problem.BadFormat, "relatedParty.validFor must be an object, not a string", true},
}

var customerRows = resourceRows{
	resource: "customer", base: tmftest.Dialect2014, least: `{"name":"Least"}`,
	rows: []attribute{
		computed("1.1 id | string | computed", "id"),
		computed("1.1 href | string | computed", "href"),
		mandatoryText("1.1 name | M / M | non-empty", "name", `"Row One"`, `"Row  Two of them"`),
		{row: "1.1 status | O, server must supply", name: "status", values: []string{`"Prospective"`, `"on trial"`, `"In good standing"`}, faults: textFaults("status"), erased: "*"},
		{row: "1.1 description | O; must be supported", name: "description", values: []string{`"Description string"`, `""`, `"other"`}, faults: textFaults("description")},
		{row: "1.1 validFor | {startDateTime,endDateTime} | inverted periods, odd literals", name: "validFor", values: []string{oddPeriod, otherPeriod}, faults: periodFaults},
		{row: `1.1 customerRank | string | example "3"`, name: "customerRank", values: []string{`"3"`, `"gold"`}, faults: textFaults("customerRank")},
		{row: "1.1 relatedParty | single object | C: id only", name: "relatedParty", values: []string{`{"id":"1"}`, `{"id":"77","role":"customer","name":"John Doe","validFor":` + oddPeriod + `,"x":{"y":null}}`, `{"id":"5","href":"http://elsewhere/party/5"}`}, faults: partyFaults, erased: "*"},
		{row: "1.1 characteristic[] | {name, value} | C: both", name: "characteristic", values: []string{`[{"name":"n","value":"v"},{"name":"n","value":"w","x":1}]`, `[{"name":"hobby","value":""}]`}, erased: "*",
			faults: append(missingIn("characteristic", map[string]string{`{"value":"v"}`: "name", `{"name":"n"}`: "value"}), fault{`[{"name":"n","value":true}]`, problem.BadFormat, "characteristic[0].value must be a string, not a boolean", true})},
		{row: "1.1 contactMedium[] | C: type, medium; medium | at least one member", name: "contactMedium", erased: "*", faults: mediumFaults("contactMedium"), values: []string{
			"[" + emailMedium + `,{"type":"PostalAddress","medium":{"city":"Wien","country":"Austria","postcode":"1020","stateOrProvince":"Quebec","street1":"Lassallestrasse7","street2":""}},{"type":"TelephoneNumber","medium":{"type":"mobile","number":"+436641234567"}},{"type":"fax","medium":{"type":"business","number":"1"}}]`,
			`[{"type":"PostalAddress","medium":{"streetOne":"L 7","streetTwo":"x","stateOrProvice":"NY","city":"Wien"}},{"type":"Pigeon","medium":{"loft":"7"}}]`, "[" + emailMedium + "]",
		}},
		{row: "1.1 customerAccount[] | ref | C: id | dangling", name: "customerAccount", values: []string{`[{"id":"1"},{"id":"2","href":"http://elsewhere/2","name":"CustomerAccount2","description":"d","status":"Active"}]`, `[{"id":"none"}]`}, erased: "*",
			faults: append(missingIn("customerAccount", map[string]string{`{"name":"x","status":"y"}`: "id"}), fault{`[{"id":true}]`, problem.BadFormat, "customerAccount[0].id must be a string, not a boolean", true}, fault{`[{"id":""}]`, problem.MissingField, "customerAccount[0].id must not be empty", true})},
		{row: "1.1 customerCreditProfile[] | C: creditProfileDate, validFor | first element is the current one", name: "customerCreditProfile", values: creditProfiles, faults: creditProfileFaults("customerCreditProfile")},
		{row: "1.1 paymentMean[] | ref | C: id", name: "paymentMean", values: []string{`[{"id":"45","name":"my favourite payment mean"},{"id":"64"}]`, `[{"id":"pm9","href":"http://x/9"}]`}, erased: "*", faults: missingIn("paymentMean", map[string]string{`{"href":"http://x/1"}`: "id"})},
		{row: "0.2 Unknown attributes, at any depth, are stored and echoed", name: "xUnknown", values: []string{`{"y":[1,2.50,null,{"z":"\u00e6"}],"id":7}`, `1e2`, `"text"`, `[]`}},
	},
}

var accountRows = resourceRows{
	resource: "customerAccount", base: tmftest.Dialect2014, least: `{"name":"Least","accountType":"Residential"}`,
	rows: []attribute{
		computed("1.2 id, href | computed", "id"),
		computed("1.2 id, href | computed", "href"),
		computed("1.2 lastModified | date-time | computed", "lastModified"),
		mandatoryText("1.2 name | M / M", "name", `"Row account one"`, `"Row account two"`),
		mandatoryText("1.2 accountType | M / M | free text", "accountType", `"Residential"`, `"individual, joint"`),
		{row: "1.2 status | O, server supplies | free text", name: "status", values: []string{`"in progress"`, `"waiting"`}, faults: textFaults("status"), erased: "*"},
		{row: "1.2 description | O, must be supported", name: "description", values: []string{`"Description string"`, `"other"`}, faults: textFaults("description")},
		{row: "1.2 creditLimit | number | O", name: "creditLimit", values: []string{`1212121`, `"250.00"`, `12.50`, `0`, `9`}, erased: "*", faults: []fault{
			{`"much"`, problem.BadFormat, "creditLimit must be a number, not a string", true}, {`true`, problem.BadFormat, "creditLimit must be a number, not a boolean", true}, {`{"a":1}`, problem.BadFormat, "creditLimit must be a number, not an object", true}}},
		{row: "1.2 pin | string | O", name: "pin", values: []string{`"pin0"`, `"0000"`}, faults: textFaults("pin")},
		{row: "1.2 receivableBalance | number | O", name: "receivableBalance", values: []string{`52.3`, `52.30`}, business: true, erased: "*", faults: []fault{{`"much"`, problem.BadFormat, "receivableBalance must be a number, not a string", true}}},
		{row: "1.2 customerAccountTaxExemption[] | C: issuingJurisdiction", name: "customerAccountTaxExemption", values: []string{
			`[{"issuingJurisdiction":"SampleJurisdiction","certificateNumber":"CATaxExemption1","reason":"Reason","validFor":` + oddPeriod + `},{"issuingJurisdiction":"SampleJurisdiction"}]`, `[{"issuingJuridiction":"DK"}]`},
			faults: append(missingIn("customerAccountTaxExemption", map[string]string{`{"reason":"r"}`: "issuingJurisdiction"}),
				fault{`[{"issuingJurisdiction":true}]`, problem.BadFormat, "customerAccountTaxExemption[0].issuingJurisdiction must be a string", true},
				fault{`[{"issuingJuridiction":true}]`, problem.BadFormat, "customerAccountTaxExemption[0].issuingJuridiction must be a string", true},
				fault{`[{"issuingJurisdiction":"DK","certificateNumber":true}]`, problem.BadFormat, "customerAccountTaxExemption[0].certificateNumber must be a string", true},
				fault{`[{"issuingJurisdiction":"DK","validFor":[]}]`, problem.BadFormat, "customerAccountTaxExemption[0].validFor must be an object", true})},
		{row: "1.2 customerAccountRelationship[] | C: relationshipType + customerAccount[].id", name: "customerAccountRelationship", erased: "*", values: []string{
			`[{"relationshipType":"Type xx","validFor":` + oddPeriod + `,"customerAccount":[{"id":"1","name":"CustomerAccount1","description":"CustomerAccountDesc1"}]}]`, `[{"relationshipType":"paidBy"}]`},
			faults: append(missingIn("customerAccountRelationship", map[string]string{`{"customerAccount":[{"id":"1"}]}`: "relationshipType", `{"relationshipType":"t","customerAccount":[{"name":"x"}]}`: "customerAccount[0].id"}),
				fault{`[{"relationshipType":"t","customerAccount":{"id":"1"}}]`, problem.BadFormat, "customerAccountRelationship[0].customerAccount must be an array, not an object", true})},
		{row: "1.2 contact[] | neither contactType nor validFor, contactName at most", name: "contact", erased: "*", values: []string{
			`[{"contactType":"secondary","validFor":` + oddPeriod + `,"contactName":"DisplayName","partyRoleType":"CustomerAccountRepresentative","contactMedium":[` + emailMedium + `],"relatedParty":{"id":"1","role":"customer"}}]`,
			`[{"contactName":"B"}]`, `[{"type":"technical","name":"B","medium":[{"type":"PostalAddress","medium":{"streetOne":"x"}}]}]`},
			faults: append(missingIn("contact", map[string]string{`{"contactType":"primary"}`: "contactName", `{"contactName":"B","relatedParty":{"role":"x"}}`: "relatedParty.id",
				`{"contactName":"B","contactMedium":[{"medium":{"number":"1"}}]}`: "contactMedium[0].type", `{"name":"B","medium":[{"type":"Email"}]}`: "medium[0].medium"}),
				fault{`[{"contactName":true}]`, problem.BadFormat, "contact[0].contactName must be a string", true}, fault{`[{"contactName":"B","partyRoleType":true}]`, problem.BadFormat, "contact[0].partyRoleType must be a string", true})},
		{row: "1.2 customer | ref, single object | C: id, not required to exist", name: "customer", values: []string{`{"id":"none"}`, `{"id":"1","href":"http://elsewhere/1","name":"Customer1","description":"CustomerDesc1"}`}, business: true, erased: "*",
			faults: []fault{{`{"href":"http://x/1"}`, problem.MissingField, "customer.id is mandatory", false}, {`[{"id":"1"}]`, problem.BadFormat, "customer must be an object, not an array", true}, {`{"id":true}`, problem.BadFormat, "customer.id must be a string, not a boolean", true}}},
		{row: "1.2 customerAccountBalance[] | C: type, amount", name: "customerAccountBalance", business: true, erased: "*", values: []string{
			`[{"type":"ReceivableBalance","amount":52.3,"validFor":` + oddPeriod + `,"status":"Due"},{"type":"DisputedBalance","amount":0.10}]`, `[{"type":"LoyaltyBalance","amount":100}]`},
			faults: append(missingIn("customerAccountBalance", map[string]string{`{"amount":1}`: "type", `{"type":"DepositBalance"}`: "amount"}), fault{`[{"type":"t","amount":"x"}]`, problem.BadFormat, "customerAccountBalance[0].amount must be a number, not a string", true})},
		{row: "1.2 paymentPlan[] | C: status, type, priority; paymentMean.id if given", name: "paymentPlan", erased: "*", values: []string{
			`[{"status":"Effective","type":"Type1","priority":1,"amount":15.3,"paymentFrequency":"monthly","numberOfPayments":4,"validFor":` + oddPeriod + `},{"status":"Ineffective","type":"Type2","priority":2,"amount":20,"numberOfPayments":"2","paymentMean":{"id":"70"}}]`, `[{"status":"s","type":"t","priority":1.0}]`},
			faults: append(missingIn("paymentPlan", map[string]string{`{"type":"t","priority":1}`: "status", `{"status":"s","priority":1}`: "type", `{"status":"s","type":"t"}`: "priority", `{"status":"s","type":"t","priority":1,"paymentMean":{}}`: "paymentMean.id"}),
				fault{`[{"status":"s","type":"t","priority":1.5}]`, problem.BadFormat, "paymentPlan[0].priority must be an integer, not a number", true},
				fault{`[{"status":"s","type":"t","priority":"x"}]`, problem.BadFormat, "paymentPlan[0].priority must be an integer, not a string", true},
				fault{`[{"status":"s","type":"t","priority":1,"numberOfPayments":"few"}]`, problem.BadFormat, "paymentPlan[0].numberOfPayments must be an integer, not a string", true},
				fault{`[{"status":"s","type":"t","priority":1,"amount":"x"}]`, problem.BadFormat, "paymentPlan[0].amount must be a number, not a string", true})},
		{row: "0.2 Unknown attributes, at any depth, are stored and echoed", name: "xUnknown", values: []string{`{"y":[1,2.50,null]}`, `"text"`}},
	},
}

var meanRows = resourceRows{
	resource: "paymentMean", base: tmftest.Dialect2014, least: `{"name":"Least","type":"Cash","relatedParty":{"id":"1"}}`,
	rows: []attribute{
		computed("1.3 id, href | ignored | PATCH no", "id"),
		computed("1.3 id, href | ignored | PATCH no", "href"),
		mandatoryText("1.3 name | M", "name", `"My favourite payment mean"`, `"other"`),
		mandatoryText("1.3 type | M", "type", `"Cash"`, `"Voucher"`),
		{row: "1.3 relatedParty | single object | M (object present)", name: "relatedParty", mandatory: true, values: []string{`{}`, `{"id":"1","role":"customer","name":"Gustave Flaubert"}`, `{"id":"2","href":"http://x/2"}`},
			faults: []fault{{`[{"id":"1"}]`, problem.BadFormat, "relatedParty must be an object, not an array", true}, {`{"id":true}`, problem.BadFormat, "relatedParty.id must be a string, not a boolean", true}}},
		{row: "1.3 bankAccount | {BIC, IBAN, domiciliation, accountHolder}", name: "bankAccount", with: `"type":"BankAccountDebit"`, mandatory: true, values: []string{
			`{"BIC":"PSSTFRPPPAR","domiciliation":"LaBanquePostale–75900ParixCedex15","IBAN":"FR4620061009010835927F33098","accountHolder":"Mr.GustaveFlaubert"}`, `{"BIC":"DABADKKK"}`},
			faults: []fault{{`"x"`, problem.BadFormat, "bankAccount must be an object, not a string", true}, {`{"IBAN":true}`, problem.BadFormat, "bankAccount.IBAN must be a string, not a boolean", true}}},
		{row: "1.0 bankAccount.BIC / IBAN in the example, bic / iban in the table", name: "bankAccount", with: `"type":"BankAccountDebit"`, mandatory: true, values: []string{`{"bic":"PSSTFRPPPAR","iban":"FR4620061009010835927F33098"}`},
			faults: []fault{{`{"iban":true}`, problem.BadFormat, "bankAccount.iban must be a string, not a boolean", true}}},
		{row: "1.3 creditCard | {creditCardHolder, type, number, expirationDate} | number masked", name: "creditCard", with: `"type":"CreditCard"`, mandatory: true, values: []string{
			`{"creditCardHolder":"Mr.GustaveFlaubert","type":"Visa","number":"xxxxx1234","expirationDate":"2014-09-30T00:00:00.0Z"}`, `{"type":"Mastercard"}`},
			faults: []fault{{`{"expirationDate":"09/14"}`, problem.BadFormat, "creditCard.expirationDate must be a date-time", true}, {`{"number":true}`, problem.BadFormat, "creditCard.number must be a string, not a boolean", true},
				{`{"cvv":"123"}`, problem.BadUsage, "creditCard.cvv", true}}},
		{row: "1.0 creditCard.creditCardHolder / holder; RI compares CreditCard case-insensitively", name: "creditCard", with: `"type":"creditcard"`, mandatory: true, values: []string{`{"holder":"A"}`}, faults: []fault{{`{"holder":true}`, problem.BadFormat, "creditCard.holder must be a string", true}}},
		{row: "1.3 validFor | period | O", name: "validFor", values: []string{oddPeriod, otherPeriod}, faults: periodFaults},
		{row: "1.3 status | not in this version: an unknown attribute", name: "status", values: []string{`"x"`, `7`}},
		{row: "0.2 Unknown attributes, at any depth, are stored and echoed", name: "xUnknown", values: []string{`{"y":[1,2.50,null]}`, `"text"`}},
	},
}
