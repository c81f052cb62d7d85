package tmf_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/catalogue"
	"rator/customer"
	"rator/event/delivery"
	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
	"rator/tmf"
	"rator/tmf/hub"
	"rator/tmf/resource"
)

// teller is a branch with a hub of everything in the 2014 dialect, whose changes
// are noted.
type teller struct {
	*branch
	hubs     *hub.Hubs
	listener *listener
	seen     int
}

func noteChanges(st store.Store) store.Store {
	return hub.NoteChanges(st, slog.New(slog.DiscardHandler))
}

func newTeller(t *testing.T) *teller {
	t.Helper()
	return newTellerOver(t, noteChanges)
}

func newTellerOver(t *testing.T, noting func(store.Store) store.Store) *teller {
	t.Helper()
	s := newBranch(t)
	raw := s.store
	s.store = noting(raw)
	targets, err := delivery.NewTargets(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	hubs, err := hub.New(hub.Config{Store: s.store, Client: delivery.NewClient(delivery.ClientConfig{Targets: targets}), Log: slog.New(slog.DiscardHandler), Every: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: raw, Log: slog.New(slog.DiscardHandler)})
	gate := newGate(t, s.store, behind, func() time.Time { return s.now })
	s.handler = newFace(t, tmf.Config{
		Collection: stepped(t, &resource.Business{}, gate).Collection, Hubs: hubs, Log: slog.New(slog.DiscardHandler), Gate: gate,
	})
	t.Cleanup(behind.Close)
	return &teller{branch: s, hubs: hubs, listener: listen(t, nil)}
}

func (s *teller) register(t *testing.T) {
	t.Helper()
	if a := s.do(t, "POST", v2014+"/hub", `{"callback":"`+s.listener.URL+`"}`); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
}

// told wants the next notifications, "id what", and nothing before them. Hubs are
// told meanwhile only, for the clock of a branch moves with its changes.
func (s *teller) told(t *testing.T, why string, want ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.hubs.Run(ctx) }()
	defer func() { stop(); <-done }()
	got := []string{}
	until(t, why, func() bool { return len(s.events(t)) >= s.seen+len(want) })
	for _, a := range s.events(t)[s.seen:] {
		what := a.member(t, "eventType")
		for _, kind := range []string{"CustomerAccount", "PaymentMean", "Customer"} {
			if short, found := strings.CutPrefix(what, kind); found {
				what = strings.TrimSuffix(short, "Notification")
				kind = strings.ToLower(kind[:1]) + kind[1:]
				got = append(got, a.member(t, "event."+kind+".id")+" "+what)
				break
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", why, diff)
	}
	s.seen += len(got)
}

// events are what the listener was told, without what it was told again.
func (s *teller) events(t *testing.T) (all []answer) {
	t.Helper()
	seen := map[string]bool{}
	for _, a := range s.listener.heard() {
		if id := a.member(t, "eventId"); !seen[id] {
			seen[id] = true
			all = append(all, a)
		}
	}
	return all
}

// ask asks, and gives the id of what is answered.
func (s *teller) ask(t *testing.T, method, path, body string) string {
	t.Helper()
	a := s.do(t, method, path, body)
	if a.status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	if a.body == "" {
		return ""
	}
	return a.member(t, "id")
}

// TestNotedKinds: what lies over business objects, accounts that wait for their
// customer and payment means that clients made are watched, and so is what shows
// them.
func TestNotedKinds(t *testing.T) {
	s := newTeller(t)
	s.register(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	account, group := "c"+g.account.String(), "ca"+g.group.String()
	s.told(t, "a sign-up", account+" Create", group+" Create")

	s.ask(t, "PATCH", v2014+"/customer/"+account, `{"description":"A good one"}`)
	s.told(t, "over a customer", account+" Update")
	s.ask(t, "PATCH", accountPath+"/"+group, `{"pin":"1234"}`)
	s.told(t, "over a billing group", group+" Update")
	s.ask(t, "PATCH", accountPath+"/"+group, `{"pin":"1234"}`) // nothing new: not told

	waiting := s.ask(t, "POST", accountPath, `{"name":"Waits","accountType":"Residential","customer":{"id":"c9"}}`)
	s.told(t, "an account that waits", waiting+" Create")
	s.ask(t, "PATCH", accountPath+"/"+waiting, `{"name":"Waits longer"}`)
	s.told(t, "its name", waiting+" Update")
	s.ask(t, "PATCH", accountPath+"/"+waiting, `{"pin":"1"}`)
	s.told(t, "what lies over it", waiting+" Update")
	s.ask(t, "PATCH", accountPath+"/"+waiting, `{"customer":{"id":"`+account+`"}}`)
	s.told(t, "its customer", account+" Update", group+" Update", waiting+" Update")
	s.ask(t, "DELETE", accountPath+"/"+waiting, "")
	s.told(t, "its end", account+" Update", group+" Update", waiting+" Delete")
	gone := s.ask(t, "POST", accountPath, `{"name":"Waits","accountType":"Residential"}`)
	s.ask(t, "DELETE", accountPath+"/"+gone, "")
	s.told(t, "one that waits for nobody, and is gone", gone+" Create", gone+" Delete")

	made := s.ask(t, "POST", meanPath, `{"name":"Mine","type":"BankAccountDebit","relatedParty":{"id":"1"},"bankAccount":{"IBAN":"DK5000400440116243"}}`)
	s.told(t, "a payment mean", made+" Create")
	s.ask(t, "PATCH", meanPath+"/"+made, `{"name":"Still mine"}`)
	s.told(t, "its name", made+" Update")
	s.ask(t, "PATCH", accountPath+"/"+group, `{"paymentPlan":[{"status":"Effective","type":"Invoice","priority":1,"paymentMean":{"id":"`+made+`"}}]}`)
	s.told(t, "an account that pays by it", account+" Update", group+" Update")
	s.ask(t, "PATCH", meanPath+"/"+made, `{"bankAccount":{"IBAN":"DK2000400440116243"}}`)
	s.told(t, "its IBAN", made+" Update")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateBillingGroup(tx, demo, g.group, func(f *customer.BillingGroupFields) error { f.BankIdentifierCode = "DABADKKK"; return nil })
		return err
	})
	s.told(t, "its BIC, by SOAP", made+" Update")
	s.ask(t, "DELETE", meanPath+"/"+made, "")
	s.told(t, "its end", account+" Update", group+" Update", made+" Delete")
	single := s.ask(t, "POST", meanPath, `{"name":"Nobody's","type":"Cash","relatedParty":{"id":"1"},"bankAccount":{"IBAN":"DK5000400440116243"}}`)
	s.ask(t, "DELETE", meanPath+"/"+single, "")
	s.told(t, "one that nobody pays by", single+" Create", single+" Delete")
}

// TestNotedMeans: the ids of payment means are those of the bank details, of a
// recharge ticket beside them, and of what a client made in their place.
func TestNotedMeans(t *testing.T) {
	s := newTeller(t)
	s.register(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	account, group, bank := "c"+g.account.String(), "ca"+g.group.String(), "pm"+g.group.String()
	s.told(t, "a sign-up", account+" Create", group+" Create")
	iban := func(iban string) {
		s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateBillingGroup(tx, demo, g.group, func(f *customer.BillingGroupFields) error { f.IBANNumber = iban; return nil })
			return err
		})
	}
	iban("DK5000400440116243")
	s.told(t, "bank details", account+" Update", group+" Update", bank+" Create")
	s.ask(t, "PATCH", meanPath+"/"+bank, `{"note":"mine"}`)
	s.told(t, "what lies over them", bank+" Update")
	var ticket string
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		r, err := customer.CreateRechargeTicket(tx, demo, g.group, customer.RechargeTicketFields{TicketID: "4711"})
		if err == nil {
			ticket = "pm" + r.ID.String()
		}
		return err
	})
	s.told(t, "a ticket beside them", account+" Update", ticket+" Create")
	s.ask(t, "PATCH", meanPath+"/"+ticket, `{"note":"mine"}`)
	s.told(t, "what lies over it", ticket+" Update")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateUser(tx, demo, g.owner, func(f *customer.UserFields) error { f.LastName = "Holm"; return nil })
		return err
	})
	s.told(t, "who pays", account+" Update", group+" Update", bank+" Update", ticket+" Update")
	iban("")
	s.told(t, "no bank details", account+" Update", group+" Update", bank+" Delete")
	s.ask(t, "DELETE", meanPath+"/"+ticket, "")
	s.told(t, "no ticket", account+" Update", group+" Update", ticket+" Delete")
}

// TestNotedNothing: without hubs, for another brand, and for what was undone, nothing is
// kept.
func TestNotedNothing(t *testing.T) {
	s := newTeller(t)
	kept := func() (resources []string) {
		t.Helper()
		if err := s.store.View(t.Context(), func(tx store.Tx) error {
			all, err := tmf.Changes(tx, "", 0)
			for _, c := range all {
				resources = append(resources, c.Resource)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return resources
	}
	g := s.signUp(t, customer.Private, "POST_PAID")
	if got := kept(); got != nil {
		t.Errorf("without hubs: %v", got)
	}
	s.register(t)
	rename := func(name string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateUser(tx, demo, g.owner, func(f *customer.UserFields) error { f.LastName = name; return nil })
			return err
		}
	}
	undo := errors.New("undo")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		err := tx.Savepoint(func() error { return errors.Join(rename("Undone")(tx, demo), undo) })
		if !errors.Is(err, undo) {
			return err
		}
		return nil
	})
	_ = s.store.Update(t.Context(), func(tx store.Tx) error {
		demo, _ := catalogue.BrandByKey(tx, "DEMO")
		return errors.Join(rename("Undone")(tx, demo), undo)
	})
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		other, err := catalogue.BrandByKey(tx, "DEMO2")
		if err != nil {
			return err
		}
		a, err := customer.CreateAccount(tx, other, customer.AccountFields{Type: customer.Private})
		if err != nil {
			return err
		}
		u, err := customer.CreateUser(tx, other, customer.NewUser{Account: a.ID, UserFields: customer.UserFields{LastName: "Abroad"}})
		if err != nil {
			return err
		}
		if _, err := customer.SetOwner(tx, other, a.ID, u.ID); err != nil {
			return err
		}
		sold, err := catalogue.SoldProductConfigs(tx, other)
		if err != nil {
			return err
		}
		_, err = customer.CreateBillingGroup(tx, other, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: sold[0].Code})
		return err
	})
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error { // there and back again
		return errors.Join(rename("Other")(tx, demo), rename("Øre")(tx, demo))
	})
	if got := kept(); got != nil {
		t.Errorf("of what is not to be told: %v", got)
	}
	s.in(t, rename("Holm"))
	if got := kept(); !slices.Equal(got, []string{"customer", "customerAccount"}) {
		t.Errorf("of a customer and its account: %v", got)
	}
}

// TestNotedStableKinds: what the house has on every call stays right behind the store
// that notes changes.
func TestNotedStableKinds(t *testing.T) {
	storetest.RunStable(t, func(t *testing.T, place string, now func() time.Time) store.Store {
		t.Helper()
		db, err := bolt.Open(filepath.Join(place, "rator.db"), bolt.Options{Now: now, Unsynced: true})
		if err != nil {
			t.Fatal(err)
		}
		return noteChanges(db)
	})
}

// TestToldAsItWas: a notification shows what the object was when it changed, and the hub's
// query is asked of that, however late both are made.
func TestToldAsItWas(t *testing.T) {
	s := newTeller(t)
	s.register(t)
	prospects, active := listen(t, nil), listen(t, nil)
	for l, status := range map[*listener]string{prospects: "Prospective", active: "Active"} {
		if a := s.do(t, "POST", v2014+"/customer/hub", `{"callback":"`+l.URL+`","query":"customer.status=`+status+`"}`); a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	id := s.ask(t, "POST", v2014+"/customer", `{"name":"Prospect","status":"Prospective"}`)
	group := strings.Replace(s.get(t, v2014+"/customer/"+id).member(t, "customerAccount"), `[{"id":"`, "", 1)
	group, _, _ = strings.Cut(group, `"`)
	s.ask(t, "PATCH", v2014+"/customer/"+id, `{"status":"Active","name":"Buyer"}`)
	s.ask(t, "DELETE", v2014+"/customer/"+id, "")
	s.told(t, "everything, once it is over", id+" Create", group+" Create", id+" Update", group+" Update", id+" Delete", group+" Delete")
	for l, want := range map[*listener][]string{
		prospects: {"CustomerCreateNotification Prospective Prospect"},
		active:    {"CustomerUpdateNotification Active Buyer", "CustomerDeleteNotification Active Buyer"},
	} {
		s.heardAs(t, l, want)
	}
	s.heardAs(t, s.listener, []string{
		"CustomerCreateNotification Prospective Prospect", "CustomerUpdateNotification Active Buyer", "CustomerDeleteNotification Active Buyer",
	})
	if err := s.store.View(t.Context(), func(tx store.Tx) error {
		left, err := tmf.Changes(tx, "", 0)
		if len(left) > 0 {
			t.Errorf("%d changes are kept that were told", len(left))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// heardAs wants a listener to have been told of a customer in these states.
func (s *teller) heardAs(t *testing.T, l *listener, want []string) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.hubs.Run(ctx) }()
	defer func() { stop(); <-done }()
	until(t, "all notifications", func() bool { return s.waiting(t) == 0 })
	var got []string
	seen := map[string]bool{}
	for _, a := range l.heard() {
		if id := a.member(t, "eventId"); !seen[id] && !strings.Contains(a.member(t, "eventType"), "Account") {
			seen[id] = true
			got = append(got, a.member(t, "eventType")+" "+a.member(t, "event.customer.status")+" "+a.member(t, "event.customer.name"))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +told:\n%s", diff)
	}
}
