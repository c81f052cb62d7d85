package workflow_test

import (
	"slices"
	"testing"
	"time"

	"rator/catalogue"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// A campaign runs on its days as the brand's zone counts them, here the server's, and its
// days are answered in that zone.
func TestCampaignsOfTheBrandsDay(t *testing.T) {
	h := newHouse(t)
	err := h.gate.Store.Update(t.Context(), func(tx store.Tx) error { return catalogue.ServeIn(tx, "America/Denver") })
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[time.Time][]string{
		time.Date(2014, 9, 1, 5, 59, 59, 0, time.UTC): {"WELCOME", "SUMMER_2014 2014-06-01T00:00:00-06:00 2014-08-31T00:00:00-06:00"},
		time.Date(2014, 9, 1, 6, 0, 0, 0, time.UTC):   {"WELCOME"},
	} {
		h.time.Store(at.Unix())
		r := h.call(t, workflow.Request{Hookpoint: "SOAP_GET_CAMPAIGNS", Values: tree(value.OfString("PRODUCT_ID", "201312240052364157"), as("root"))})
		var got []string
		for m := range r.Values.Items("CAMPAIGNS").All("CAMPAIGN") {
			said := m.Items.Text("CODE")
			if to := m.Items.Text("VALID_TO"); to != "" {
				said += " " + m.Items.Text("VALID_FROM") + " " + to
			}
			got = append(got, said)
		}
		if !slices.Equal(got, want) {
			t.Errorf("at %s: %d %s: %q, want %q", at, r.ErrorCode, r.ErrorMessage, got, want)
		}
	}
}
