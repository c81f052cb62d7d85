package tmf_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf"
	"rator/tmf/resource"
)

// reopened is another server over the same store, which keeps and shows PINs as it
// is told.
func (s *branch) reopened(t *testing.T, kept, shown *resource.PINs) *server {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: s.store, Log: log, Sync: true})
	t.Cleanup(behind.Close)
	gate := newGate(t, s.store, behind, func() time.Time { return s.now })
	return &server{handler: newFace(t, tmf.Config{
		Collection: stepped(t, &resource.Business{PINs: kept}, gate).Collection, PINs: shown, Log: log, Gate: gate,
	})}
}

func pinsOf(t *testing.T, key byte) *resource.PINs {
	t.Helper()
	p, err := resource.NewPINs(bytes.Repeat([]byte{key}, resource.PINKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPINsAreShownAndNotStored: a PIN is answered as it was written, whatever else
// changes, and is in no record, event or byte of the store.
func TestPINsAreShownAndNotStored(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	waiting := accountPath + "/" + s.create(t, accountPath, `{"name":"a","accountType":"t","pin":"pin-9753"}`)
	for _, path := range []string{g.path(), waiting} {
		want := func(pin string, a answer) {
			t.Helper()
			if a.status != 200 || a.member(t, "pin") != pin {
				t.Errorf("want %s: %d %s", pin, a.status, a.body)
			}
			if read := s.get(t, path); read.member(t, "pin") != pin {
				t.Errorf("want %s: %s", pin, read.body)
			}
			if list := s.get(t, accountPath+"?fields=pin"); !strings.Contains(list.body, `"pin":"`+pin+`"`) {
				t.Errorf("want %s: %s", pin, list.body)
			}
		}
		want("pin-9753", s.do(t, "PATCH", path, `{"pin":"pin-9753"}`))
		want("pin-9753", s.do(t, "PATCH", path, `{"description":"d"}`))
		want("pin-8642", s.do(t, "PATCH", path, `[{"op":"test","path":"/pin","value":"pin-9753"},{"op":"replace","path":"/pin","value":"pin-8642"}]`, jsonPatch))
		first := s.do(t, "PATCH", path, `{"pin":"pin-9753"}`, "Idempotency-Key: "+path)
		want("pin-9753", first)
		if again := s.do(t, "PATCH", path, `{"pin":"pin-9753"}`, "Idempotency-Key: "+path); again.body != first.body || again.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s\nwas\n%s", again.body, first.body)
		}
		want("pin-9753", s.do(t, "PUT", path, s.get(t, path).body))
	}
	if d := s.do(t, "DELETE", waiting, ""); d.status != 204 {
		t.Errorf("%d %s", d.status, d.body)
	}
	if a := s.do(t, "PATCH", g.path(), `{"pin":null}`); a.status != 200 || strings.Contains(a.body, `"pin"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	servertest.AllTold(t, s.store)
	if err := s.store.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1000)
		for _, e := range events {
			if strings.Contains(string(e.Body), "pin-") {
				t.Errorf("event %s: %s", e.Topic, e.Body)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b := servertest.Kept(t, s.store)
	if strings.Contains(b, "pin-9753") || strings.Contains(b, "pin-8642") || !strings.Contains(b, "sealed:") {
		t.Error("the store has a PIN, or none that is sealed")
	}
}

// TestPINsAreMasked: a server that masks gives none away and loses none, and neither
// does one with another key.
func TestPINsAreMasked(t *testing.T) {
	s := newBranch(t)
	key, other := pinsOf(t, 0), pinsOf(t, 1)
	masking, foreign, none := s.reopened(t, key, nil), s.reopened(t, other, other), s.reopened(t, nil, nil)
	path := accountPath + "/" + s.create(t, accountPath, `{"name":"a","accountType":"t","pin":"pin-9753"}`)
	for _, closed := range []*server{masking, foreign, none} {
		a := closed.do(t, "PATCH", path, `{"description":"d"}`)
		if a.status != 200 || a.member(t, "pin") != "****" {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := closed.do(t, "PUT", path, a.body); a.status != 200 || a.member(t, "pin") != "****" {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a := s.get(t, path); a.member(t, "pin") != "pin-9753" {
			t.Errorf("the PIN is lost: %s", a.body)
		}
	}
	if a := masking.do(t, "PATCH", path, `{"pin":"pin-8642"}`); a.member(t, "pin") != "****" {
		t.Errorf("%s", a.body)
	}
	if a := s.get(t, path); a.member(t, "pin") != "pin-8642" {
		t.Errorf("%s", a.body)
	}
	if a := none.do(t, "PATCH", path, `{"pin":"pin-1111"}`); a.member(t, "pin") != "****" {
		t.Errorf("%s", a.body)
	}
	if a := s.get(t, path); a.member(t, "pin") != "****" {
		t.Errorf("without a key a PIN was kept: %s", a.body)
	}
	if _, err := resource.NewPINs(make([]byte, 16)); err == nil {
		t.Error("a short key is taken")
	}
}
