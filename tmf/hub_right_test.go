package tmf_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rator/access"
	"rator/event/delivery"
	"rator/store"
	"rator/tmf/hub"
)

// TestRightsAreAskedAgainWhenItIsSent: what was to be told while the operator might hear it
// is not sent once it may not.
func TestRightsAreAskedAgainWhenItIsSent(t *testing.T) {
	local := access.Administrator{Who: access.Local, Face: "command"}
	for name, take := range map[string]func(store.Tx) error{
		"the right":    func(tx store.Tx) error { return access.Revoke(tx, local, "demo", "TMF_*") },
		"the operator": func(tx store.Tx) error { return access.Disable(tx, local, "demo") },
		"the brand": func(tx store.Tx) error {
			return rewriteOperator(tx, func(doc string) string { return strings.Replace(doc, `"DEMO"`, `"DEMO2"`, 1) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newHubServer(t, nil)
			var down atomic.Bool
			down.Store(true)
			l := listen(t, func(_ int, w http.ResponseWriter) {
				if down.Load() {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
			})
			s.register(t, v2014+"/hub", l.URL, "")
			s.make(t, 3)
			stop := s.run(t)
			until(t, "the suspension", func() bool { return s.state(t)[0].State == delivery.Suspended })
			stop()
			sent := len(l.heard())
			down.Store(false)
			err := s.store.Update(t.Context(), func(tx store.Tx) error {
				if _, err := hub.Resume(tx, s.state(t)[0].ID); err != nil {
					return err
				}
				return take(tx)
			})
			if err != nil {
				t.Fatal(err)
			}
			s.run(t)
			until(t, "the end of what waits", func() bool {
				left := int64(-1)
				err := s.store.View(t.Context(), func(tx store.Tx) (err error) {
					left, err = tx.Count("tmf_notification")
					return err
				})
				return err == nil && left == 0
			})
			if got := l.heard(); len(got) != sent {
				t.Errorf("told without %s: %v", name, got[sent:])
			}
		})
	}
}

// rewriteOperator changes what is kept of the operator, as no command does.
func rewriteOperator(tx store.Tx, change func(doc string) string) error {
	records, err := tx.Find("operator", "name", "demo", 0, 1)
	if err != nil {
		return err
	}
	r := records[0]
	r.Doc = []byte(change(string(r.Doc)))
	r.Keys = []store.Key{{Index: "name", Value: "demo", Unique: true}}
	return tx.Put("operator", r)
}

// TestQueryThatIsNotReadAnyMore: a hub whose query a version does not take any more, though
// one before did, is suspended with what is wrong; others are told.
func TestQueryThatIsNotReadAnyMore(t *testing.T) {
	s := newHubServer(t, nil)
	l, other := listen(t, nil), listen(t, nil)
	s.register(t, v2014+"/hub", l.URL, "customer.name=A")
	s.register(t, v2014+"/hub", other.URL, "")
	err := s.store.Update(t.Context(), func(tx store.Tx) error {
		records, err := tx.Scan("tmf_hub", 0, 1)
		if err != nil {
			return err
		}
		r := records[0]
		r.Doc = []byte(strings.Replace(string(r.Doc), "customer.name=A", "customer.gone=A", 1))
		r.Keys = []store.Key{{Index: "operator", Value: "demo"}}
		return tx.Put("tmf_hub", r)
	})
	if err != nil {
		t.Fatal(err)
	}
	s.make(t, 2)
	s.run(t)
	inOrder(t, other.wait(t, 2), 2)
	if h := s.state(t)[0]; h.State != delivery.Suspended || !strings.Contains(h.Reason, `query: `) || !strings.Contains(h.Reason, "customer.gone") {
		t.Errorf("%+v", h)
	}
	if got := l.heard(); len(got) != 0 {
		t.Errorf("told all the same: %v", got)
	}
}

// TestManyNotifications: more than are made at a time arrive, each once and in order.
func TestManyNotifications(t *testing.T) {
	const hubs, customers = 12, 60
	s := newHubServer(t, nil)
	l := listen(t, nil)
	for n := range hubs {
		s.register(t, v2014+"/hub", fmt.Sprint(l.URL, "/", n), "")
	}
	s.make(t, customers)
	s.run(t)
	heard := map[string]int{}
	for _, a := range l.wait(t, hubs*customers) {
		heard[a.member(t, "event.customer.id")]++
	}
	for n := range customers {
		if id := fmt.Sprint("c", n+1); heard[id] != hubs {
			t.Errorf("%d hubs heard of %s", heard[id], id)
		}
	}
}
