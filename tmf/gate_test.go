package tmf_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/tmf"
	"rator/unit"
)

// rightPassword is that of every operator, and only of those whom trust does not let
// in without.
const rightPassword = "right"

// newGate is the gate to a store. A test may say more of it.
func newGate(t testing.TB, st store.Store, behind *access.ReadBehind, now func() time.Time, edit ...func(*unit.Config)) *unit.Gate {
	t.Helper()
	guard, err := access.NewGuard(access.GuardConfig{
		Now: now, Key: make([]byte, 32), Sleep: func(context.Context, time.Duration) {},
		Verify: func(_, plain string) (bool, error) { return plain == rightPassword, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	c := unit.Config{Store: st, Guard: guard, Behind: behind, Log: slog.New(slog.DiscardHandler), Now: now}
	for _, e := range edit {
		e(&c)
	}
	return unit.New(c)
}

// addOperator makes an operator who needs no password, unless there is one of that
// name.
func addOperator(tx store.Tx, name string, rights ...string) error {
	_, err := access.Add(tx, access.Administrator{Who: access.Local, Face: "command"}, access.NewOperator{
		Name: name, Brands: []string{"DEMO", "DEMO2"}, Rights: rights, Trusted: []string{"0.0.0.0/0"},
	})
	if failure.KindOf(err) == failure.Conflict {
		return nil
	}
	return err
}

// face is a Handler that demo asks where nobody is named.
type face struct{ *tmf.Handler }

func newFace(t testing.TB, c tmf.Config) *face {
	t.Helper()
	h, err := tmf.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return &face{h}
}

func (f *face) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asDemo(f.Handler).ServeHTTP(w, r)
}

func asDemo(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			r.SetBasicAuth("demo", "")
		}
		h.ServeHTTP(w, r)
	})
}
