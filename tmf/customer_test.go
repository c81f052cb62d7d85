package tmf_test

import (
	"fmt"
	"strings"
	"testing"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf"
	"rator/tmf/jsondoc"
)

var owner = customer.UserFields{
	FirstName: "Åse", LastName: "Øre", Street: "Algade", StreetNumber: "7", City: "Odense", ZIP: "5000", Country: "DK",
	Email: "aase@example.com", Phone1: "4512345678", Phone2: "4587654321", Fax: "4511111111", Birthday: "1980-01-31",
}

// wantIn checks an answer's status, and texts that the body has or, after a "!",
// has not.
func (a answer) wantIn(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.status != status {
		t.Errorf("got %d, want %d: %s", a.status, status, a.body)
	}
	for _, text := range texts {
		if not, is := strings.CutPrefix(text, "!"); is {
			if strings.Contains(a.body, not) {
				t.Errorf("%s must not be in %s", not, a.body)
			}
		} else if !strings.Contains(a.body, text) {
			t.Errorf("%s is not in %s", text, a.body)
		}
	}
	return a
}

func TestSignUpIsReadableAtOnceInAllDialects(t *testing.T) {
	s := newShop(t)
	id, _ := s.signUp(t, 2, customer.Private, owner)
	same := []string{`"name":"Åse Øre"`, `"status":"Active"`, `"emailAddress":"aase@example.com"`, `{"name":"rator.customerNumber","value":"100001"`,
		`{"name":"rator.birthDate","value":"1980-01-31"`, `{"name":"rator.subscriptionCount","value":"1"`, `"street1":"Algade 7"`, `"country":"DK"`, `"name":"100001-1"`}
	s.do(t, "GET", v2014+"/customer/"+id, "").wantIn(t, 200, append(same,
		`"role":"customer"`, `"number":"4512345678"`, `"type":"Fax"`, `"customerAccount":[{"id":"ca2`, `"postcode":"5000"`, "!@referredType")...)
	s.do(t, "GET", v3+"/customer/"+id, "").wantIn(t, 200, append(same, `"engagedParty":{"id":"2`, `"type":"TelephoneNumber"`, `"phoneNumber":"4512345678"`, `"account":[{"id":"ca2`)...)
	s.do(t, "GET", v4+"/customer/"+id, "").wantIn(t, 200, append(same, `"@type":"Customer"`, `"@referredType":"Individual"`, `"mediumType":"Fax"`, `"faxNumber":"4511111111"`, `"postCode":"5000"`)...)
	// The bare id is another name of it; another brand's is unknown.
	s.do(t, "GET", v4+"/customer/"+id[1:], "").wantIn(t, 200, `"id":"`+id+`"`)
	s.do(t, "GET", v4+"/customer/"+id, "", "X-Brand-Key: DEMO2").refused(t, 404, "4041")
	s.do(t, "GET", v4+"/customer", "", "X-Brand-Key: NONE").refused(t, 400, "4000", "NONE")
	s.do(t, "GET", v4+"/customer/c999999999999999999", "").refused(t, 404, "4041")
	s.do(t, "GET", v4+"/customer", "", "X-Brand-Key: DEMO2").want(t, 200, "[]")
}

func TestStatusIsThatOfTheSubscriptions(t *testing.T) {
	s := newShop(t)
	for n, want := range []string{"Created", "Created", "Active", "Suspended", "Terminated"} {
		id, _ := s.signUp(t, n, customer.Company, customer.UserFields{Company: fmt.Sprint("Firm ", n)})
		s.do(t, "GET", v4+"/customer/"+id, "").wantIn(t, 200, `"status":"`+want+`"`, `"name":"Firm `, `"@referredType":"Organization"`, `"value":"Company"`)
	}
	s.do(t, "GET", v2014+"/customer?status=active", "").wantIn(t, 200, "Firm 2", "!Firm 1")
}

func TestStatusAsksForTransitions(t *testing.T) {
	s := newShop(t)
	patch := func(id, status string) answer {
		return s.do(t, "PATCH", v4+"/customer/"+id, `{"status":"`+status+`"}`, "Content-Type: application/json")
	}
	live, _ := s.signUp(t, 2, customer.Private, owner)
	patch(live, "Suspended").wantIn(t, 200, `"status":"Suspended"`)
	patch(live, "Created").refused(t, 400, "4002", "status")
	patch(live, "active").wantIn(t, 200, `"status":"active"`)
	patch(live, "Terminated").refused(t, 400, "4002", "LIVE_SUBSCRIPTIONS")
	patch(live, "in good standing").wantIn(t, 200, `"status":"in good standing"`)
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error { // the business has another state now
		n, _ := store.ParseID(live[1:])
		w, err := customer.LoadWhole(tx, b, n)
		if err != nil {
			return err
		}
		_, err = customer.TerminateSubscription(tx, b, w.Subscriptions[0].ID)
		return err
	})
	s.do(t, "GET", v4+"/customer/"+live, "").wantIn(t, 200, `"status":"Created"`)
	patch(live, "Prospective").wantIn(t, 200, `"status":"Prospective"`)
	patch(live, "Terminated").wantIn(t, 200, `"status":"Terminated"`)
	patch(live, "Active").refused(t, 400, "4002")
}

func TestDeleteCustomer(t *testing.T) {
	s := newShop(t)
	live, _ := s.signUp(t, 1, customer.Private, owner)
	s.do(t, "DELETE", v4+"/customer/"+live, "").refused(t, 409, "4090", "LIVE_SUBSCRIPTIONS")
	for i, base := range []string{v2014, v3, v4} {
		id, _ := s.signUp(t, 5*i, customer.Private, owner)
		s.do(t, "DELETE", base+"/customer/"+id, "").want(t, 204, "")
		s.do(t, "GET", base+"/customer/"+id, "").refused(t, 404, "4041")
		s.do(t, "DELETE", base+"/customer/"+id, "").refused(t, 404, "4041")
	}
	if a := s.do(t, "GET", v4+"/customer", ""); a.header.Get("X-Total-Count") != "1" {
		t.Errorf("%v %s", a.header, a.body)
	}
}

// TestEcho: what came in comes out, in the dialect it came in.
func TestEcho(t *testing.T) {
	s := newShop(t)
	for _, c := range []struct{ base, body string }{
		{v2014, `{"name":"A  B","status":"On trial","x":{"y":[1,2.50,null]},"contactMedium":[{"type":"PostalAddress","medium":{"streetOne":"L 7","city":"Wien","z":1}},{"preferred":true,"type":"Email","validFor":{"startDateTime":"2013-04-19T20:42:23.000+0000"},"medium":{"emailAddress":"a@b"}}],"paymentMean":5}`},
		{v3, `{"name":"C","type":{"name":"r"},"contactMedium":[{"preferred":false,"type":"TelephoneNumber","characteristic":{"type":"mobile","number":"1"}}],"customerAccount":{"mine":true},"engagedParty":{"name":"Someone","@referredType":"Individual"}}`},
		{v4, `{"name":"D","type":3,"engagedParty":{"id":"1","@referredType":"Organization","name":"D Ltd","href":"http://x/y"},"contactMedium":[{"preferred":true,"mediumType":"phone","characteristic":{"phoneNumber":"1","number":7}},{"preferred":false,"mediumType":"Email"}],"agreement":[{"id":"9"}],"relatedParty":[{"id":"7","role":"x","@referredType":"Individual","href":"http://z"}]}`},
	} {
		body := c.body
		if c.base == v2014 {
			body = strings.Replace(body, `,"paymentMean":5`, "", 1)
		}
		id := s.create(t, c.base+"/customer", body)
		for _, read := range []string{v2014, v3, v4, c.base} {
			a := s.do(t, "GET", read+"/customer/"+id, "").wantIn(t, 200)
			// A patch of something else leaves everything as it is, in every dialect.
			b := s.do(t, "PATCH", read+"/customer/"+id, `{"validFor":{"startDateTime":"2020-01-01"}}`, "Content-Type: application/json")
			if b.status >= 300 {
				t.Fatalf("%d %s", b.status, b.body)
			}
			sent, got := value(t, body), b.value(t)
			if read == c.base {
				for _, m := range sent.Members() {
					v, _ := got.Get(m.Name)
					shown, _ := a.value(t).Get(m.Name)
					if !contains(v, m.Value) || !contains(shown, m.Value) {
						t.Errorf("%s: %s was %s, is %s and %s", c.base, m.Name, m.Value, shown, v)
					}
				}
			}
		}
	}
}

func value(t testing.TB, text string) jsondoc.Value { return answer{body: text}.value(t) }

// contains reports whether v has everything of want, in arrays at the same places.
func contains(v, want jsondoc.Value) bool {
	switch want.Kind() {
	case jsondoc.Object:
		for _, m := range want.Members() {
			if mine, found := v.Get(m.Name); !found || !contains(mine, m.Value) {
				return false
			}
		}
		return v.Kind() == jsondoc.Object
	case jsondoc.Array:
		for i, item := range want.Items() {
			if i >= len(v.Items()) || !contains(v.Items()[i], item) {
				return false
			}
		}
		return v.Kind() == jsondoc.Array
	}
	return v.Equal(want)
}

// TestNewerChangesCount: what the business changed later is not hidden by what was
// written before; what it does not know stays where it was.
func TestNewerChangesCount(t *testing.T) {
	s := newShop(t)
	id := s.create(t, v2014+"/customer", `{"name":"A B","contactMedium":[{"type":"Email","mine":1,"validFor":{"startDateTime":"2013-04-19"},"medium":{"emailAddress":"a@x","mine":2}},{"type":"Email","medium":{"emailAddress":"b@x"}},{"type":"Email","medium":{"emailAddress":"third@x"}}]}`)
	before := s.do(t, "GET", v2014+"/customer/"+id, "")
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		n, _ := store.ParseID(id[1:])
		a, err := customer.AccountByID(tx, b, n)
		if err != nil {
			return err
		}
		_, err = customer.UpdateUser(tx, b, a.Owner, func(f *customer.UserFields) error {
			f.Email, f.Email2, f.LastName, f.Phone1 = "new@x", "", "C", "123"
			return nil
		})
		return err
	})
	a := s.do(t, "GET", v2014+"/customer/"+id, "").wantIn(t, 200, `"name":"A C"`, `"emailAddress":"new@x","mine":2`, `"mine":1`, "!a@x", "!b@x", "third@x", `"number":"123"`)
	if a.header.Get("ETag") == before.header.Get("ETag") {
		t.Error("the version did not move")
	}
	s.do(t, "PATCH", v2014+"/customer/"+id, `{"description":"x"}`, "Content-Type: application/json", "If-Match: "+before.header.Get("ETag")).refused(t, 412, "4120")
	s.do(t, "PATCH", v2014+"/customer/"+id, `{"description":"x"}`, "Content-Type: application/json", "If-Match: "+a.header.Get("ETag")).wantIn(t, 200, `"description":"x"`)
	s.do(t, "GET", v4+"/customer/"+id, "").wantIn(t, 200, `{"name":"description","value":"x","valueType":"string"}`)
	s.do(t, "PATCH", v4+"/customer/"+id, `{"characteristic":[{"name":"description","value":"y"},{"name":"rator.language","value":"SE"}]}`, "Content-Type: application/json").wantIn(t, 200)
	s.do(t, "GET", v2014+"/customer/"+id, "").wantIn(t, 200, `"description":"y"`, `{"name":"rator.language","value":"SE"}`, "rator.customerNumber")
}

// TestPatchLeavesTheRestAlone: what a document shows in other words is not written
// back.
func TestPatchLeavesTheRestAlone(t *testing.T) {
	s := newShop(t)
	id, account := s.signUp(t, 0, customer.Private, owner)
	s.do(t, "PATCH", v4+"/customer/"+id, `[{"op":"replace","path":"/contactMedium/0/characteristic/emailAddress","value":"n@x"}]`, "Content-Type: application/json-patch+json").wantIn(t, 200, "n@x")
	s.view(t, func(tx store.Tx) error {
		b, _ := catalogue.BrandByKey(tx, "DEMO")
		w, err := customer.LoadWhole(tx, b, account)
		if err != nil {
			return err
		}
		want := owner
		want.Email = "n@x"
		if w.Users[0].UserFields != want {
			t.Errorf("%+v", w.Users[0].UserFields)
		}
		return nil
	})
}

// TestCardDataOfCustomers is refused in every dialect, however it comes, and
// leaves nothing; a phone number that looks like a card does not.
func TestCardDataOfCustomers(t *testing.T) {
	s := newShop(t)
	id, _ := s.signUp(t, 0, customer.Private, owner)
	const card = "4111 1111 1111 1111"
	const line = "3782 822463 10005" // no number of a phone has more digits
	for _, dialect := range []struct{ base, party, phone, email, more string }{
		{v2014, "", `"type":"TelephoneNumber","medium":{"number":"` + line + `"}`, `"type":"Email","medium":{"number":"` + card + `"}`, ""},
		{v3, "", `"type":"TelephoneNumber","characteristic":{"phoneNumber":"` + line + `"}`, `"type":"Email","characteristic":{"phoneNumber":"` + card + `"}`, `,"creditProfile":[{"creditProfileDate":"2026-01-01","validFor":{},"note":"` + card + `"}]`},
		{v4, `,"engagedParty":{"id":"1","@referredType":"Individual"}`, `"mediumType":"TelephoneNumber","characteristic":{"phoneNumber":"` + line + `"}`,
			`"mediumType":"Email","characteristic":{"phoneNumber":"` + card + `"}`, `,"characteristic":[{"name":"c","value":{"deep":["` + card + `"]}}]`},
	} {
		path := dialect.base + "/customer"
		whole := `"name":"A"` + dialect.party
		refused := []string{
			`"name":"` + card + `"`, `"note":["x","` + card + `"]`, `"n":4111111111111111`, `"` + card + `":1`,
			`"characteristic":[{"name":"c","value":"` + card + `"}]`, `"characteristic":[{"name":"CVV2","value":"123"}]`, `"cvv":"123"`, `"x":{"y":[{"Track-2":"B4"}]}`,
			`"contactMedium":[{` + dialect.email + `}]`,
		}
		if dialect.more != "" {
			refused = append(refused, dialect.more[1:])
		}
		for _, member := range refused {
			body := `{` + whole + `,` + member + `}`
			if strings.HasPrefix(member, `"name"`) {
				body = `{` + member + dialect.party + `}`
			}
			s.do(t, "POST", path, body).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
			if dialect.base != v4 {
				s.do(t, "PUT", path+"/"+id, body).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
			}
			s.do(t, "PATCH", path+"/"+id, `{`+member+`}`).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
			name, value, _ := strings.Cut(member, ":")
			s.do(t, "PATCH", path+"/"+id, `[{"op":"add","path":"/`+name[1:len(name)-1]+`","value":`+value+`}]`, jsonPatch).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
		}
		made := s.create(t, path, `{`+whole+`,"contactMedium":[{`+dialect.phone+`}]}`)
		s.do(t, "PATCH", path+"/"+made, `{"status":"odd"}`).wantIn(t, dialectStatus(dialect.base), line)
		s.do(t, "GET", path+"/"+id, "").wantIn(t, 200, "!"+card, "!cvv", "!Track")
	}
	if a := s.do(t, "GET", v2014+"/customer", ""); a.header.Get("X-Total-Count") != "4" {
		t.Errorf("%s customers, want 4: %s", a.header.Get("X-Total-Count"), a.body)
	}
}

// dialectStatus is what a PATCH is answered with.
func dialectStatus(base string) int {
	if base == v3 {
		return 201
	}
	return 200
}

func TestWritesAreDoneOnce(t *testing.T) {
	s := newShop(t)
	post := func(body string) answer {
		return s.do(t, "POST", v2014+"/customer", body, "Content-Type: application/json", "Idempotency-Key: k1")
	}
	first, again := post(`{"name":"A B"}`), post(`{"name":"A B"}`)
	if first.status != 201 || again.body != first.body || again.header.Get("Idempotent-Replayed") != "true" || again.header.Get("ETag") != first.header.Get("ETag") {
		t.Errorf("%v\n%v", first, again)
	}
	post(`{"name":"C"}`).refused(t, 409, "4090", "REQUEST_ID_REUSED")
	if a := s.do(t, "GET", v2014+"/customer", ""); a.header.Get("X-Total-Count") != "1" {
		t.Error(a.body)
	}
	s.view(t, func(tx store.Tx) error {
		var got []string
		for row, err := range access.RowsOfOperator(tx, "demo") {
			if err != nil {
				return err
			}
			got = append(got, row.Face+" "+row.Hookpoint+" "+row.Outcome+" "+row.RequestID)
		}
		want := "tmf TMF_CREATE_CUSTOMER OK k1, tmf TMF_CREATE_CUSTOMER REPLAYED k1, tmf TMF_CREATE_CUSTOMER REQUEST_ID_REUSED k1, tmf TMF_GET_CUSTOMER OK "
		if strings.Join(got, ", ") != want {
			t.Errorf("audit rows %s", strings.Join(got, ", "))
		}
		return nil
	})
}

func TestStrictReferences(t *testing.T) {
	s := newShop(t, func(c *tmf.Config) { c.Strict = true })
	s.do(t, "POST", v2014+"/customer", `{"name":"A","customerAccount":[{"id":"ca1"}]}`, "Content-Type: application/json").refused(t, 400, "4004", "customerAccount.id")
	s.do(t, "POST", v2014+"/customer", `{"name":"A","relatedParty":{"id":"1"}}`, "Content-Type: application/json").refused(t, 400, "4004", "relatedParty.id")
	s.do(t, "GET", v2014+"/customer", "").want(t, 200, "[]")
}

// TestCompaniesAreOrganizations: the address of the party says what it is, whatever
// a client has written of it.
func TestCompaniesAreOrganizations(t *testing.T) {
	s := newShop(t)
	company, _ := s.signUp(t, 0, customer.Company, customer.UserFields{Company: "Firm"})
	person, _ := s.signUp(t, 0, customer.Private, owner)
	for id, home := range map[string]string{company: "organization", person: "individual"} {
		path := v2014 + "/customer/" + id
		party := s.do(t, "GET", path, "").member(t, "relatedParty.id")
		want := func(a answer, more ...string) {
			t.Helper()
			a.wantIn(t, 200, append(more, `"href":"http://tmf.example:8080/partyManagement/`+home+`/`+party+`"`, "!2014:class", "!@referredType")...)
		}
		want(s.do(t, "GET", path, ""))
		want(s.do(t, "GET", v2014+"/customer?id="+id, ""))
		want(s.do(t, "PATCH", path, `{"relatedParty":{"role":"buyer"}}`), `"role":"buyer"`)
		want(s.do(t, "PATCH", path, `[{"op":"add","path":"/relatedParty/note","value":"n"}]`, jsonPatch), `"note":"n"`)
		want(s.do(t, "PUT", path, s.do(t, "GET", path, "").body))
		s.do(t, "GET", v4+"/customer/"+id, "").wantIn(t, 200, "!2014:class", `"@referredType":"`+strings.ToUpper(home[:1])+home[1:]+`"`)
		s.do(t, "PATCH", path, `{"relatedParty":{"href":"http://elsewhere/7"}}`).wantIn(t, 200, `"href":"http://elsewhere/7"`, "!2014:class")
	}
}
