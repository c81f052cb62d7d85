package resource_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/tmftest"
	"rator/workflow/value"
)

// mappingRow is a row or rule of tmf-customer.md 8, and what shows it.
type mappingRow struct {
	row  string
	show func(m *mapped)
}

// mapped is a server with a customer of its own for a row: a person with an
// active subscription, made over SOAP.
type mapped struct {
	*testing.T
	ts *tmftest.Server
	tmftest.Person
}

func (m *mapped) get(path string) jsondoc.Value {
	m.Helper()
	return m.ts.Ask(m, "GET", path, "").Want(m, 200).Document(m)
}

func (m *mapped) customer(base string) jsondoc.Value {
	m.Helper()
	return m.get(base + "/customer/c" + m.Account)
}

func (m *mapped) groupDoc() jsondoc.Value {
	m.Helper()
	return m.get(tmftest.AccountsPath + "/ca" + m.Group)
}

func (m *mapped) patch(path, body string) jsondoc.Value {
	m.Helper()
	return m.ts.Ask(m, "PATCH", path, body).Want(m, 200).Document(m)
}

func (m *mapped) is(doc jsondoc.Value, path, want string) {
	m.Helper()
	wantText(m.T, doc, path, want)
}

func (m *mapped) seen() value.Tree {
	m.Helper()
	return m.ts.Call(m.T, "SOAP_GET_ACCOUNT", text("ACCOUNT_ID", m.Account)).Items("ACCOUNT")
}

func (m *mapped) user(id string) value.Tree {
	m.Helper()
	return m.ts.Call(m.T, "SOAP_GET_USER", text("USER_ID", id)).Items("USER")
}

func (m *mapped) soap(tree value.Tree, path, want string) {
	m.Helper()
	got := ""
	if e := tree.Path(path); e != nil {
		got = e.Text
	}
	if got != want {
		m.Errorf("SOAP says that %s is %q, want %q", path, got, want)
	}
}

func (m *mapped) extraUser() string {
	m.Helper()
	return m.ts.Call(m.T, "SOAP_CREATE_USER", text("ACCOUNT_ID", m.Account), value.Of("USER", text("FIRST_NAME", "Bo"), text("LAST_NAME", "Ek"), text("EMAIL", "bo@example.com"))).Path("USER/ID").Text
}

var mappingRows = []mappingRow{
	{"8.1 Customer | POST creates Account + owner User + one default Billing Group", func(m *mapped) {
		a := m.ts.Ask(m, "POST", tmftest.Dialect2014+"/customer", `{"name":"Cy Dahl"}`).Want(m, 201)
		account := m.ts.Call(m.T, "SOAP_GET_ACCOUNT", text("ACCOUNT_ID", a.Text(m, "id")[1:])).Items("ACCOUNT")
		m.soap(account, "BILLING_GROUPS/BILLING_GROUP/ID", a.Text(m, "customerAccount.id")[2:])
		owner := m.user(account.Text("OWNER_ID"))
		m.soap(owner, "FIRST_NAME", "Cy")
		m.soap(owner, "LAST_NAME", "Dahl")
	}},
	{"8.1 Customer.relatedParty | owner User, role customer; individual or organization", func(m *mapped) {
		doc := m.customer(tmftest.Dialect2014)
		m.is(doc, "relatedParty.id", m.Owner)
		m.is(doc, "relatedParty.role", "customer")
		m.is(doc, "relatedParty.href", tmftest.Host+"/partyManagement/individual/"+m.Owner)
		id := m.ts.Ask(m, "POST", tmftest.Dialect2014+"/customer", `{"name":"Firm","characteristic":[{"name":"rator.accountType","value":"Company"}]}`).Want(m, 201).Text(m, "id")
		m.is(m.get(tmftest.DialectV4+"/customer/"+id), "engagedParty.@referredType", "Organization")
		if href := tmftest.TextAt(m.get(tmftest.DialectV4+"/customer/"+id), "engagedParty.href"); !strings.Contains(href, "/organization/") {
			m.Errorf("the party of a company is at %s", href)
		}
	}},
	{"8.1 Customer.relatedParty | naming another user makes it the owner", func(m *mapped) {
		other := m.extraUser()
		m.is(m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"relatedParty":{"id":"`+other+`","href":null,"name":null}}`), "name", "Bo Ek")
		m.soap(m.seen(), "OWNER_ID", other)
	}},
	{"8.1 Customer.contactMedium[] | owner's e-mail, phones, addresses; preferred = first of its kind", func(m *mapped) {
		doc := m.customer(tmftest.Dialect2014)
		for path, want := range map[string]string{"contactMedium.0.type": "Email", "contactMedium.0.preferred": "true", "contactMedium.1.type": "TelephoneNumber", "contactMedium.2.type": "PostalAddress", "contactMedium.2.medium.city": "Odense", "contactMedium.2.medium.postcode": "5000"} {
			m.is(doc, path, want)
		}
		m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"contactMedium":[{"type":"Email","medium":{"emailAddress":"one@x.dk"}},{"type":"Email","medium":{"emailAddress":"two@x.dk"}},{"type":"TelephoneNumber","medium":{"number":"11"}},{"type":"TelephoneNumber","medium":{"number":"22"}},{"type":"TelephoneNumber","medium":{"number":"33"}},{"type":"fax","medium":{"number":"44"}},{"type":"PostalAddress","medium":{"street1":"Nygade 1","street2":"c/o","city":"Wien","stateOrProvince":"W","postcode":"1020","country":"Austria"}}]}`)
		owner := m.user(m.Owner)
		for key, want := range map[string]string{"EMAIL": "one@x.dk", "EMAIL2": "two@x.dk", "PHONE1": "11", "PHONE2": "22", "PHONE3": "33", "FAX": "44", "STREET": "Nygade 1", "STREET_NUMBER": "", "ADDRESS2": "c/o", "CITY": "Wien", "ADDRESS_STATE": "W", "ZIP": "1020", "COUNTRY": "Austria"} {
			m.soap(owner, key, want)
		}
	}},
	{"8.1 Customer.contactMedium[] | taken away over TM Forum, it is gone over SOAP", func(m *mapped) {
		m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"contactMedium":null}`)
		owner := m.user(m.Owner)
		for _, key := range []string{"EMAIL", "PHONE1", "STREET", "CITY", "ZIP"} {
			m.soap(owner, key, "")
		}
	}},
	{"8.1 Customer.customerAccount[] | computed, merged with client-sent dangling refs", func(m *mapped) {
		m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"customerAccount":[{"id":"elsewhere","status":"x"},{"id":"ca`+m.Group+`","note":"mine"}]}`)
		m.ts.Call(m.T, "SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", m.Account), text("OWNER_ID", m.Owner), text("PRODUCT_CODE", "POST_PAID"), value.Of("BILLING_GROUP", text("NAME", "New")))
		doc := m.customer(tmftest.Dialect2014)
		m.is(doc, "customerAccount.0.id", "elsewhere")
		m.is(doc, "customerAccount.1.note", "mine")
		m.is(doc, "customerAccount.2.name", "New")
	}},
	{"8.1 Customer.paymentMean[] | payment details of those Billing Groups", func(m *mapped) {
		m.is(m.customer(tmftest.Dialect2014), "paymentMean", "null")
		m.ts.Call(m.T, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", m.Group), text("IBAN_NUMBER", "DK5000400440116243")))
		m.is(m.customer(tmftest.Dialect2014), "paymentMean.id", "pm"+m.Group)
		m.is(m.customer(tmftest.DialectV3), "paymentMethod.id", "pm"+m.Group)
		m.is(m.customer(tmftest.DialectV4), "paymentMethod.href", tmftest.Host+tmftest.MeansPath+"/pm"+m.Group)
	}},
	{"8.1 Customer.customerCreditProfile[] | none in Rator, overlay", func(m *mapped) {
		m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"customerCreditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":7}]}`)
		m.is(m.customer(tmftest.DialectV4), "creditProfile.creditScore", "7")
	}},
	{"8.1 Customer.characteristic[] | fixed names; unknown names in the overlay", func(m *mapped) {
		doc := m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"characteristic":[{"name":"rator.title","value":"Dr."},{"name":"rator.gender","value":"F"},{"name":"rator.birthDate","value":"1990-12-31"},{"name":"rator.personalId","value":"123"},{"name":"rator.vatNumber","value":"V1"},{"name":"rator.language","value":"SE"},{"name":"hobby","value":"chess"},{"name":"rator.customerNumber","value":"forged"}]}`)
		owner := m.user(m.Owner)
		for key, want := range map[string]string{"TITLE": "Dr.", "GENDER": "F", "PERSONAL_ID": "123", "VAT_NUMBER": "V1", "LANGUAGE_CODE": "SE"} {
			m.soap(owner, key, want)
		}
		if birthday := owner.Text("BIRTHDAY"); !strings.HasPrefix(birthday, "1990-12-31") {
			m.Errorf("BIRTHDAY is %s", birthday)
		}
		if strings.Contains(doc.String(), "forged") || !strings.Contains(doc.String(), `{"name":"hobby","value":"chess"}`) {
			m.Errorf("%s", doc)
		}
		m.ts.Ask(m, "PATCH", tmftest.Dialect2014+"/customer/c"+m.Account, `{"characteristic":[{"name":"rator.birthDate","value":"soon"}]}`).Refused(m, problem.BadFormat, "rator.birthDate")
	}},
	{"8.1 Customer.description, customerRank in later dialects as characteristics (1.4)", func(m *mapped) {
		m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"description":"d","customerRank":"3"}`)
		for _, base := range []string{tmftest.DialectV3, tmftest.DialectV4} {
			if doc := m.customer(base).String(); !strings.Contains(doc, `{"name":"description","value":"d"`) || !strings.Contains(doc, `{"name":"customerRank","value":"3"`) {
				m.Errorf("%s: %s", base, doc)
			}
		}
	}},
	{"8.1 CustomerAccount | Billing Group", func(m *mapped) {
		m.is(m.groupDoc(), "accountType", "Residential")
		m.is(m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"name":"Home","creditLimit":250}`), "creditLimit", "250")
		m.soap(m.seen(), "BILLING_GROUPS/BILLING_GROUP/NAME", "Home")
		m.soap(m.user(m.Owner), "CREDIT_LIMIT", "250")
	}},
	{"8.1 CustomerAccount.contact[] | primary = owner, billing = billing address, delivery", func(m *mapped) {
		other := m.extraUser()
		m.ts.Call(m.T, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", m.Group), text("BILLING_ADDRESS_ID", other)))
		doc := m.groupDoc()
		for path, want := range map[string]string{"contact.0.contactType": "primary", "contact.0.relatedParty.id": m.Owner, "contact.1.contactType": "billing", "contact.1.relatedParty.id": other, "contact.1.contactName": "Bo Ek", "contact.1.contactMedium.medium.emailAddress": "bo@example.com"} {
			m.is(doc, path, want)
		}
		m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"contact":[{"contactType":"primary","contactName":"Bo Ek","relatedParty":{"id":"`+other+`"}},{"contactType":"delivery","contactName":"Bo","relatedParty":{"id":"`+other+`"}}]}`)
		m.soap(m.seen(), "BILLING_GROUPS/BILLING_GROUP/OWNER_ID", other)
		m.soap(m.seen(), "BILLING_GROUPS/BILLING_GROUP/BILLING_ADDRESS_ID", "")
		second := m.ts.Call(m.T, "SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", m.Account), text("OWNER_ID", m.Owner), text("PRODUCT_CODE", "POST_PAID")).Path("BILLING_GROUP/ID").Text
		if contacts := tmftest.At(m.get(tmftest.AccountsPath+"/ca"+second), "contact").String(); !strings.Contains(contacts, `"contactType":"delivery"`) {
			m.Errorf("nobody takes deliveries: %s", contacts)
		}
		doc = m.groupDoc()
		m.is(doc, "contact.0.relatedParty.id", other)
		m.is(doc, "contact.1.relatedParty.id", other)
		m.is(doc, "contact.2", "null")
	}},
	{"8.1 customerAccountRelationship[] | sibling groups, computed + overlay", func(m *mapped) {
		m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"customerAccountRelationship":[{"relationshipType":"paidBy","customerAccount":[{"id":"x"}]}]}`)
		made := m.ts.Call(m.T, "SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", m.Account), text("OWNER_ID", m.Owner), text("PRODUCT_CODE", "POST_PAID")).Path("BILLING_GROUP/ID").Text
		doc := m.groupDoc()
		m.is(doc, "customerAccountRelationship.0.relationshipType", "paidBy")
		m.is(doc, "customerAccountRelationship.1.relationshipType", "sameCustomer")
		m.is(doc, "customerAccountRelationship.1.customerAccount.id", "ca"+made)
	}},
	{"8.1 paymentPlan[] | one synthetic plan, dropped when the client replaces the array", func(m *mapped) {
		doc := m.groupDoc()
		for path, want := range map[string]string{"paymentPlan.0.status": "Effective", "paymentPlan.0.priority": "1", "paymentPlan.0.paymentFrequency": "monthly", "paymentPlan.1": "null"} {
			m.is(doc, path, want)
		}
		doc = m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"paymentPlan":[{"status":"s","type":"mine","priority":2}]}`)
		m.is(doc, "paymentPlan.0.type", "mine")
		m.is(doc, "paymentPlan.1", "null")
	}},
	{"8.1 PaymentMean | one Rator row, relatedParty = payer", func(m *mapped) {
		m.ts.Call(m.T, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", m.Group), text("IBAN_NUMBER", "DK5000400440116243"), text("BANK_IDENTIFIER_CODE", "DABADKKK")))
		doc := m.get(tmftest.MeansPath + "/pm" + m.Group)
		for path, want := range map[string]string{"type": "BankAccountDebit", "bankAccount.IBAN": "DK5000400440116243", "bankAccount.BIC": "DABADKKK", "relatedParty.id": m.Owner, "relatedParty.role": "payer"} {
			m.is(doc, path, want)
		}
		m.patch(tmftest.MeansPath+"/pm"+m.Group, `{"bankAccount":{"IBAN":"DE89 3704 0044 0532 0130 00"}}`)
		m.soap(m.seen(), "BILLING_GROUPS/BILLING_GROUP/IBAN_NUMBER", "DE89370400440532013000")
	}},
	{"8.1 Subscription | characteristic rator.subscriptionCount", func(m *mapped) {
		if doc := m.customer(tmftest.DialectV3).String(); !strings.Contains(doc, `{"name":"rator.subscriptionCount","value":"1"}`) {
			m.Error(doc)
		}
	}},
	{"8.2 the bare Rator id is an alias on read, with the canonical id; 404 after delete", func(m *mapped) {
		m.is(m.get(tmftest.Dialect2014+"/customer/"+m.Account), "id", "c"+m.Account)
		m.is(m.get(tmftest.AccountsPath+"/"+m.Group), "href", tmftest.Host+tmftest.AccountsPath+"/ca"+m.Group)
		id := m.ts.Ask(m, "POST", tmftest.MeansPath, `{"name":"A","type":"Cash","relatedParty":{}}`).Want(m, 201).Text(m, "id")
		m.is(m.get(tmftest.MeansPath+"/"+id[2:]), "id", id)
		m.ts.Ask(m, "DELETE", tmftest.MeansPath+"/"+id, "").Want(m, 204)
		m.ts.Ask(m, "GET", tmftest.MeansPath+"/"+id[2:], "").Refused(m, problem.UnknownResource)
	}},
	{"8.3 Customer.status | Active, Suspended, Created; PATCH asks for the transition", func(m *mapped) {
		path := tmftest.DialectV4 + "/customer/c" + m.Account
		m.is(m.customer(tmftest.Dialect2014), "status", "Active")
		m.is(m.patch(path, `{"status":"Suspended"}`), "status", "Suspended")
		subscription := m.ts.Call(m.T, "SOAP_GET_SUBSCRIPTION", text("SUBSCRIPTION_ID", m.Subscription)).Items("SUBSCRIPTION")
		m.is(m.groupDoc(), "status", "Suspended")
		if status := subscription.Text("STATUS"); status != "" && status != "BLOCKED" {
			m.Errorf("the subscription is %s", status)
		}
		m.is(m.patch(path, `{"status":"ACTIVE"}`), "status", "ACTIVE")
		m.is(m.groupDoc(), "status", "Active")
		m.ts.Call(m.T, "SOAP_BLOCK_SERVICE", text("SUBSCRIPTION_ID", m.Subscription), text("BLOCK_TYPE", "BLOCK_AS_LOST"))
		m.ts.Ask(m, "PATCH", path, `{"status":"Active"}`).Refused(m, problem.BadTransition, "status", "not by an operator")
	}},
	{"8.3 Customer.status | Terminated = closed, and for good", func(m *mapped) {
		path := tmftest.DialectV4 + "/customer/c" + m.Account
		m.ts.Ask(m, "PATCH", path, `{"status":"Terminated"}`).Refused(m, problem.BadTransition, "LIVE_SUBSCRIPTIONS")
		m.ts.Call(m.T, "SOAP_TERMINATE_SUBSCRIPTION", text("SUBSCRIPTION_ID", m.Subscription))
		m.is(m.patch(path, `{"status":"Closed"}`), "status", "Closed")
		m.is(m.groupDoc(), "status", "Closed")
		m.ts.Ask(m, "PATCH", path, `{"status":"Active"}`).Refused(m, problem.BadTransition, "Terminated")
	}},
	{"8.3 unknown TMF text is kept and shown until the Rator state changes", func(m *mapped) {
		m.is(m.patch(tmftest.Dialect2014+"/customer/c"+m.Account, `{"status":"in good standing"}`), "status", "in good standing")
		m.is(m.customer(tmftest.DialectV3), "status", "in good standing")
		m.ts.Call(m.T, "SOAP_BLOCK_SERVICE", text("SUBSCRIPTION_ID", m.Subscription))
		m.is(m.customer(tmftest.DialectV3), "status", "Suspended")
	}},
	{"8.3 CustomerAccount.status | Created, Active, Suspended; free text; the rest is the business's", func(m *mapped) {
		m.is(m.groupDoc(), "status", "Active")
		m.is(m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"status":"in review"}`), "status", "in review")
		for _, status := range []string{"Due", "paid", "In Arrears", "In collection", "Suspended", "closed"} {
			m.ts.Ask(m, "PATCH", tmftest.AccountsPath+"/ca"+m.Group, `{"status":"`+status+`"}`).Refused(m, problem.BadTransition, "status")
		}
	}},
	{"8.4 sign rule | a negative balance is receivable, a positive one a deposit; status and time", func(m *mapped) {
		m.is(m.groupDoc(), "customerAccountBalance.0.status", "Paid")
		m.ts.Call(m.T, "SOAP_SAVE_PAYMENT", text("BILLING_GROUP_ID", m.Group), value.OfMoney("AMOUNT", decimal.RequireFromString("7.70")), text("PAYMENT_CAPTURED", "true"))
		doc := m.groupDoc()
		for path, want := range map[string]string{"receivableBalance": "0", "customerAccountBalance.0.type": "ReceivableBalance", "customerAccountBalance.0.amount": "0", "customerAccountBalance.1.type": "DepositBalance", "customerAccountBalance.1.amount": "7.7", "customerAccountBalance.1.status": "Paid"} {
			m.is(doc, path, want)
		}
		if since := tmftest.TextAt(doc, "customerAccountBalance.1.validFor.startDateTime"); since == "null" || since != tmftest.TextAt(doc, "lastModified") {
			m.Errorf("the balance is of %s, changed at %s", since, tmftest.TextAt(doc, "lastModified"))
		}
	}},
	{"8.4 amounts of a client are echoed until the first Rator posting, then ignored", func(m *mapped) {
		path := tmftest.AccountsPath + "/ca" + m.Group
		m.is(m.patch(path, `{"receivableBalance":52.30,"customerAccountBalance":[{"type":"DisputedBalance","amount":1.50}]}`), "receivableBalance", "52.30")
		m.is(m.groupDoc(), "customerAccountBalance.0.type", "DisputedBalance")
		m.ts.Call(m.T, "SOAP_SAVE_PAYMENT", text("BILLING_GROUP_ID", m.Group), value.OfMoney("AMOUNT", decimal.RequireFromString("1")), text("PAYMENT_CAPTURED", "true"))
		m.is(m.groupDoc(), "receivableBalance", "0")
		doc := m.patch(path, `{"receivableBalance":9,"description":"d"}`)
		m.is(doc, "receivableBalance", "0")
		m.is(doc, "description", "d")
		m.is(doc, "customerAccountBalance.0.type", "ReceivableBalance")
	}},
	{"8.4 creditLimit, pin, tax exemptions, customer stay patchable; decimals are exact", func(m *mapped) {
		doc := m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"creditLimit":1234567890.123456789,"pin":"1","customerAccountTaxExemption":[{"issuingJurisdiction":"DK"}]}`)
		m.is(doc, "creditLimit", "1234567890.123456789")
		m.is(m.groupDoc(), "pin", "1")
	}},
	{"8.5 POST customer | company by relatedParty.href", func(m *mapped) {
		doc := m.ts.Ask(m, "POST", tmftest.Dialect2014+"/customer", `{"name":"Firm Ltd","relatedParty":{"id":"7","href":"http://x/partyManagement/organization/7"}}`).Want(m, 201).Document(m)
		m.soap(m.ts.Call(m.T, "SOAP_GET_ACCOUNT", text("ACCOUNT_ID", tmftest.TextAt(doc, "id")[1:])).Items("ACCOUNT"), "ACCOUNT_TYPE", "1")
		m.is(m.get(tmftest.AccountsPath+"/"+tmftest.TextAt(doc, "customerAccount.id")), "accountType", "Business")
	}},
	{"8.5 POST customerAccount | with known customer.id a Billing Group under it", func(m *mapped) {
		id := m.ts.Ask(m, "POST", tmftest.AccountsPath, `{"name":"Second","accountType":"Residential","customer":{"id":"c`+m.Account+`"}}`).Want(m, 201).Text(m, "id")
		m.is(m.customer(tmftest.DialectV4), "account.1.id", id)
		m.ts.Call(m.T, "SOAP_GET_BILLING_GROUP", text("BILLING_GROUP_ID", id[2:]))
	}},
	{"8.5 POST customerAccount | without one it waits, and a PATCH of customer moves it", func(m *mapped) {
		id := m.ts.Ask(m, "POST", tmftest.AccountsPath, `{"name":"Lone","accountType":"joint","customer":{"id":"c77"}}`).Want(m, 201).Text(m, "id")
		m.is(m.get(tmftest.AccountsPath+"/"+id), "customer.id", "c77")
		m.is(m.patch(tmftest.AccountsPath+"/"+id, `{"customer":{"id":"c`+m.Account+`"}}`), "accountType", "joint")
		m.is(m.customer(tmftest.Dialect2014), "customerAccount.1.id", id)
	}},
	{"8.5 POST paymentMean | attached when a paymentPlan refers to it; direct debit", func(m *mapped) {
		id := m.ts.Ask(m, "POST", tmftest.MeansPath, `{"name":"mine","type":"BankAccountDebit","bankAccount":{"IBAN":"DK5000400440116243","BIC":"DABADKKK","domiciliation":"Odense","accountHolder":"Åse"},"relatedParty":{"id":"1"}}`).Want(m, 201).Text(m, "id")
		m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"paymentPlan":[{"status":"Effective","type":"t","priority":1,"paymentMean":{"id":"`+id+`"}}]}`)
		m.soap(m.seen(), "BILLING_GROUPS/BILLING_GROUP/IBAN_NUMBER", "DK5000400440116243")
		m.is(m.customer(tmftest.Dialect2014), "paymentMean.id", id)
		m.is(m.get(tmftest.MeansPath+"/"+id), "bankAccount.domiciliation", "Odense")
		m.ts.Ask(m, "DELETE", tmftest.MeansPath+"/"+id, "").Want(m, 204)
		m.soap(m.seen(), "BILLING_GROUPS/BILLING_GROUP/IBAN_NUMBER", "")
	}},
	{"8.5 POST paymentMean | card: masked number only, expirationDate = end of month", func(m *mapped) {
		doc := m.ts.Ask(m, "POST", tmftest.MeansPath, `{"name":"card","type":"CreditCard","creditCard":{"number":"4111 1111 1111 1111","expirationDate":"2028-02-03"},"relatedParty":{}}`).Want(m, 201).Document(m)
		m.is(doc, "creditCard.number", "xxxxxx1111")
		m.is(doc, "creditCard.expirationDate", "2028-02-29T00:00:00Z")
	}},
	{"8.5 DELETE customer | refused with live subscriptions, else closed; the last group stays", func(m *mapped) {
		m.ts.Ask(m, "DELETE", tmftest.AccountsPath+"/ca"+m.Group, "").Refused(m, problem.Clash)
		m.ts.Ask(m, "DELETE", tmftest.DialectV3+"/customer/c"+m.Account, "").Refused(m, problem.Clash, "LIVE_SUBSCRIPTIONS")
		m.ts.Call(m.T, "SOAP_TERMINATE_SUBSCRIPTION", text("SUBSCRIPTION_ID", m.Subscription))
		m.ts.Ask(m, "DELETE", tmftest.DialectV3+"/customer/c"+m.Account, "").Want(m, 204)
		m.ts.Ask(m, "GET", tmftest.AccountsPath+"/ca"+m.Group, "").Refused(m, problem.UnknownResource)
	}},
	{"8.5 DELETE customer | the payment mean of a client stands alone again, whole", func(m *mapped) {
		id := m.ts.Ask(m, "POST", tmftest.MeansPath, `{"name":"mine","type":"BankAccountDebit","bankAccount":{"IBAN":"DK5000400440116243"},"relatedParty":{"id":"1"},"x":7}`).Want(m, 201).Text(m, "id")
		m.patch(tmftest.AccountsPath+"/ca"+m.Group, `{"paymentPlan":[{"status":"Effective","type":"t","priority":1,"paymentMean":{"id":"`+id+`"}}]}`)
		m.ts.Call(m.T, "SOAP_TERMINATE_SUBSCRIPTION", text("SUBSCRIPTION_ID", m.Subscription))
		m.ts.Ask(m, "DELETE", tmftest.Dialect2014+"/customer/c"+m.Account, "").Want(m, 204)
		doc := m.get(tmftest.MeansPath + "/" + id)
		for path, want := range map[string]string{"name": "mine", "type": "BankAccountDebit", "bankAccount.IBAN": "DK5000400440116243", "relatedParty.id": "1", "x": "7"} {
			m.is(doc, path, want)
		}
		m.ts.Ask(m, "DELETE", tmftest.MeansPath+"/"+id, "").Want(m, 204)
	}},
	{"8.6 changes over SOAP bump lastModified and the ETag", func(m *mapped) {
		before := m.ts.Ask(m, "GET", tmftest.AccountsPath+"/ca"+m.Group, "")
		later := m.ts.Clock.Load().AddDate(0, 0, 1)
		m.ts.Clock.Store(&later)
		m.ts.Call(m.T, "SOAP_UPDATE_USER", value.Of("USER", text("ID", m.Owner), text("EMAIL", "later@example.com")))
		after := m.ts.Ask(m, "GET", tmftest.AccountsPath+"/ca"+m.Group, "")
		if before.Header.Get("ETag") == after.Header.Get("ETag") || after.Text(m, "lastModified") != later.Format("2006-01-02T15:04:05Z") {
			m.Errorf("%s %s", after.Header.Get("ETag"), after.Body)
		}
	}},
	{"8.7 a literal stays while it means the same; a newer change of the business counts; unknown members stay", func(m *mapped) {
		path := tmftest.Dialect2014 + "/customer/c" + m.Account
		doc := m.patch(path, `{"contactMedium":[{"type":"e-mail","mine":1,"medium":{"emailAddress":"a@x.dk","y":2}},{"type":"Pigeon","medium":{"loft":"7"}}]}`)
		m.is(doc, "contactMedium.0.type", "e-mail")
		m.ts.Call(m.T, "SOAP_UPDATE_USER", value.Of("USER", text("ID", m.Owner), text("EMAIL", "b@x.dk")))
		doc = m.customer(tmftest.Dialect2014)
		for path, want := range map[string]string{"contactMedium.0.type": "e-mail", "contactMedium.0.mine": "1", "contactMedium.0.medium.emailAddress": "b@x.dk", "contactMedium.0.medium.y": "2", "contactMedium.1.medium.loft": "7"} {
			m.is(doc, path, want)
		}
	}},
	{"8.7 a name that a client gave bank details outlives a rename of the group", func(m *mapped) {
		m.ts.Call(m.T, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", m.Group), text("IBAN_NUMBER", "DK5000400440116243")))
		m.patch(tmftest.MeansPath+"/pm"+m.Group, `{"name":"my bank"}`)
		m.ts.Call(m.T, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", m.Group), text("NAME", "Renamed")))
		m.is(m.get(tmftest.MeansPath+"/pm"+m.Group), "name", "my bank")
		m.is(m.customer(tmftest.DialectV4), "paymentMethod.name", "my bank")
	}},
}

// TestMappingRows: every row and rule of tmf-customer.md 8, over a store with
// nobody else and over one with a thousand others.
func TestMappingRows(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(*testing.T) *tmftest.Server{
		"nobody else": func(t *testing.T) *tmftest.Server { ts := tmftest.New(t); ts.Describe(t); return ts },
		"thousand":    func(t *testing.T) *tmftest.Server { ts, _ := tmftest.NewThousand(t); return ts },
	} {
		t.Run(name, func(t *testing.T) {
			ts := over(t)
			for i, row := range mappingRows {
				t.Run(row.row, func(t *testing.T) {
					p := tmftest.MakePerson(t, ts, 20*(tmftest.ThousandCustomers+i)+2) // an active one
					row.show(&mapped{t, ts, p})
				})
			}
		})
	}
}
