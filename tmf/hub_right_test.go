package tmf_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"rator/access"
	"rator/event/delivery"
	"rator/store"
	"rator/tmf"
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
				if _, err := tmf.ResumeHub(tx, s.state(t)[0].ID); err != nil {
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
