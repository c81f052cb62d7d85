package tmf_test

import (
	"fmt"
	"strings"
	"testing"

	"rator/customer"
)

// TestTextsThatXMLCannotCarry: wherever a text or the name of a member stands, and
// whatever the dialect and the method, the place is named and nothing is kept.
func TestTextsThatXMLCannotCarry(t *testing.T) {
	s := newShop(t)
	for _, c := range []struct{ base, more string }{{v2014, ""}, {v3, ""}, {v4, `,"engagedParty":{"id":"1","@referredType":"Individual"}`}} {
		path := c.base + "/customer"
		id := s.create(t, path, `{"name":"A"`+c.more+`}`)
		for _, char := range []string{`\u0000`, `\u0001`, `\u000b`, `\u001f`, `\ufffe`, `\uffff`, "\uffff"} {
			for _, d := range []struct{ doc, where string }{
				{`{"name":"N%sb"` + c.more + `}`, "name holds U+"},
				{`{"name":"N","unknown":[{"deep":["a%s"]}]` + c.more + `}`, "unknown[0].deep[0] holds U+"},
				{`{"name":"N","unknown":{"a%sb":1}` + c.more + `}`, "the name of a member of unknown holds U+"},
				{`{"name":"N","a%s":1` + c.more + `}`, "the name of a member of the document holds U+"},
			} {
				doc := fmt.Sprintf(d.doc, char)
				s.do(t, "POST", path, doc).refused(t, 400, "4012", d.where)
				s.do(t, "PATCH", path+"/"+id, doc).refused(t, 400, "4012", d.where)
				if c.base != v4 {
					s.do(t, "PUT", path+"/"+id, doc).refused(t, 400, "4012", d.where)
				}
			}
			s.do(t, "PATCH", path+"/"+id, fmt.Sprintf(`[{"op":"add","path":"/name","value":"a%s"}]`, char), "Content-Type: application/json-patch+json").
				refused(t, 400, "4012", "[0].value holds U+")
		}
		s.do(t, "POST", path, `{"name":"N\ud800"`+c.more+`}`).refused(t, 400, "4004", "names no character")
		s.do(t, "PATCH", path+"/"+id, `{"unknown":"tab \t line \r\n \u007f \u0085 \ufffd \ud83d\ude00"}`)
		if a := s.do(t, "GET", path, ""); a.header.Get("X-Total-Count") == "0" || a.member(t, "name") != "A" {
			t.Errorf("%s: %s", path, a.body)
		}
	}
}

// TestTextsOfSOAPsLength: a text that the business has a place for is as long as a
// SOAP call may make it, in characters, and no longer.
func TestTextsOfSOAPsLength(t *testing.T) {
	s := newShop(t)
	const party = `,"engagedParty":{"id":"1","@referredType":"Individual"}`
	for _, c := range []struct {
		path, doc, where string
		most             int
	}{
		{v2014 + "/customer", `{"name":"A","contactMedium":[{"type":"Email","medium":{"emailAddress":"%s"}}]}`, "contactMedium[0].medium.emailAddress", 254},
		{v2014 + "/customer", `{"name":"A","contactMedium":[{"type":"Phone","medium":{"number":"%s"}}]}`, "contactMedium[0].medium.number", 40},
		{v2014 + "/customer", `{"name":"A","contactMedium":[{"type":"PostalAddress","medium":{"streetOne":"%s"}}]}`, "contactMedium[0].medium.streetOne", 200},
		{v2014 + "/customer", `{"name":"A","contactMedium":[{"type":"PostalAddress","medium":{"postcode":"%s"}}]}`, "contactMedium[0].medium.postcode", 20},
		{v2014 + "/customer", `{"name":"A","characteristic":[{"name":"rator.title","value":"%s"}]}`, "characteristic rator.title", 50},
		{v2014 + "/customer", `{"name":"A","characteristic":[{"name":"rator.salesAgentId","value":"%s"}]}`, "characteristic rator.salesAgentId", 60},
		{v2014 + "/customer", `{"name":"A %s"}`, "the last name in name", 100},
		{v2014 + "/customer", `{"name":"%s A"}`, "the first name in name", 100},
		{v2014 + "/customer", `{"name":"%s","characteristic":[{"name":"rator.accountType","value":"Company"}]}`, "name", 200},
		{v3 + "/customer", `{"name":"A","contactMedium":[{"type":"PostalAddress","characteristic":{"city":"%s"}}]}`, "contactMedium[0].characteristic.city", 100},
		{v4 + "/customer", `{"name":"A","contactMedium":[{"mediumType":"PostalAddress","characteristic":{"stateOrProvince":"%s","country":"DK"}}]` + party + `}`, "contactMedium[0].characteristic.stateOrProvince", 50},
		{v2014 + "/customerAccount", `{"name":"%s","accountType":"Residential"}`, "name", 100},
		{v2014 + "/customerAccount", `{"name":"A","accountType":"Residential","contact":[{"contactName":"B","contactMedium":[{"type":"PostalAddress","medium":{"country":"%s"}}]}]}`, "contact[0].contactMedium[0].medium.country", 60},
		{v2014 + "/paymentMean", `{"name":"A","type":"BankAccountDebit","relatedParty":{},"bankAccount":{"bic":"%s"}}`, "bankAccount.bic", 11},
		{v2014 + "/paymentMean", `{"name":"A","type":"BankAccountDebit","relatedParty":{},"bankAccount":{"EANNumber":"%s"}}`, "bankAccount.EANNumber", 40},
	} {
		fits := strings.Repeat("ø", c.most)
		s.create(t, c.path, fmt.Sprintf(c.doc, fits))
		s.do(t, "POST", c.path, fmt.Sprintf(c.doc, fits+"ø")).refused(t, 400, "4012", fmt.Sprintf("%s has %d characters; at most %d are taken", c.where, c.most+1, c.most))
	}
	s.create(t, v2014+"/paymentMean", `{"name":"A","type":"BankAccountDebit","relatedParty":{},"bankAccount":{"IBAN":"MT31 MALT 0110 0000 1234 5MTL CAST 001S"}}`)

	// What a PATCH leaves alone is not looked at, in other words either.
	id := s.create(t, v2014+"/customer", `{"name":"A"}`)
	s.changeOwnerFields(t, id, func(f *customer.UserFields) { f.City, f.LastName = strings.Repeat("c", 300), strings.Repeat("l", 300) })
	if a := s.do(t, "PATCH", v2014+"/customer/"+id, `{"description":"d"}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}
