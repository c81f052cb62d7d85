package tmf_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// interrupted is a store in which something happens just before its next change.
type interrupted struct {
	store.Store
	mu   sync.Mutex
	next func()
}

func (s *interrupted) before(fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = fn
}

func (s *interrupted) Update(ctx context.Context, fn func(store.Tx) error) error {
	s.mu.Lock()
	first := s.next
	s.next = nil
	s.mu.Unlock()
	if first != nil {
		first()
	}
	return s.Store.Update(ctx, fn)
}

// departed is a teller with a closed customer that may be erased, all of whose words
// are "secret"; erase erases it.
func departed(t *testing.T) (s *teller, st *interrupted, erase func()) {
	t.Helper()
	st = &interrupted{}
	s = newTellerOver(t, func(raw store.Store) store.Store {
		st.Store = noteChanges(raw)
		return st
	})
	s.register(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	s.ask(t, "PATCH", v2014+"/customer/c"+g.account.String(), `{"name":"Secret Secret","description":"secret","secret":{"secret":"secret"}}`)
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.CreateRechargeTicket(tx, demo, g.group, customer.RechargeTicketFields{TicketID: "secret"}); err != nil {
			return err
		}
		_, err := customer.UpdateBillingGroup(tx, demo, g.group, func(f *customer.BillingGroupFields) error { f.IBANNumber = "SECRET"; return nil })
		return err
	})
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.TerminateSubscription(tx, demo, g.subscription); err != nil {
			return err
		}
		_, err := customer.CloseAccount(tx, demo, g.account)
		return err
	})
	s.now = s.now.AddDate(0, 0, catalogue.DefaultRetentionDays+1)
	return s, st, func() {
		err := s.store.Update(t.Context(), func(tx store.Tx) error {
			demo, err := catalogue.BrandByKey(tx, "DEMO")
			if err == nil {
				_, err = customer.ErasePerson(tx, demo, g.owner)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// heardAll has everything told, and gives it.
func (s *teller) heardAll(t *testing.T) []answer {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.hubs.Run(ctx) }()
	defer func() { stop(); <-done }()
	until(t, "the end of the bank details", func() bool {
		events := s.events(t)
		return slices.ContainsFunc(events, func(a answer) bool { return strings.Contains(a.body, "PaymentMeanDelete") }) && s.waiting(t) == 0
	})
	return s.listener.heard()
}

func (s *teller) waiting(t *testing.T) (n int64) {
	t.Helper()
	if err := s.store.View(t.Context(), func(tx store.Tx) (err error) {
		n, err = tx.Count("tmf_notification")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// tells reports whether a notification has more of its resource than is told of who
// is erased.
func tells(t *testing.T, a answer) bool {
	t.Helper()
	var n struct {
		Event map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(a.body), &n); err != nil || len(n.Event) != 1 {
		t.Fatalf("%v: %s", err, a.body)
	}
	for _, resource := range n.Event {
		for name := range resource {
			if !slices.Contains([]string{"id", "href", "status"}, name) {
				return true
			}
		}
	}
	return false
}

// TestErasedWhileTold: of a customer that is erased while a listener takes the first
// notification that speaks of the person, no later one says anything; each comes, in its
// order.
func TestErasedWhileTold(t *testing.T) {
	s, _, erase := departed(t)
	var once sync.Once
	inTime := -1
	s.listener.deal = func(n int, w http.ResponseWriter) {
		if body := s.listener.heard()[n].body; strings.Contains(strings.ToLower(body), "secret") {
			once.Do(func() {
				inTime = n
				erase()
			})
		}
		w.WriteHeader(http.StatusCreated)
	}
	all := s.heardAll(t)
	if inTime < 0 {
		t.Fatalf("nothing speaks of the person: %v", all)
	}
	mean, state := 0, 0
	for _, a := range all[inTime+1:] {
		if a.body == all[inTime].body {
			continue
		}
		if strings.Contains(strings.ToLower(a.body), "secret") {
			t.Errorf("told after the erasing: %s", a.body)
		}
		if what := a.member(t, "eventType"); what == "PaymentMeanCreateNotification" && !tells(t, a) {
			mean++
		} else if strings.Contains(a.body, `"status":`) && !tells(t, a) {
			state++
		}
	}
	if mean != 2 || state == 0 {
		t.Errorf("after %s\n%d bare payment means made, %d others of a state", all[inTime].body, mean, state)
	}
	var ids []string
	for _, a := range s.events(t) {
		ids = append(ids, a.member(t, "eventId"))
	}
	if !slices.IsSorted(ids) {
		t.Errorf("out of order: %v", ids)
	}
}

// TestErasedWhilePublished: what was read of a customer who is erased before it is
// written down as a notification is read again.
func TestErasedWhilePublished(t *testing.T) {
	s, st, erase := departed(t)
	st.before(erase)
	for _, a := range s.heardAll(t) {
		if strings.Contains(strings.ToLower(a.body), "secret") {
			t.Errorf("told after the erasing: %s", a.body)
		}
	}
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		for _, kind := range []string{"tmf_change", "tmf_notification"} {
			records, err := tx.Scan(kind, 0, 1000)
			if err != nil {
				return err
			}
			for _, r := range records {
				if strings.Contains(strings.ToLower(string(r.Doc)), "secret") {
					t.Errorf("%s: %s", kind, r.Doc)
				}
			}
		}
		return nil
	})
}
