package webhook

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/event/delivery"
	"rator/failure"
	"rator/store"
)

// TestTold: events from the adding on, of the topics that were named, in order, once, each
// as its signed document.
func TestTold(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	s.emit(t, "try.made", "NORTH", 1)
	w := s.add(t, "every", r.URL+"/hook", "try.m*")
	s.emit(t, "try.made", "NORTH", 2)
	s.emit(t, "try.told", "NORTH", 3)
	s.emit(t, "try.made", "", 4)
	stop := s.run(t)
	r.wants(t, 2, 4)
	numbers, want := []int{}, []int{2, 4}
	for n := 5; n < 50; n++ {
		numbers = append(numbers, n)
	}
	s.emit(t, "try.made", "SOUTH", numbers...)
	r.wants(t, append(want, numbers...)...)
	last := r.took()[0]
	if !last.signedWith(publishedSecret) || last.header.Get("webhook-timestamp") != "1800000000" || last.header.Get("Content-Type") != "application/cloudevents+json" {
		t.Errorf("%v", last.header)
	}
	var doc struct{ SpecVersion, ID, Type, Brand, Subject string }
	if err := json.Unmarshal([]byte(last.body), &doc); err != nil || doc.SpecVersion != "1.0" || doc.ID != last.header.Get("webhook-id") || doc.Brand != "NORTH" || doc.Subject != store.ID(2).String() {
		t.Errorf("%v: %s", err, last.body)
	}
	until(t, "the place", func() bool { return s.get(t, w.ID).Cursor == 49 })
	if now := s.get(t, w.ID); now.State != delivery.Active || now.Attempts != 0 || now.Lost != 0 {
		t.Errorf("%+v", now)
	}
	stop() // has noted what it told
	s.behind.Close()
	s.view(t, func(tx store.Tx) error {
		var objects []store.ID
		for row, err := range access.RowsOfOperator(tx, "every") {
			if err != nil {
				return err
			}
			if n := len(row.Objects) - 1; row.Notes[0] != fmt.Sprintf("told %d events up to cursor %d", n, row.Objects[n]) { // the numbers are those of the cursors
				t.Errorf("%+v", row)
			}
			if row.Objects[0] != w.ID || row.Hookpoint != access.RightEvents || len(row.Objects) > delivery.Batch+1 {
				t.Errorf("%+v", row)
			}
			objects = append(objects, row.Objects[1:]...)
		}
		if len(objects) != 47 || objects[0] != 2 || objects[46] != 49 {
			t.Errorf("audited %v", objects)
		}
		return nil
	})
}

// TestBrands: a webhook is told of its operator's brands, or of those of them that it
// names, as they are at the delivery; of what is no brand's only for an operator of all.
func TestBrands(t *testing.T) {
	s := newScene(t)
	var all []*receiver
	for range 4 {
		all = append(all, newReceiver(t))
	}
	s.add(t, "north", all[0].URL, "*")
	s.add(t, "south", all[1].URL, "try.*")
	s.add(t, "every", all[2].URL, "*")
	s.want(t, Wanted{URL: all[3].URL, Operator: "every", Topics: patterns(t, "*"), Brands: []string{"SOUTH", "WEST"}, Secret: publishedSecret})
	for n, brand := range []string{"NORTH", "SOUTH", "", "WEST", "NORTH", "SOUTH"} {
		s.emit(t, "try.made", brand, n+1)
	}
	s.run(t)
	all[0].wants(t, 1, 5)
	all[1].wants(t, 2, 6)
	all[2].wants(t, 1, 2, 3, 4, 5, 6)
	all[3].wants(t, 2, 4, 6)
}

// TestSecretTopics: what holds a secret is told to who names it, and to nobody else.
func TestSecretTopics(t *testing.T) {
	s, named, patterned := newScene(t), newReceiver(t), newReceiver(t)
	s.add(t, "every", named.URL, "secret.drawn")
	s.add(t, "every", patterned.URL, "*", "try.made")
	s.emit(t, "secret.drawn", "NORTH", 1)
	s.emit(t, "try.made", "NORTH", 2)
	s.run(t)
	named.wants(t, 1)
	patterned.wants(t, 2)
}

// TestFailing: what fails is sent again, after a pause, and first; the tenth failure in a
// row suspends. Nobody else waits for it, and resuming goes on from where it was.
func TestFailing(t *testing.T) {
	s, bad, good := newScene(t), newReceiver(t), newReceiver(t)
	bad.refuse(http.StatusServiceUnavailable)
	w := s.add(t, "every", bad.URL, "*")
	s.add(t, "every", good.URL, "*")
	s.run(t)
	s.emit(t, "try.made", "NORTH", 1, 2, 3)
	good.wants(t, 1, 2, 3)
	until(t, "a failure", func() bool { return s.get(t, w.ID).Attempts == 1 })
	s.pass(time.Minute)
	until(t, "the second", func() bool { return s.get(t, w.ID).Attempts == 2 })
	bad.deals(func(n int, w http.ResponseWriter) bool { // takes two, and no more
		if n >= 4 {
			w.WriteHeader(http.StatusBadGateway)
		}
		return n >= 4
	})
	s.pass(time.Minute)
	until(t, "a failure after success", func() bool { w := s.get(t, w.ID); return w.Attempts == 1 && w.Cursor == 2 })
	bad.wants(t, 1, 2)
	for n := 2; n <= 10; n++ {
		s.pass(time.Minute)
		until(t, "a failure", func() bool { return s.get(t, w.ID).Attempts == n })
	}
	now := s.get(t, w.ID)
	if now.State != delivery.Suspended || !strings.Contains(now.Reason, "502 Bad Gateway") {
		t.Errorf("%+v", now)
	}
	s.emit(t, "try.made", "NORTH", 4)
	good.wants(t, 1, 2, 3, 4)
	s.pass(24 * time.Hour)
	bad.accept()
	asked := bad.requests()
	s.emit(t, "try.made", "NORTH", 5)
	good.wants(t, 1, 2, 3, 4, 5)
	if bad.requests() != asked {
		t.Error("a suspended webhook is told")
	}
	s.resume(t, w.ID, 0)
	bad.wants(t, 1, 2, 3, 4, 5)
}

func (s *scene) resume(t testing.TB, id store.ID, wantLost int64) {
	t.Helper()
	s.update(t, func(tx store.Tx) error {
		_, lost, err := Resume(tx, admin, id)
		if lost != wantLost {
			t.Errorf("%d lost, want %d", lost, wantLost)
		}
		return err
	})
}

// TestNeverAnswers: who takes longer than it may has failed.
func TestNeverAnswers(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	on := make(chan struct{})
	r.deals(func(int, http.ResponseWriter) bool { <-on; return true })
	s.deliverer = s.newDelivererOf(t, delivery.ClientConfig{Answer: 20 * time.Millisecond})
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", 1)
	stop := s.run(t)
	until(t, "its end", func() bool { return s.get(t, w.ID).Attempts == 1 })
	if got := s.get(t, w.ID).Reason; !strings.Contains(got, "exceeded") {
		t.Error(got)
	}
	stop()
	close(on)
	r.accept()
	s.deliverer = s.newDeliverer(t) // which has patience
	s.pass(time.Minute)
	s.run(t)
	r.wants(t, 1)
}

func TestGone(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	r.refuse(http.StatusGone)
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", 1)
	s.run(t)
	until(t, "the end", func() bool { return s.get(t, w.ID).State == delivery.Suspended })
	if now := s.get(t, w.ID); now.Attempts != 1 || now.Reason != "the receiver wants nothing more: it answered 410 Gone" {
		t.Errorf("%+v", now)
	}
	r.accept()
	s.resume(t, w.ID, 0)
	r.wants(t, 1)
}

// TestOperatorMayNot: a webhook whose operator is shut out is told nothing, says so, and
// is told what it missed when both are taken back.
func TestOperatorMayNot(t *testing.T) {
	for name, c := range map[string]struct {
		shut, open func(tx store.Tx) error
		says       string
	}{
		"disabled": {
			func(tx store.Tx) error { return access.Disable(tx, admin, "every") },
			func(tx store.Tx) error { return access.Enable(tx, admin, "every") }, "operator every is disabled"},
		"right": {
			func(tx store.Tx) error { return access.Revoke(tx, admin, "every", access.RightEvents) },
			func(tx store.Tx) error { return access.Grant(tx, admin, "every", access.RightEvents) }, "operator every has no right to EVENTS_READ"},
	} {
		t.Run(name, func(t *testing.T) {
			s, r := newScene(t), newReceiver(t)
			w := s.add(t, "every", r.URL, "*")
			s.run(t)
			s.emit(t, "try.made", "NORTH", 1)
			r.wants(t, 1)
			s.update(t, c.shut)
			s.emit(t, "try.made", "NORTH", 2)
			until(t, "the suspension", func() bool { return s.get(t, w.ID).State == delivery.Suspended })
			if got := s.get(t, w.ID).Reason; !strings.HasSuffix(got, c.says) {
				t.Errorf("%q", got)
			}
			err := s.store.Update(t.Context(), func(tx store.Tx) error { _, _, err := Resume(tx, admin, w.ID); return err })
			if failure.CodeOf(err) != mayNotHear {
				t.Errorf("resumed: %v", err)
			}
			s.update(t, c.open)
			s.resume(t, w.ID, 0)
			r.wants(t, 1, 2)
		})
	}
}

// TestShutOutMeanwhile: the operator is shut out while a batch is told: what was not sent
// by then is not.
func TestShutOutMeanwhile(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", 1, 2, 3)
	r.deals(func(n int, _ http.ResponseWriter) bool {
		if n == 0 {
			s.update(t, func(tx store.Tx) error { return access.Disable(tx, admin, "every") })
		}
		return false
	})
	s.run(t)
	until(t, "the suspension", func() bool { return s.get(t, w.ID).State == delivery.Suspended })
	if now := s.get(t, w.ID); now.Cursor != 1 || !strings.HasSuffix(now.Reason, "operator every is disabled") {
		t.Errorf("%+v", now)
	}
	r.wants(t, 1)
}

// TestRewrittenMeanwhile: what an event may not tell any more when it is sent again is not
// told.
func TestRewrittenMeanwhile(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	r.refuse(http.StatusInternalServerError)
	s.run(t)
	s.emit(t, "try.made", "NORTH", 1)
	until(t, "a failure", func() bool { return s.get(t, w.ID).Attempts == 1 })
	s.update(t, func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1)
		if err != nil {
			return err
		}
		events[0].Body = []byte(`{"N":77}`)
		return tx.RewriteEvent(events[0])
	})
	r.accept()
	s.pass(time.Minute)
	r.wants(t, 77)
}

// TestClockJumps: neither a clock that was far ahead nor one that goes back keeps a webhook
// waiting, and nothing is told twice.
func TestClockJumps(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.run(t)
	s.emit(t, "try.made", "NORTH", 1)
	r.wants(t, 1)
	s.pass(365 * 24 * time.Hour)
	r.refuse(http.StatusInternalServerError)
	s.emit(t, "try.made", "NORTH", 2)
	until(t, "a failure", func() bool { return s.get(t, w.ID).Attempts == 1 })
	r.accept()
	s.pass(-400 * 24 * time.Hour)
	s.emit(t, "try.made", "NORTH", 3)
	r.wants(t, 1, 2, 3)
}

// TestRotated: for a day both secrets sign, then the new one alone.
func TestRotated(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	fresh := DrawSecret()
	s.update(t, func(tx store.Tx) error { _, err := Rotate(tx, admin, w.ID, fresh); return err })
	s.run(t)
	s.emit(t, "try.made", "NORTH", 1)
	r.wants(t, 1)
	s.pass(formerSigns)
	s.emit(t, "try.made", "NORTH", 2)
	r.wants(t, 1, 2)
	for i, k := range r.took() {
		if !k.signedWith(fresh) || k.signedWith(publishedSecret) != (i == 0) {
			t.Errorf("delivery %d: %v", i, k.header)
		}
	}
	for _, secret := range []string{"", fresh} {
		if err := s.store.Update(t.Context(), func(tx store.Tx) error { _, err := Rotate(tx, admin, w.ID, secret); return err }); failure.CodeOf(err) != badWebhook {
			t.Errorf("%q: %v", secret, err)
		}
	}
}

// TestRemoved: nothing more is sent to a webhook that is removed while it is told.
func TestRemoved(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", 1, 2, 3)
	r.deals(func(n int, _ http.ResponseWriter) bool {
		s.update(t, func(tx store.Tx) error { return Remove(tx, admin, w.ID) })
		return false
	})
	s.run(t)
	r.wants(t, 1)
	other := newReceiver(t)
	s.add(t, "every", other.URL, "*")
	s.emit(t, "try.made", "NORTH", 4)
	other.wants(t, 4)
	r.wants(t, 1)
	until(t, "its place", func() bool {
		s.deliverer.mu.Lock()
		defer s.deliverer.mu.Unlock()
		_, is := s.deliverer.places[w.ID]
		return !is
	})
}

// TestTry: a test document is signed and beside what is told.
func TestTry(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	if err := s.deliverer.Try(t.Context(), admin, w.ID); err != nil {
		t.Fatal(err)
	}
	if k := r.took(); len(k) != 1 || k[0].Topic != "webhook.test" || !k[0].signedWith(publishedSecret) || !strings.Contains(k[0].body, `"data":{"WEBHOOK_ID":"`+w.ID.String()+`"}`) {
		t.Errorf("%+v", k)
	}
	r.refuse(http.StatusTeapot)
	if err := s.deliverer.Try(t.Context(), admin, w.ID); err == nil || !strings.Contains(err.Error(), "418") {
		t.Errorf("%v", err)
	}
	if now := s.get(t, w.ID); now.Attempts != 0 || now.Cursor != 0 {
		t.Errorf("%+v", now)
	}
	if err := s.deliverer.Try(t.Context(), admin, 1); failure.CodeOf(err) != unknownWebhook {
		t.Errorf("%v", err)
	}
}

// TestStopped: what was taken when the server stops is kept, and not sent again.
func TestStopped(t *testing.T) {
	s, r := newScene(t), newReceiver(t)
	w := s.add(t, "every", r.URL, "*")
	s.emit(t, "try.made", "NORTH", 1, 2, 3, 4)
	reached, on := make(chan struct{}), make(chan struct{})
	r.deals(func(n int, _ http.ResponseWriter) bool {
		if n == 2 {
			close(reached)
			<-on
			return true // the connection is broken by then
		}
		return false
	})
	stop := s.run(t)
	<-reached
	stop()
	close(on)
	if now := s.get(t, w.ID); now.Cursor != 2 || now.Attempts != 0 {
		t.Errorf("%+v", now)
	}
	r.accept()
	s.deliverer = s.newDeliverer(t)
	s.run(t)
	until(t, "the rest", func() bool { return slices.Contains(r.numbers(), 4) })
	r.wants(t, 1, 2, 3, 4)
}
