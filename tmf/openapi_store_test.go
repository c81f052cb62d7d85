package tmf_test

import (
	"net/http"
	"strings"
	"testing"

	"rator/customer"
	"rator/suite"
	"rator/tmf/dialect"
)

// TestStoredAnswersAreDescribed: what the business answers, of a customer that
// SOAP made and of one made here, is as each dialect's document says.
func TestStoredAnswersAreDescribed(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	s.signUp(t, 1, customer.Private, customer.UserFields{FirstName: "Åse", LastName: "Øre", Email: "aase@example.com", City: "Odense", ZIP: "5000"})
	for _, d := range dialect.All {
		for _, b := range d.Bases {
			c := contractOf(t, s.server, b.Path)
			ask := func(method, target, body string) answer {
				a := s.do(t, method, b.Path+target, body)
				r := newRequest(method, b.Path+target, body)
				r.SetBasicAuth("demo", "demo")
				r.Header.Set("Content-Type", "application/json")
				if err := c.exchange(r, &http.Response{StatusCode: a.status, Header: a.header}, a.body); err != nil {
					t.Errorf("%s %s%s: %d %s: %v", method, b.Path, target, a.status, a.body, err)
				}
				return a
			}
			document := `{"name":"A","engagedParty":{"name":"A"}}`
			if d.Name == "v4" {
				document = `{"name":"A","engagedParty":{"id":"1","@referredType":"Individual"}}`
			}
			made := ask("POST", "/customer", document)
			_, item, _ := strings.Cut(made.header.Get("Location"), b.Path)
			ask("PATCH", item, `{"status":"Active"}`)
			ask("GET", item+"?fields=name", "")
			ask("GET", "/customer?limit=1", "")
			for _, r := range d.Resources {
				ask("GET", "/"+r.Name, "")
				ask("GET", "/"+r.Name+"?name.gt=7&sort=-name", "")
			}
			ask("DELETE", item, "")
		}
	}
}
