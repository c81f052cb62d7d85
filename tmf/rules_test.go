package tmf_test

import (
	"net/http"
	"testing"

	"rator/tmf"
)

// rule is a row of a table of tmf-customer.md 1: what a POST without a field, or
// with a wrong one, is told. Code "" means that it is taken.
type rule struct {
	name, body, code, word string
}

const (
	missing = "4003"
	format  = "4012"
)

func checkRules(t *testing.T, path string, rules []rule) {
	t.Helper()
	s := newServer(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			a := s.do(t, "POST", path, r.body)
			if r.code == "" {
				if a.status != http.StatusCreated {
					t.Errorf("%s: %d %s", r.body, a.status, a.body)
				}
				return
			}
			a.refused(t, http.StatusBadRequest, r.code, r.word)
		})
	}
}

// TestCustomerRules: tmf-customer.md 1.1.
func TestCustomerRules(t *testing.T) {
	checkRules(t, v2014+"/customer", []rule{
		{"name", `{"status":"Active"}`, missing, "name is mandatory"},
		{"name null", `{"name":null}`, missing, "name is mandatory"},
		{"name empty", `{"name":" "}`, missing, "name must not be empty"},
		{"name as a number", `{"name":7}`, "", ""},
		{"name type", `{"name":true}`, format, "name must be a string, not a boolean"},
		{"name only", `{"name":"A"}`, "", ""},
		{"status free text", `{"name":"A","status":"sleeping"}`, "", ""},
		{"status type", `{"name":"A","status":{}}`, format, "status must be a string, not an object"},
		{"description type", `{"name":"A","description":[]}`, format, "description must be a string, not an array"},
		{"period inverted", `{"name":"A","validFor":{"startDateTime":"2013-06-19T04:00:00.0Z","endDateTime":"2013-04-19T20:42:23.0Z"}}`, "", ""},
		{"period end null", `{"name":"A","validFor":{"startDateTime":"2013-06-19T04:00:00Z","endDateTime":null}}`, "", ""},
		{"period start odd", `{"name":"A","validFor":{"startDateTime":"tomorrow"}}`, format, "validFor.startDateTime must be a date-time"},
		{"period type", `{"name":"A","validFor":"always"}`, format, "validFor must be an object, not a string"},
		{"customerRank", `{"name":"A","customerRank":"3"}`, "", ""},
		{"customerRank as a number", `{"name":"A","customerRank":3}`, "", ""},
		{"customerRank type", `{"name":"A","customerRank":[3]}`, format, "customerRank must be a string"},
		{"relatedParty id only", `{"name":"A","relatedParty":{"id":"1"}}`, "", ""},
		{"relatedParty without id", `{"name":"A","relatedParty":{"role":"customer"}}`, missing, "relatedParty.id is mandatory"},
		{"relatedParty is single", `{"name":"A","relatedParty":[{"id":"1"}]}`, format, "relatedParty must be an object, not an array"},
		{"relatedParty id number", `{"name":"A","relatedParty":{"id":1}}`, "", ""},
		{"relatedParty id type", `{"name":"A","relatedParty":{"id":{}}}`, format, "relatedParty.id must be a string"},
		{"characteristic name", `{"name":"A","characteristic":[{"value":"v"}]}`, missing, "characteristic[0].name"},
		{"characteristic value", `{"name":"A","characteristic":[{"name":"a","value":""},{"name":"n"}]}`, missing, "characteristic[1].value"},
		{"characteristic value as a number", `{"name":"A","characteristic":[{"name":"n","value":1}]}`, "", ""},
		{"characteristic value type", `{"name":"A","characteristic":[{"name":"n","value":[1]}]}`, format, "characteristic[0].value must be a string"},
		{"characteristic not array", `{"name":"A","characteristic":{"name":"n","value":"v"}}`, format, "characteristic must be an array, not an object"},
		{"characteristic empty", `{"name":"A","characteristic":[]}`, "", ""},
		{"characteristic element null", `{"name":"A","characteristic":[null]}`, format, "characteristic[0] must be an object, not null"},
		{"contactMedium type", `{"name":"A","contactMedium":[{"medium":{"number":"1"}}]}`, missing, "contactMedium[0].type"},
		{"contactMedium medium", `{"name":"A","contactMedium":[{"type":"Email"}]}`, missing, "contactMedium[0].medium is mandatory"},
		{"contactMedium medium empty", `{"name":"A","contactMedium":[{"type":"Email","medium":{}}]}`, missing, "contactMedium[0].medium must have a member"},
		{"contactMedium medium of nulls", `{"name":"A","contactMedium":[{"type":"Email","medium":{"emailAddress":null}}]}`, missing, "contactMedium[0].medium must have a member"},
		{"contactMedium medium of unknown", `{"name":"A","contactMedium":[{"type":"Pigeon","medium":{"loft":"7"}}]}`, "", ""},
		{"contactMedium preferred", `{"name":"A","contactMedium":[{"preferred":"yes","type":"Email","medium":{"emailAddress":"a"}}]}`, format, "contactMedium[0].preferred must be a boolean, not a string"},
		{"customerAccount id", `{"name":"A","customerAccount":[{"name":"x","status":"y"}]}`, missing, "customerAccount[0].id"},
		{"customerAccount id only, dangling", `{"name":"A","customerAccount":[{"id":"none"}]}`, "", ""},
		{"credit profile date", `{"name":"A","customerCreditProfile":[{"validFor":{}}]}`, missing, "customerCreditProfile[0].creditProfileDate"},
		{"credit profile validFor", `{"name":"A","customerCreditProfile":[{"creditProfileDate":"2013-04-19"}]}`, missing, "customerCreditProfile[0].validFor"},
		{"credit profile without start", `{"name":"A","customerCreditProfile":[{"creditProfileDate":"2013-04-19","validFor":{}}]}`, "", ""},
		{"credit score not whole", `{"name":"A","customerCreditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":1.5}]}`, format, "customerCreditProfile[0].creditScore must be an integer"},
		{"credit score as text", `{"name":"A","customerCreditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"7","creditRiskRating":"1"}]}`, "", ""},
		{"credit score as other text", `{"name":"A","customerCreditProfile":[{"creditProfileDate":"2013-04-19","validFor":{},"creditScore":"good"}]}`, format, "creditScore must be an integer, not a string"},
		{"paymentMean id", `{"name":"A","paymentMean":[{"href":"http://x/1"}]}`, missing, "paymentMean[0].id"},
		{"paymentMean id only", `{"name":"A","paymentMean":[{"id":"45"}]}`, "", ""},
		{"id and href are ignored", `{"id":7,"href":null,"name":"A"}`, "", ""},
		{"not an object", `["name"]`, format, "the document must be an object, not an array"},
	})
}

// TestAccountRules: tmf-customer.md 1.2.
func TestAccountRules(t *testing.T) {
	with := func(more string) string { return `{"name":"A","accountType":"Residential",` + more + `}` }
	checkRules(t, v2014+"/customerAccount", []rule{
		{"name", `{"accountType":"Residential"}`, missing, "name is mandatory"},
		{"accountType", `{"name":"A"}`, missing, "accountType is mandatory"},
		{"no customer", `{"name":"A","accountType":"joint"}`, "", ""},
		{"lastModified is ignored", with(`"lastModified":"yesterday"`), "", ""},
		{"creditLimit", with(`"creditLimit":1212121`), "", ""},
		{"creditLimit as text", with(`"creditLimit":"250.00"`), "", ""},
		{"creditLimit as other text", with(`"creditLimit":"much"`), format, "creditLimit must be a number, not a string"},
		{"pin as a number", with(`"pin":1234`), "", ""},
		{"pin", with(`"pin":[1234]`), format, "pin must be a string"},
		{"receivableBalance", with(`"receivableBalance":52.3`), "", ""},
		{"receivableBalance as text", with(`"receivableBalance":"52.3"`), "", ""},
		{"receivableBalance type", with(`"receivableBalance":"much"`), format, "receivableBalance must be a number"},
		{"exemption jurisdiction", with(`"customerAccountTaxExemption":[{"reason":"r"}]`), missing, "customerAccountTaxExemption[0].issuingJurisdiction"},
		{"exemption in the table's spelling", with(`"customerAccountTaxExemption":[{"issuingJuridiction":"DK"}]`), "", ""},
		{"exemption in the table's spelling, type", with(`"customerAccountTaxExemption":[{"issuingJuridiction":{}}]`), format, "customerAccountTaxExemption[0].issuingJuridiction must be a string"},
		{"relationship type", with(`"customerAccountRelationship":[{"customerAccount":[{"id":"1"}]}]`), missing, "customerAccountRelationship[0].relationshipType"},
		{"relationship account id", with(`"customerAccountRelationship":[{"relationshipType":"t","customerAccount":[{"name":"x"}]}]`), missing, "customerAccountRelationship[0].customerAccount[0].id"},
		{"relationship without period", with(`"customerAccountRelationship":[{"relationshipType":"t","customerAccount":[{"id":"1"}]}]`), "", ""},
		{"contact with name only", with(`"contact":[{"contactName":"B"}]`), "", ""},
		{"contact name", with(`"contact":[{"contactType":"primary"}]`), missing, "contact[0].contactName"},
		{"contact in RI's spelling", with(`"contact":[{"type":"primary","name":"B","medium":[{"type":"PostalAddress","medium":{"streetOne":"x"}}]}]`), "", ""},
		{"contact medium rules", with(`"contact":[{"contactName":"B","contactMedium":[{"medium":{"number":"1"}}]}]`), missing, "contact[0].contactMedium[0].type"},
		{"contact medium rules in RI's spelling", with(`"contact":[{"name":"B","medium":[{"type":"Email"}]}]`), missing, "contact[0].medium[0].medium"},
		{"contact party id", with(`"contact":[{"contactName":"B","relatedParty":{"role":"customer"}}]`), missing, "contact[0].relatedParty.id"},
		{"customer id", with(`"customer":{"href":"http://x/1"}`), missing, "customer.id"},
		{"customer dangling", with(`"customer":{"id":"none"}`), "", ""},
		{"customer is single", with(`"customer":[{"id":"1"}]`), format, "customer must be an object, not an array"},
		{"balance type", with(`"customerAccountBalance":[{"amount":1}]`), missing, "customerAccountBalance[0].type"},
		{"balance amount", with(`"customerAccountBalance":[{"type":"DepositBalance"}]`), missing, "customerAccountBalance[0].amount"},
		{"balance without status and period", with(`"customerAccountBalance":[{"type":"DepositBalance","amount":52.3}]`), "", ""},
		{"plan status", with(`"paymentPlan":[{"type":"t","priority":1}]`), missing, "paymentPlan[0].status"},
		{"plan type", with(`"paymentPlan":[{"status":"s","priority":1}]`), missing, "paymentPlan[0].type"},
		{"plan priority", with(`"paymentPlan":[{"status":"s","type":"t"}]`), missing, "paymentPlan[0].priority"},
		{"plan priority not whole", with(`"paymentPlan":[{"status":"s","type":"t","priority":1.5}]`), format, "paymentPlan[0].priority must be an integer"},
		{"plan without amount", with(`"paymentPlan":[{"status":"s","type":"t","priority":1}]`), "", ""},
		{"plan payments as text", with(`"paymentPlan":[{"status":"s","type":"t","priority":1.0,"numberOfPayments":"4"}]`), "", ""},
		{"plan payment mean id", with(`"paymentPlan":[{"status":"s","type":"t","priority":1,"paymentMean":{}}]`), missing, "paymentPlan[0].paymentMean.id"},
	})
}

// TestPaymentMeanRules: tmf-customer.md 1.3, 8.5.
func TestPaymentMeanRules(t *testing.T) {
	with := func(more string) string { return `{"name":"A","relatedParty":{"id":"1"},` + more + `}` }
	checkRules(t, v2014+"/paymentMean", []rule{
		{"name", `{"type":"CreditCard","relatedParty":{},"creditCard":{}}`, missing, "name is mandatory"},
		{"type", with(`"bankAccount":{"iban":"x"}`), missing, "type is mandatory"},
		{"relatedParty", `{"name":"A","type":"CreditCard","creditCard":{}}`, missing, "relatedParty is mandatory"},
		{"relatedParty without id", `{"name":"A","type":"CreditCard","creditCard":{},"relatedParty":{}}`, "", ""},
		{"bank account", with(`"type":"BankAccountDebit"`), missing, "bankAccount is mandatory"},
		{"bank account in the example's spelling", with(`"type":"BankAccountDebit","bankAccount":{"IBAN":"x","BIC":"y"}`), "", ""},
		{"bank account in the table's spelling", with(`"type":"BankAccountDebit","bankAccount":{"iban":"x","bic":"y"}`), "", ""},
		{"card", with(`"type":"CreditCard","bankAccount":{}`), missing, "creditCard is mandatory"},
		{"card in other case", with(`"type":"creditcard"`), missing, "creditCard is mandatory"},
		{"card without bank account", with(`"type":"CreditCard","creditCard":{"holder":"A"}`), "", ""},
		{"card expiry", with(`"type":"CreditCard","creditCard":{"expirationDate":"09/14"}`), format, "creditCard.expirationDate must be a date-time"},
		{"another type", with(`"type":"Voucher"`), "", ""},
	})
}

// TestV3Rules: tmf-customer.md 1.4 R18.
func TestV3Rules(t *testing.T) {
	checkRules(t, v3+"/customer", []rule{
		{"name", `{}`, missing, "name is mandatory"},
		{"name only", `{"name":"A"}`, "", ""},
		{"account id", `{"name":"A","account":[{"href":"h","name":"n"}]}`, missing, "account[0].id"},
		{"account href", `{"name":"A","account":[{"id":"1","name":"n"}]}`, missing, "account[0].href"},
		{"account name", `{"name":"A","account":[{"id":"1","href":"h"}]}`, missing, "account[0].name"},
		{"medium type", `{"name":"A","contactMedium":[{"characteristic":{"city":"x"}}]}`, missing, "contactMedium[0].type"},
		{"medium characteristic", `{"name":"A","contactMedium":[{"type":"Email"}]}`, missing, "contactMedium[0].characteristic"},
		{"credit profile date", `{"name":"A","creditProfile":[{"validFor":{}}]}`, missing, "creditProfile[0].creditProfileDate"},
		{"credit profile validFor", `{"name":"A","creditProfile":[{"creditProfileDate":"2013-04-19"}]}`, missing, "creditProfile[0].validFor"},
		{"characteristic", `{"name":"A","characteristic":[{"name":"n"}]}`, missing, "characteristic[0].value"},
		{"related parties are many", `{"name":"A","relatedParty":{"id":"1"}}`, format, "relatedParty must be an array, not an object"},
		{"type is an object", `{"name":"A","type":"x"}`, format, "type must be an object"},
		{"everything", `{"name":"A","statusReason":"r","validFor":{},"engagedParty":{"id":"1"},"type":{"name":"t"},"account":[{"id":"1","href":"h","name":"n"}],"paymentMethod":[{"id":"1"}],"contactMedium":[{"type":"Email","preferred":true,"validFor":{},"characteristic":{"emailAddress":"a"}}],"agreement":[{"id":"1"}],"relatedParty":[{"id":"1","role":"r"}],"@type":"C","@baseType":"B","@schemaLocation":"s"}`, "", ""},
		{"description is unknown, and kept", `{"name":"A","description":7}`, "", ""},
	})
}

// TestV4Rules: tmf-customer.md 0.1, 1.4 v4.0.0.
func TestV4Rules(t *testing.T) {
	with := func(more string) string {
		return `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"},` + more + `}`
	}
	checkRules(t, v4+"/customer", []rule{
		{"name", `{"engagedParty":{"id":"1","@referredType":"Individual"}}`, missing, "name is mandatory"},
		{"engagedParty", `{"name":"A"}`, missing, "engagedParty is mandatory"},
		{"engagedParty id", `{"name":"A","engagedParty":{"@referredType":"Individual"}}`, missing, "engagedParty.id"},
		{"engagedParty type", `{"name":"A","engagedParty":{"id":"1"}}`, missing, "engagedParty.@referredType"},
		{"name and engagedParty", with(`"status":"Active"`), "", ""},
		{"account name", with(`"account":[{"id":"1"}]`), missing, "account[0].name"},
		{"agreement id", with(`"agreement":[{"name":"n"}]`), missing, "agreement[0].id"},
		{"paymentMethod id", with(`"paymentMethod":[{"name":"n"}]`), missing, "paymentMethod[0].id"},
		{"medium type", with(`"contactMedium":[{"characteristic":{"emailAddress":"a"}}]`), missing, "contactMedium[0].mediumType"},
		{"medium members", with(`"contactMedium":[{"mediumType":"Email","characteristic":{"postCode":1}}]`), format, "contactMedium[0].characteristic.postCode must be a string"},
		{"characteristic value is any JSON", with(`"characteristic":[{"name":"a","value":{"x":[1,null]},"valueType":"object"},{"name":"b","value":7},{"name":"c","value":null}]`), "", ""},
		{"characteristic value", with(`"characteristic":[{"name":"a"}]`), missing, "characteristic[0].value"},
		{"@type", with(`"@type":7`), format, "@type must be a string"},
	})
}

// TestStrictRules: a strict server wants a bank account of whatever is no card.
func TestStrictRules(t *testing.T) {
	s := newServer(t, func(c *tmf.Config) { c.Strict = true })
	s.do(t, "POST", v2014+"/paymentMean", `{"name":"A","type":"Voucher","relatedParty":{}}`).refused(t, 400, missing, "bankAccount is mandatory")
	s.create(t, v2014+"/paymentMean", `{"name":"A","type":"Voucher","relatedParty":{},"bankAccount":{}}`)
	s.create(t, v2014+"/paymentMean", `{"name":"A","type":"CreditCard","relatedParty":{},"creditCard":{}}`)
}
