package webhook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/webhook"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/wire"
)

// TestWebhooksOfTwoBrands: customers come in two brands; a webhook hears of those of its
// operator's brands, in order, and of no other's, whatever its patterns say.
func TestWebhooksOfTwoBrands(t *testing.T) {
	ts := servertest.New(t)
	servertest.LetReadEvents(t, ts.Store)
	const abroad = "DEMO2"
	heard := map[string]*servertest.Receiver{}
	ts.Update(t, func(tx store.Tx) error {
		for name, brands := range map[string][]string{"home-api": {server.DemoBrand}, "abroad-api": {abroad}, "two": {server.DemoBrand, abroad}} {
			if _, err := access.Add(tx, access.CommandLine, access.NewOperator{Name: name, Brands: brands, Rights: []string{"TMF_*", access.RightEvents}, Trusted: []string{"127.0.0.0/8"}}); err != nil {
				return err
			}
		}
		all, err := event.ParsePatterns([]string{"*"})
		if err != nil {
			return err
		}
		for _, n := range []webhook.Wanted{{URL: "crm"}, {URL: "abroad-api"}, {URL: "two"}, {URL: "house"}, {URL: "narrow", Operator: "two", Brands: []string{abroad}}} {
			r := servertest.NewReceiver(t)
			heard[n.URL] = r
			if n.Operator == "" {
				n.Operator = n.URL
			}
			n.URL, n.Topics, n.Secret = r.URL, all, servertest.WebhookSecret
			if _, err := webhook.Add(tx, access.CommandLine, n); err != nil {
				return err
			}
		}
		return nil
	})
	servertest.TellWebhooks(t, ts)
	var home, away []string
	for n := range 10 {
		home = append(home, makeCustomer(t, ts, "home-api", fmt.Sprint("Home ", n)))
		away = append(away, makeCustomer(t, ts, "abroad-api", fmt.Sprint("Away ", n)))
	}
	var both []string
	for n := range home {
		both = append(both, server.DemoBrand+" "+home[n], abroad+" "+away[n])
	}
	only := func(brand string) (some []string) {
		for _, one := range both {
			if strings.HasPrefix(one, brand+" ") {
				some = append(some, one)
			}
		}
		return some
	}
	for name, want := range map[string][]string{"crm": only(server.DemoBrand), "abroad-api": only(abroad), "narrow": only(abroad), "two": both, "house": both} {
		for end := time.Now().Add(time.Minute); len(created(t, name, heard[name])) < len(want); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s is told %v", name, created(t, name, heard[name]))
			}
		}
		if got := created(t, name, heard[name]); strings.Join(got, ",") != strings.Join(want, ",") {
			t.Errorf("%s is told %v, want %v", name, got, want)
		}
	}
}

// created are the brands and accounts of the customers that a receiver was told of. What
// it was told otherwise is of the same brands.
func created(t *testing.T, name string, r *servertest.Receiver) (all []string) {
	t.Helper()
	brands := map[string]bool{}
	var others []string
	for line := range strings.Lines(r.Took()) {
		var doc struct{ Type, Brand, Subject, Account string }
		if err := json.Unmarshal([]byte(line), &doc); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if doc.Brand == "" && name == "house" {
			continue // of no brand, so of an operator's of all
		}
		if doc.Type == "customer.created" {
			all, brands[doc.Brand] = append(all, doc.Brand+" "+doc.Account), true
		} else {
			others = append(others, doc.Brand)
		}
	}
	for _, brand := range others {
		if !brands[brand] {
			t.Errorf("told of brand %q", brand)
		}
	}
	return all
}

// makeCustomer makes a customer over TM Forum and gives its account.
func makeCustomer(t *testing.T, ts *servertest.Server, operator, name string) (account string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, strings.TrimSuffix(ts.Endpoint, wire.Path)+"/customerManagement/customer", strings.NewReader(fmt.Sprintf(`{"name":%q}`, name)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth(operator, "")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var made struct{ ID string }
	if err := json.NewDecoder(answer.Body).Decode(&made); err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatalf("%d %v %+v", answer.StatusCode, err, made)
	}
	return strings.TrimPrefix(made.ID, "c")
}
