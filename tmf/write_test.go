package tmf_test

import (
	"strings"
	"testing"
	"time"
)

// atC1 is an answer of customer c1 without what comes first in each.
func atC1(status, rest string) string {
	return `{"id":"c1","href":"http://tmf.example:8080/customerManagement/customer/c1"` + status + rest + `}`
}

const isCreated = `,"status":"Created"`

// TestUnknownAttributesAndLiterals: tmf-customer.md 0.2, 0.3, 0.4.
func TestUnknownAttributesAndLiterals(t *testing.T) {
	const body = `,"name":"A","nickName":null,"odd":{"deep":[1.50,{"er":[]},null]},"validFor":{"startDateTime":"2013-04-19T16:42:23.000+0000","endDateTime":"2013-04-19T16:42:23","mood":"good"},"customerAccount":[{"id":"none","href":"http://elsewhere/none","extra":1e2}]`
	s := newServer(t)
	s.do(t, "POST", v2014+"/customer", "{"+body[1:]+"}").want(t, 201, atC1(isCreated, body))
	s.do(t, "GET", v2014+"/customer/c1", "").want(t, 200, atC1(isCreated, body))
	// They survive patches of something else, of both kinds.
	s.do(t, "PATCH", v2014+"/customer/c1", `{"customerRank":"3"}`).want(t, 200, atC1(isCreated, body+`,"customerRank":"3"`))
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"remove","path":"/customerRank"}]`, jsonPatch).want(t, 200, atC1(isCreated, body))
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"add","path":"/odd/deep/0","value":2.0}]`, jsonPatch).
		want(t, 200, atC1(isCreated, strings.Replace(body, "[1.50", "[2.0,1.50", 1)))
}

const jsonPatch = "Content-Type: application/json-patch+json"

// TestPatchBodies: those that must work (tmf-customer.md 2), without name and
// accountType.
func TestPatchBodies(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customer", `{"name":"A"}`)
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"T"}`)
	s.create(t, v2014+"/paymentMean", `{"name":"A","type":"BankAccountDebit","relatedParty":{"id":"1"},"bankAccount":{"iban":"1","bic":"2","domiciliation":"d"}}`)
	for _, c := range []struct{ target, body, want string }{
		{"/customer/c1", `{"name":"B"}`, `"name":"B"`},
		{"/customer/c1", `{"status":"Active"}`, `"status":"Active"`},
		{"/customer/c1", `{"description":"d"}`, `"description":"d"`},
		{"/customer/c1", `{"relatedParty":{"id":"7"}}`, `"relatedParty":{"id":"7","href":"http://tmf.example:8080/partyManagement/individual/7"}`},
		{"/customer/c1", `{"characteristic":[{"name":"n","value":"v"}]}`, `"characteristic":[{"name":"n","value":"v"}]`},
		{"/customer/c1", `{"contactMedium":[{"type":"Email","medium":{"emailAddress":"a"}}]}`, `"contactMedium":[{"preferred":false,"type":"Email","medium":{"emailAddress":"a"}}]`},
		{"/customerAccount/ca1", `{"description":"d"}`, `"description":"d"`},
		{"/customerAccount/ca1", `{"creditLimit":12.50}`, `"creditLimit":12.50`},
		{"/customerAccount/ca1", `{"pin":"p"}`, `"pin":"p"`},
		{"/customerAccount/ca1", `{"customerAccountTaxExemption":[{"issuingJurisdiction":"DK"}]}`, `[{"issuingJurisdiction":"DK"}]`},
		{"/customerAccount/ca1", `{"customer":{"id":"c1"}}`, `"customer":{"id":"c1","href":"http://tmf.example:8080/customerManagement/customer/c1"}`},
		{"/paymentMean/pm1", `{"name":"B"}`, `"name":"B"`},
		{"/paymentMean/pm1", `{"bankAccount":{"IBAN":"9","domiciliation":null}}`, `"bankAccount":{"iban":"9","bic":"2"}`},
	} {
		for _, media := range []string{"application/json", "application/merge-patch+json", "application/json; charset=UTF-8", ""} {
			a := s.do(t, "PATCH", v2014+c.target, c.body, "Content-Type: "+media)
			if a.status != 200 || !strings.Contains(a.body, c.want) {
				t.Errorf("%s %s as %q: %d %s", c.target, c.body, media, a.status, a.body)
			}
		}
	}
}

// TestMergePatch: RFC 7386 on the answer document.
func TestMergePatch(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customer", `{"name":"A","description":"d","relatedParty":{"id":"1","role":"r"},"x":{"y":1,"z":2}}`)
	const party = `,"relatedParty":{"id":"1","href":"http://tmf.example:8080/partyManagement/individual/1","role":"r"}`
	for _, c := range []struct{ name, body, want string }{
		{"null erases", `{"description":null}`, `,"name":"A"` + party + `,"x":{"y":1,"z":2}`},
		{"objects are merged", `{"x":{"y":null,"w":{"v":null}},"relatedParty":{"role":"s"}}`, `,"name":"A"` + strings.Replace(party, `"r"`, `"s"`, 1) + `,"x":{"z":2,"w":{}}`},
		{"arrays are replaced", `{"x":[null,{"a":null}],"relatedParty":null}`, `,"name":"A","x":[null,{"a":null}]`},
		{"null erases nothing", `{"x":null,"none":null}`, `,"name":"A"`},
		{"nothing", `{}`, `,"name":"A"`},
		{"the default status may be erased", `{"status":null}`, `,"name":"A"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.do(t, "PATCH", v2014+"/customer/c1", c.body).want(t, 200, atC1(isCreated, c.want))
		})
	}
	for _, c := range []struct{ body, code, word string }{
		{`{"id":"c1"}`, "4011", "id is given by the server"},
		{`{"id":null}`, "4011", "id is given by the server"},
		{`{"href":"http://x","name":"B"}`, "4011", "href is given by the server"},
		{`{"name":null}`, "4003", "name is mandatory and must not be erased"},
		{`{"name":""}`, "4003", "name must not be empty"},
		{`{"contactMedium":[{"medium":{"number":"1"}}]}`, "4003", "contactMedium[0].type"},
		{`{"validFor":7}`, "4012", "validFor must be an object"},
		{`["a"]`, "4012", "the document must be an object"},
		{`{"a":`, "4004", "1:6"},
	} {
		s.do(t, "PATCH", v2014+"/customer/c1", c.body).refused(t, 400, c.code, c.word)
	}
	s.do(t, "GET", v2014+"/customer/c1", "").want(t, 200, atC1(isCreated, `,"name":"A"`))
	s.do(t, "PATCH", v2014+"/customer/none", `{}`).refused(t, 404, "4041", "none")

	// A reference to something else has the address of that.
	const account = `,"customerAccount":[{"id":"ca8","href":"http://tmf.example:8080/customerManagement/customerAccount/ca8","name":"n"}]`
	s.do(t, "PATCH", v2014+"/customer/c1", `{"relatedParty":{"id":"1"},"customerAccount":[{"id":"ca7","name":"n"}]}`)
	s.do(t, "PATCH", v2014+"/customer/c1", `{"relatedParty":{"id":"2","role":"r"}}`)
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"replace","path":"/customerAccount/0/id","value":"ca8"}]`, jsonPatch).
		want(t, 200, atC1(isCreated, `,"name":"A"`+strings.ReplaceAll(party, "1", "2")+account))

	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"T"}`)
	s.do(t, "PATCH", v2014+"/customerAccount/ca1", `{"lastModified":"2020-01-01"}`).refused(t, 400, "4011", "lastModified")
	s.do(t, "PATCH", v2014+"/customerAccount/ca1", `{"accountType":null}`).refused(t, 400, "4003", "accountType")
	s.create(t, v2014+"/paymentMean", `{"name":"A","type":"BankAccountDebit","relatedParty":{},"bankAccount":{}}`)
	s.do(t, "PATCH", v2014+"/paymentMean/pm1", `{"bankAccount":null}`).refused(t, 400, "4003", "bankAccount")
	s.do(t, "PATCH", v2014+"/paymentMean/pm1", `{"type":"CreditCard"}`).refused(t, 400, "4003", "creditCard")
	s.create(t, v4+"/customer", `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`)
	s.do(t, "PATCH", v4+"/customer/c1", `{"engagedParty":null}`).refused(t, 400, "4003", "engagedParty")
	s.do(t, "PATCH", v4+"/customer/c1", `{"id":"c1"}`).refused(t, 400, "4011", "id")
	s.do(t, "PATCH", v3+"/customer/c1", `{"href":"c1"}`).refused(t, 400, "4011", "href")
}

// TestJSONPatch: RFC 6902, all of it or nothing.
func TestJSONPatch(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customer", `{"name":"A","n":1.50,"contactMedium":[{"type":"Email","medium":{"emailAddress":"a"}}]}`)
	for _, c := range []struct{ name, body, want string }{
		{"test, replace", `[{"op":"test","path":"/status","value":"Created"},{"op":"replace","path":"/status","value":"Active"}]`, `"status":"Active"`},
		{"test of what is filled in", `[{"op":"test","path":"/contactMedium/0/preferred","value":false}]`, `"n":1.50`},
		{"add to an array", `[{"op":"add","path":"/contactMedium/-","value":{"type":"Fax","medium":{"number":"1"}}}]`, `{"preferred":false,"type":"Fax","medium":{"number":"1"}}]`},
		{"move", `[{"op":"move","from":"/contactMedium/1","path":"/contactMedium/0"}]`, `"contactMedium":[{"preferred":false,"type":"Fax"`},
		{"copy", `[{"op":"copy","from":"/id","path":"/description"}]`, `"description":"c1"`},
		{"remove", `[{"op":"remove","path":"/contactMedium/0"}]`, `"contactMedium":[{"preferred":false,"type":"Email"`},
		{"pointer escapes", `[{"op":"add","path":"/a~1b~0c","value":{"<&>":"å"}}]`, `"a/b~c":{"<&>":"å"}`},
		{"test of numbers", `[{"op":"test","path":"/n","value":15e-1},{"op":"add","path":"/m","value":{"o~/":[1]}},{"op":"test","path":"/m","value":{"o~/":[1.0]}},{"op":"test","path":"/m/o~0~1/0","value":1.00},{"op":"remove","path":"/m"}]`, `"n":1.50`},
		{"nothing", `[]`, `"n":1.50`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.do(t, "PATCH", v2014+"/customer/c1", c.body, jsonPatch)
			if a.status != 200 || !strings.Contains(a.body, c.want) {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	before := s.do(t, "GET", v2014+"/customer/c1", "").body
	for _, c := range []struct {
		body   string
		status int
		code   string
		word   string
	}{
		{`[{"op":"replace","path":"/name","value":"B"},{"op":"test","path":"/name","value":"A"}]`, 409, "4090", "operation 1: /name is not what is tested for"},
		{`[{"op":"test","path":"/none","value":1},{"op":"remove","path":"/none"}]`, 409, "4090", "operation 0"},
		{`[{"op":"test","path":"/n","value":null}]`, 409, "4090", "operation 0"},
		{`[{"op":"test","path":"/n","value":1.51}]`, 409, "4090", "operation 0"},
		{`[{"op":"test","path":"/n","value":1.5},{"op":"test","path":"/n","value":"1.5"}]`, 409, "4090", "operation 1"},
		{"[" + strings.Repeat(`{"op":"test","path":"/n","value":1.5},`, 30) + `{"op":"remove","path":"/n"}]`, 409, "4090", "operation 20"},
		{`[{"op":"test","path":"/none/deeper","value":1}]`, 409, "4090", "operation 0"},
		{`[{"op":"replace","path":"/name","value":"B"},{"op":"remove","path":"/none"}]`, 400, "4004", "operation 1: remove of /none does not apply"},
		{`[{"op":"add","path":"/contactMedium/9","value":1}]`, 400, "4004", "operation 0"},
		{`[{"op":"add","path":"/contactMedium/-1","value":1}]`, 400, "4004", "operation 0"},
		{`[{"op":"replace","path":"/id","value":"c1"}]`, 400, "4011", "id is given by the server"},
		{`[{"op":"add","path":"/href","value":"x"}]`, 400, "4011", "href"},
		{`[{"op":"remove","path":"/id"}]`, 400, "4011", "id"},
		{`[{"op":"move","from":"/id","path":"/x"}]`, 400, "4011", "id"},
		{`[{"op":"replace","path":"","value":{}}]`, 400, "4011", "whole document"},
		{`[{"op":"remove","path":"/name"}]`, 400, "4003", "name is mandatory"},
		{`[{"op":"replace","path":"/name","value":[7]}]`, 400, "4012", "name must be a string"},
		{`[{"op":"replace","path":"/contactMedium/0/medium","value":{}}]`, 400, "4003", "contactMedium[0].medium"},
		{`[{"op":"jump","path":"/x"}]`, 400, "4004", `"jump"`},
		{`[{"path":"/x"}]`, 400, "4004", "operation 0: op must be"},
		{`[{"op":"add","path":"/x"}]`, 400, "4003", "value is mandatory for add"},
		{`[{"op":"move","path":"/x"}]`, 400, "4003", "from is mandatory for move"},
		{`[{"op":"remove"}]`, 400, "4003", "path is mandatory for remove"},
		{`[{"op":"remove","path":"x"}]`, 400, "4012", "path must be a JSON Pointer"},
		{`{"name":"B"}`, 400, "4012", "a JSON Patch must be an array"},
		{`[7]`, 400, "4012", "operation 0: it must be an object"},
		{"[" + strings.Repeat(`{"op":"test","path":""},`, 1001) + "1]", 400, "4000", "at most 1000 operations"},
		{`[{"op":"add","path":"/x","value":["` + strings.Repeat("x", 60_000) + `"]}` + strings.Repeat(`,{"op":"copy","from":"/x","path":"/x/-"}`, 40) + "]", 400, "4000", "bytes are copied"},
	} {
		s.do(t, "PATCH", v2014+"/customer/c1", c.body, jsonPatch).refused(t, c.status, c.code, c.word)
	}
	s.do(t, "GET", v2014+"/customer/c1", "").want(t, 200, before)
}

// TestPatchesLeaveTheRestAlone: what the business made of other data need not be
// what a client may send, as long as the patch is about something else.
func TestPatchesLeaveTheRestAlone(t *testing.T) {
	s := newServer(t)
	doc, err := read(`{"characteristic":[{"name":"n","value":{}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	m := s.memories["2014 customer"]
	m.put("c1", 1, doc)
	const rest = `,"characteristic":[{"name":"n","value":{}}],"description":"d"`
	s.do(t, "PATCH", v2014+"/customer/c1", `{"description":"d"}`).want(t, 200, atC1(isCreated, rest))
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"add","path":"/customerRank","value":"1"}]`, jsonPatch).want(t, 200, atC1(isCreated, rest+`,"customerRank":"1"`))
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"add","path":"/characteristic/-","value":{"name":"m","value":"8"}}]`, jsonPatch).
		refused(t, 400, "4012", "characteristic[0].value must be a string")
}

// TestPatchesAreBounded: what patches make has the limits of what is posted.
func TestPatchesAreBounded(t *testing.T) {
	s := newServer(t)
	long := "[" + strings.Repeat(`"`+strings.Repeat("x", 60_000)+`",`, 9) + "1]"
	s.create(t, v2014+"/customer", `{"name":"A","x":`+long+`}`)
	s.do(t, "PATCH", v2014+"/customer/c1", `{"y":`+long+`}`).refused(t, 413, "4130", "what the patch makes")
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"add","path":"/y","value":`+long+`}]`, jsonPatch).refused(t, 413, "4130", "what the patch makes")
	deep := strings.Repeat(`{"a":`, 31) + "1" + strings.Repeat("}", 31)
	s.do(t, "PATCH", v2014+"/customer/c1", `{"x":`+deep+`}`)
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"copy","from":"/x","path":"/x/a/a"}]`, jsonPatch).refused(t, 413, "4130", "depth, 32")
}

// TestLastModified: set on every change (tmf-customer.md 1.2).
func TestLastModified(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"T","lastModified":"2001-01-01T00:00:00Z"}`)
	for _, c := range []struct {
		method string
		now    time.Time
		want   string
	}{
		{"GET", s.now.Add(time.Hour), "2024-05-02T10:11:12Z"},
		{"PATCH", time.Date(2024, 5, 2, 12, 11, 12, 500_000_000, time.FixedZone("", 7200)), "2024-05-02T10:11:12.5Z"},
		{"PUT", s.now.Add(time.Second), "2024-05-02T10:11:13Z"},
	} {
		s.now = c.now
		a := s.do(t, c.method, v2014+"/customerAccount/ca1", `{"name":"A","accountType":"T"}`)
		if got := a.member(t, "lastModified"); got != c.want {
			t.Errorf("%s: %s, want %s", c.method, got, c.want)
		}
	}
}

// TestPut: a replacement; what is not sent is erased, id and href stay.
func TestPut(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customer", `{"name":"A","status":"Active","description":"d","x":1}`)
	s.do(t, "PUT", v2014+"/customer/c1", `{"id":"other","href":"http://x","name":"B","y":2}`).want(t, 200, atC1(isCreated, `,"name":"B","y":2`))
	s.do(t, "PUT", v2014+"/customer/c1", `{"status":"Active"}`).refused(t, 400, "4003", "name is mandatory")
	s.do(t, "PUT", v2014+"/customer/c1", `{"name":"B","contactMedium":[{}]}`).refused(t, 400, "4003", "contactMedium[0].type")
	s.do(t, "PUT", v2014+"/customer/none", `{"name":"B"}`).refused(t, 404, "4041", "none")
	s.create(t, v2014+"/customerAccount", `{"name":"A","accountType":"T"}`)
	s.create(t, v2014+"/paymentMean", `{"name":"A","type":"Cash","relatedParty":{}}`)
	s.create(t, v3+"/customer", `{"name":"A"}`)
	for target, body := range map[string]string{
		v2014 + "/customerAccount/ca1": `{"name":"B","accountType":"T"}`,
		v2014 + "/paymentMean/pm1":     `{"name":"B","type":"Cash","relatedParty":{}}`,
		v3 + "/customer/c1":            `{"name":"B"}`,
	} {
		if a := s.do(t, "PUT", target, body); a.status != 200 || a.member(t, "name") != "B" {
			t.Errorf("%s: %v", target, a)
		}
	}
}

// TestDefaultsAreNotKept: what a collection is given is what the client said,
// whatever host it spoke to.
func TestDefaultsAreNotKept(t *testing.T) {
	s := newServer(t)
	s.create(t, v2014+"/customer", `{"name":"A","customerAccount":[{"id":"1"}],"contactMedium":[{"type":"Email","medium":{"emailAddress":"a"}}]}`)
	kept := func() string { return s.memories["2014 customer"].items["c1"].Document.String() }
	before := kept()
	shown := s.do(t, "GET", v2014+"/customer/c1", "")
	s.do(t, "PATCH", v2014+"/customer/c1", `{"description":"d"}`)
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"remove","path":"/description"}]`, jsonPatch)
	if kept() != before {
		t.Errorf("%s became %s", before, kept())
	}
	s.do(t, "PUT", v2014+"/customer/c1", shown.body)
	if kept() != before {
		t.Errorf("%s became %s", before, kept())
	}
	s.do(t, "PATCH", v2014+"/customer/c1", `[{"op":"add","path":"/customerAccount/0/name","value":"n"}]`, jsonPatch)
	if want := strings.Replace(before, `{"id":"1"}`, `{"id":"1","name":"n"}`, 1); kept() != want {
		t.Errorf("kept %s, want %s", kept(), want)
	}
}
