package tmf_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf"
)

// TestErasedContact: who is erased and owned nothing is in nothing that clients
// wrote of the customer, whose own words stay.
func TestErasedContact(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	var other store.ID
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: g.account, UserFields: customer.UserFields{
			FirstName: "Secret", LastName: "Contact", Email: "secret@example.com", Phone1: "4599887766", City: "Odense", ZIP: "5000"}})
		if err == nil {
			other = u.ID
		}
		return err
	})
	if a := s.do(t, "PATCH", g.path(), `{"description":"ours","extra":["ask Secret  Contact","SECRET contact"],"plain":{"kept":1},"contact":[{"contactType":"billing","contactName":"Secret Contact","note":"secret",
		"relatedParty":{"id":"`+other.String()+`"}}]}`, "Idempotency-Key: 1"); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	mean := s.create(t, meanPath, strings.Replace(plainMean, `"relatedParty":{"id":"1"`, `"payer":"secret@example.com","relatedParty":{"id":"`+other.String()+`"`, 1))
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.SetBillingAddress(tx, demo, g.group, 0)
		return err
	})
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		secret := `{"name":"Secret","contact":[{"relatedParty":{"id":"` + other.String() + `"}}]}`
		for id, shown := range map[string]string{"ca1": secret, "ca2": `{"name":"of others"}`} {
			if _, err := tmf.KeepEnded(tx, `{"2014":`+shown+`}`); err != nil {
				return err
			}
			if err := tmf.KeepChange(tx, "customerAccount", id, "DEMO", store.Deleted, nil, map[string]string{"2014": shown}); err != nil {
				return err
			}
		}
		return nil
	})
	s.now = s.now.AddDate(0, 0, catalogue.DefaultRetentionDays+1)
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ErasePerson(tx, demo, other)
		return err
	})
	s.do(t, "GET", meanPath+"/"+mean, "").refused(t, 404, "4041")
	a := s.get(t, g.path())
	if a.member(t, "description") != "ours" || a.member(t, "plain.kept") != "1" {
		t.Errorf("the customer's own words are gone: %s", a.body)
	}
	servertest.AllTold(t, s.store)
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		if n, err := tx.Count("tmf_ended"); n != 1 || err != nil {
			t.Errorf("%d ended resources are kept, %v", n, err)
		}
		if n, err := tx.Count("tmf_change"); n != 2 || err != nil {
			t.Errorf("%d changes wait, %v", n, err)
		}
		events, err := tx.EventsAfter(0, 1000)
		if err != nil {
			return err
		}
		for _, e := range events {
			if strings.Contains(strings.ToLower(string(e.Body)), "secret") {
				t.Errorf("event %s: %s", e.Topic, e.Body)
			}
		}
		for _, kind := range []string{"tmf_ended", "tmf_change", "tmf_overlay", "reply", "tmf_payment_mean", "user"} {
			records, err := tx.Scan(kind, 0, 1000)
			if err != nil {
				return err
			}
			for _, r := range records {
				if strings.Contains(strings.ToLower(string(r.Doc)), "secret") || strings.Contains(string(r.Doc), other.String()) {
					t.Errorf("%s %s: %s", kind, r.ID, r.Doc)
				}
			}
		}
		return nil
	})
}

// TestFingerprintsTellNoSecret: a request is known again by what may be kept of it
// only, so that nobody finds the rest by trying.
func TestFingerprintsTellNoSecret(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	card := func(number, holder string) string {
		return `{"name":"c","type":"CreditCard","relatedParty":{"id":"1"},"creditCard":{"number":"` + number + `","creditCardHolder":"` + holder + `","type":"Visa","expirationDate":"2027-01-31"}}`
	}
	account := func(pin string) string { return `{"name":"a","accountType":"t","pin":"` + pin + `"}` }
	patch := func(path, value string) string { return `[{"op":"add","path":"` + path + `","value":` + value + `}]` }
	made := s.create(t, meanPath, card("4111111111111111", "h"))
	for i, c := range []struct {
		method, path, first, second string
		same                        bool
	}{
		{"POST", meanPath, card("4111111111111111", "h"), card("4012888888881111", "h"), true},
		{"POST", meanPath, card("4111111111111112", "h"), card("4012888888881112", "h"), true}, // no card numbers: they fail the check
		{"POST", meanPath, card("4111111111111111", "h"), card("4111111111111111", "i"), false},
		{"POST", meanPath, card("4111111111111111", "h"), card("4012888888881881", "h"), false},
		{"POST", accountPath, account("1234"), account("4321"), true},
		{"POST", accountPath, account("1234"), strings.Replace(account("1234"), `"a"`, `"b"`, 1), false},
		{"PATCH", g.path(), patch("/pin", `"1234"`), patch("/pin", `"4321"`), true},
		{"PATCH", g.path(), patch("/description", `"a"`), patch("/description", `"b"`), false},
		{"PATCH", meanPath + "/" + made, patch("/creditCard/number", `"4111111111111113"`), patch("/creditCard/number", `"4222222222221113"`), true},
		{"PATCH", g.path(), patch("/cvv", `"123"`), patch("/cvv", `"321"`), true},
		{"PATCH", g.path(), patch("/x", `{"name":"CVC","value":1}`), patch("/x", `{"name":"CVC","value":2}`), true},
	} {
		media, key := "Content-Type: application/json", "Idempotency-Key: "+string(rune('a'+i))
		if strings.HasPrefix(c.first, "[") {
			media = jsonPatch
		}
		if a := s.do(t, c.method, c.path, c.first, media, key); a.status >= 500 || a.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("%s: %d %s", c.first, a.status, a.body)
		}
		again := s.do(t, c.method, c.path, c.second, media, key)
		if same := again.header.Get("Idempotent-Replayed") == "true"; same != c.same || !same && again.status != 409 {
			t.Errorf("%s after %s: %d %s", c.second, c.first, again.status, again.body)
		}
	}
	b := servertest.Kept(t, s.store)
	for _, never := range []string{"411111111111", "401288888888"} {
		if strings.Contains(b, never) {
			t.Errorf("%s is in the store", never)
		}
	}
}

// TestErasedElsewhere: what clients wrote of other customers keeps the reference to a
// person who is erased, and not the name; attributes beside it that say the name go.
// Whoever has the name alone stays: it may be another.
func TestErasedElsewhere(t *testing.T) {
	s := newBranch(t)
	g, o, third := s.signUp(t, customer.Private, "POST_PAID"), s.signUp(t, customer.Private, "POST_PAID"), s.signUp(t, customer.Private, "POST_PAID")
	var bo store.ID
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: g.account, UserFields: customer.UserFields{
			FirstName: "Bo", LastName: "Berg", Email: "secret@example.com", City: "Odense", ZIP: "5000"}})
		if err == nil {
			bo = u.ID
		}
		return err
	})
	const v4 = "/tmf-api/customerManagement/v4"
	ask := func(path, body string) {
		t.Helper()
		if a := s.do(t, "PATCH", path, body); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	reference := func(more string) string { return `{"id":"` + bo.String() + `","name":"Bo Berg"` + more + `}` }
	customerPath := func(g guest) string { return v4 + "/customer/c" + g.account.String() }
	ask(o.path(), `{"description":"Bo Berg pays","extra":{"deep":[`+reference(`,"role":"payer","note":"secret"`)+`]},"kept":"ours","contact":[{"contactType":"billing","contactName":"Kim","relatedParty":`+reference("")+`}]}`)
	ask(customerPath(o), `{"relatedParty":[`+reference(`,"role":"friend"`)+`,{"id":"`+third.owner.String()+`","name":"Kim","role":"friend"}]}`)
	ask(third.path(), `{"description":"Bo Berg, another"}`)
	s.now = s.now.AddDate(0, 0, catalogue.DefaultRetentionDays+1)
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ErasePerson(tx, demo, bo)
		return err
	})
	all := s.get(t, o.path()).body + s.get(t, customerPath(o)).body
	for _, word := range []string{"Bo Berg", "secret"} {
		if strings.Contains(all, word) {
			t.Errorf("%q is still said: %s", word, all)
		}
	}
	for _, want := range []string{`"kept":"ours"`, `"deep":[{"id":"` + bo.String() + `","role":"payer"}]`, `"contactName":"Kim"`, `"name":"Kim"`, `"role":"friend"`} {
		if !strings.Contains(all, want) {
			t.Errorf("%s is gone: %s", want, all)
		}
	}
	if a := s.get(t, third.path()); a.member(t, "description") != "Bo Berg, another" {
		t.Errorf("another of that name: %s", a.body)
	}
}
