package resource_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

// TestSignUpsOverTMFAreAsked: a site's workflow is asked about a customer made over
// TM Forum as about one of SOAP: it turns down who is on the blacklist, with nothing
// left, and credits who was referred.
func TestSignUpsOverTMFAreAsked(t *testing.T) {
	ts := servertest.Of(t, filepath.Join(servertest.Root, "testdata", "site"))
	records := func() map[string]int64 {
		t.Helper()
		servertest.AllTold(t, ts.Store)
		n := map[string]int64{}
		err := ts.Store.View(t.Context(), func(tx store.Tx) error {
			for _, kind := range store.Infos() {
				count, err := tx.Count(kind.Name)
				if err != nil {
					return err
				}
				if n[kind.Name] = count; kind.Name == "audit" {
					n[kind.Name] = 0
				}
			}
			events, err := tx.EventsAfter(0, 1000)
			n["event"] = int64(len(events))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	customer := func(name, value string) string {
		return `{"name":"Bo Ek","engagedParty":{"id":"1","@referredType":"Individual"},"characteristic":[{"name":"` + name + `","value":"` + value + `"}]}`
	}
	before := records()
	for _, base := range []string{"/customerManagement", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"} {
		status, body := ts.CallTMF(t, "POST", base+"/customer", customer("rator.personalId", "666-66-6666"))
		if status != 409 || !strings.Contains(body, `"reason":"the customer is on the blacklist","message":"BLACK_LISTED: fraud"`) {
			t.Errorf("%s: %d %s", base, status, body)
		}
	}
	if diff := cmp.Diff(before, records()); diff != "" {
		t.Errorf("left of who was turned down (-before +after):\n%s", diff)
	}
	for value, want := range map[string]string{"FRIEND": "10", "NOBODY": ""} {
		status, body := ts.CallTMF(t, "POST", "/customerManagement/customer", customer("rator.referencedBy", value))
		var made struct{ CustomerAccount []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &made); err != nil || status != 201 {
			t.Fatalf("%d %s %v", status, body, err)
		}
		_, body = ts.CallTMF(t, "GET", "/customerManagement/customerAccount/"+made.CustomerAccount[0].ID, "")
		if credited := strings.Contains(body, `{"type":"DepositBalance","amount":10,`); credited != (want != "") {
			t.Errorf("referenced by %s: %s", value, body)
		}
	}
	var notes []string
	err := ts.Store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, server.DemoOperator) {
			if err != nil {
				return err
			}
			if row.Hookpoint == "TMF_CREATE_CUSTOMER" {
				notes = append(notes, row.Outcome+" "+strings.Join(row.Notes, ", "))
			}
		}
		return nil
	})
	slices.Sort(notes)
	want := []string{"BLACK_LISTED 2014", "BLACK_LISTED v3", "BLACK_LISTED v4", "OK 2014", "OK 2014, welcome bonus for FRIEND"}
	if diff := cmp.Diff(want, notes); diff != "" || err != nil {
		t.Errorf("audit rows %v:\n%s", err, diff)
	}
}
