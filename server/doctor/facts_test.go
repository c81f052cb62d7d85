package doctor_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rator/access"
	"rator/catalogue"
	"rator/event"
	"rator/event/webhook"
	"rator/server"
	"rator/server/doctor"
	"rator/server/servertest"
	"rator/store"
)

// TestGather: what a store says of itself, and of whom.
func TestGather(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	begun := time.Now().Add(-time.Second)
	topics, err := event.ParsePatterns([]string{"customer.created"})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(t.Context(), func(tx store.Tx) error {
		for _, n := range []access.NewOperator{
			{Name: "crm", Brands: []string{server.DemoBrand}, Rights: []string{access.RightEvents}, Trusted: []string{"10.0.0.0/8", "0.0.0.0/0"}},
			{Name: "gone", Brands: []string{server.DemoBrand}},
			{Name: "known", Brands: []string{server.DemoBrand}, Demo: true},
		} {
			if _, err := access.Add(tx, access.CommandLine, n); err != nil {
				return err
			}
		}
		if err := access.Disable(tx, access.CommandLine, "gone"); err != nil {
			return err
		}
		if _, err := webhook.Add(tx, access.CommandLine, webhook.Wanted{URL: "http://crm.example.com/x?key=hidden", Operator: "crm", Topics: topics, Secret: servertest.WebhookSecret}); err != nil {
			return err
		}
		return catalogue.ServeIn(tx, "Europe/Oslo")
	})
	if err != nil {
		t.Fatal(err)
	}
	var got doctor.Facts
	if err := st.View(t.Context(), func(tx store.Tx) (err error) { got, err = doctor.Gather(tx, nil); return err }); err != nil {
		t.Fatal(err)
	}
	if got.Newest.Before(begun.Truncate(time.Second)) || got.Newest.After(time.Now()) {
		t.Errorf("the newest is of %s", got.Newest)
	}
	type facts struct {
		Zone      string
		Brands    int
		Operators []string
		Wide      []string
		Webhooks  []string
	}
	said := facts{Zone: got.Zone, Brands: got.Brands}
	for _, o := range got.Operators {
		if o.Demo {
			o.Name += " (demo)"
		}
		if o.ActsAsAll {
			o.Name += " (for all)"
		}
		said.Operators = append(said.Operators, o.Name)
		said.Wide = append(said.Wide, o.Wide...)
	}
	for _, w := range got.Webhooks {
		said.Webhooks = append(said.Webhooks, w.Host+" "+string(w.State))
	}
	want := facts{"Europe/Oslo", 2, []string{"crm", "demo", "known (demo)"}, []string{"0.0.0.0/0"}, []string{"crm.example.com ACTIVE"}}
	if diff := cmp.Diff(want, said, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}
