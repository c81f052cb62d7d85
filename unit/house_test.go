package unit_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/password"
	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
	"rator/unit"
)

// things are what the units of these tests write.
type thing struct {
	store.Base
	Text string
}

var things = store.Define("unit_thing", nil, func(t *thing) *store.Base { return &t.Base })

// house is a gate over a store of its own, with the demo catalogue and the operators
// root (everything) and clerk (brand DEMO, right READ).
type house struct {
	*unit.Gate
	store  store.Store
	config unit.Config

	mu    sync.Mutex
	steps []string // in order, of all that happens
	told  []unit.Told
	log   bytes.Buffer
}

var secretHash = sync.OnceValue(func() string {
	hash, err := password.Hash("secret")
	if err != nil {
		panic(err)
	}
	return hash
})

var opened = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newHouse(t testing.TB, edit ...func(*unit.Config)) *house {
	t.Helper()
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	h := &house{store: st}
	furnish(t, st)
	guard, err := access.NewGuard(access.GuardConfig{
		Now: func() time.Time { return opened }, Key: make([]byte, 32), Sleep: func(context.Context, time.Duration) {},
		Verify: func(_, plain string) (bool, error) {
			h.step("hash")
			return plain == "secret", nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(&h.log, nil))
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: logger, Sync: true})
	t.Cleanup(behind.Close)
	h.config = unit.Config{
		Store: watched{st, h}, Guard: guard, Behind: behind, Log: logger, Now: func() time.Time { return opened },
		Observe: func(told *unit.Told) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.told = append(h.told, *told)
		},
	}
	for _, f := range edit {
		f(&h.config)
	}
	h.Gate = unit.New(h.config)
	return h
}

func furnish(t testing.TB, st store.Store) {
	t.Helper()
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	for _, m := range mistakes {
		t.Fatal(m)
	}
	err := st.Update(t.Context(), func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, file); err != nil {
			return err
		}
		by := access.Administrator{Who: access.Local, Face: "test"}
		for _, o := range []access.NewOperator{
			{Name: "root", Brands: []string{"DEMO", access.Any}, Rights: []string{"*"}},
			{Name: "clerk", Brands: []string{"DEMO"}, Rights: []string{"READ"}},
		} {
			o.PasswordHash = secretHash()
			if _, err := access.Add(tx, by, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// step notes that something happened.
func (h *house) step(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps = append(h.steps, what)
}

// happened gives what happened since it was asked last.
func (h *house) happened() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	steps := h.steps
	h.steps = nil
	return steps
}

// last is what was told last.
func (h *house) last(t testing.TB) unit.Told {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.told) == 0 {
		t.Fatal("nothing was told")
	}
	return h.told[len(h.told)-1]
}

// watched notes the transactions of a store.
type watched struct {
	store.Store
	h *house
}

func (w watched) View(ctx context.Context, fn func(store.Tx) error) error {
	w.h.step("view")
	return w.Store.View(ctx, fn)
}

func (w watched) Look(ctx context.Context, fn func(store.Tx) error) error {
	w.h.step("look")
	return w.Store.Look(ctx, fn)
}

func (w watched) Update(ctx context.Context, fn func(store.Tx) error) error {
	w.h.step("update")
	return w.Store.Update(ctx, fn)
}

// rows are the audit rows of an operator.
func (h *house) rows(t testing.TB, operator string) (rows []access.AuditRow) {
	t.Helper()
	err := h.store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, operator) {
			if err != nil {
				return err
			}
			rows = append(rows, *row)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// counted is how many records of a kind there are.
func (h *house) counted(t testing.TB, kind string) int64 {
	t.Helper()
	return storetest.Census(t, h.store)[kind]
}

// words is a Question: its text.
type words string

func (w words) Fingerprint() string        { return "words:" + string(w) }
func (w words) Is(fingerprint string) bool { return fingerprint == w.Fingerprint() }

var office = netip.MustParseAddr("192.0.2.1")

// ask is a call of root's that changes something, asks the words, and notes each step.
// Its answer is kept as the text that answer points to.
func (h *house) ask(asked words, id string, answer *string) *unit.Ask {
	a := &unit.Ask{
		Face: "test", Operation: "WRITE", Right: "WRITE", Remote: office, RequestID: id,
		Credentials: access.Credentials{Operator: "root", Password: "secret"},
	}
	a.Recognised = func(o *access.Operator) error {
		h.step("recognised " + o.Name)
		return nil
	}
	a.Receive = func() error {
		h.step("receive")
		return nil
	}
	a.Prepare = func(b *catalogue.Brand) (unit.Question, error) {
		h.step("prepare " + b.Key)
		return asked, nil
	}
	a.Ready = func() error {
		h.step("ready")
		return nil
	}
	a.Again = func(body string) error {
		h.step("again " + body)
		*answer = body
		return nil
	}
	a.Keep = func(refused error) (string, bool, error) {
		h.step("keep")
		if refused != nil {
			return refused.Error(), true, nil
		}
		return *answer, true, nil
	}
	a.Tell = func(*unit.Told, error) { h.step("tell") }
	return a
}

// writes is a fn that writes a thing and answers with its text.
func (h *house) writes(text string, answer *string) func(*unit.Unit) error {
	return func(u *unit.Unit) error {
		h.step("run")
		x := &thing{Text: text}
		if err := things.Insert(u.Tx, x); err != nil {
			return err
		}
		u.Touch(x.ID, 0, x.ID)
		*answer = text
		return nil
	}
}

// do makes a call that must not fail.
func (h *house) do(t testing.TB, a *unit.Ask, fn func(*unit.Unit) error) {
	t.Helper()
	if err := h.Do(t.Context(), a, fn); err != nil {
		t.Fatal(err)
	}
}

// warm has the gate know root and the brand.
func (h *house) warm(t testing.TB) {
	t.Helper()
	for range 2 {
		a := h.ask("", "", new(string))
		a.Reads = true
		h.do(t, a, func(*unit.Unit) error { return nil })
	}
	h.happened()
}

func joined(steps []string) string { return strings.Join(steps, ", ") }
