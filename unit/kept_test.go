package unit_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/unit"
)

// TestRepeats: a request with a name is done once, and answered as it was; each way of
// asking something else under it is told apart.
func TestRepeats(t *testing.T) {
	h := newHouse(t)
	var answer string
	h.do(t, h.ask("what", "r-1", &answer), h.writes("first", &answer))
	never := func(*unit.Unit) error {
		t.Error("it was done again")
		return nil
	}
	answer = ""
	h.happened()
	h.do(t, h.ask("what", "r-1", &answer), never)
	if answer != "first" || !h.last(t).Replayed || h.last(t).Outcome != "REPLAYED" {
		t.Errorf("answered %q, told %+v", answer, h.last(t))
	}
	if got, want := joined(h.happened()), "look, recognised root, receive, look, prepare DEMO, view, again first, tell"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if err := h.Do(t.Context(), h.ask("something else", "r-1", &answer), never); failure.CodeOf(err) != failure.RequestIDReused {
		t.Errorf("%v", err)
	}
	for name, edit := range map[string]func(*unit.Ask){
		"another face":     func(a *unit.Ask) { a.Face = "other" },
		"another operator": func(a *unit.Ask) { a.System = true },
		"another brand":    func(a *unit.Ask) { a.Brand.Key = second(t) },
		"another name":     func(a *unit.Ask) { a.RequestID = "r-2" },
		"no name":          func(a *unit.Ask) { a.RequestID = "" },
	} {
		a := h.ask("what", "r-1", &answer)
		edit(a)
		h.do(t, a, h.writes(name, &answer))
		if answer != name {
			t.Errorf("%s: answered %q", name, answer)
		}
	}
	if n := h.counted(t, "reply"); n != 5 {
		t.Errorf("%d answers are kept", n)
	}
}

// second is a brand of the demo that is not DEMO.
func second(t *testing.T) string {
	t.Helper()
	file, _ := catalogue.Load("demo.toml", catalogue.Demo())
	for _, b := range file.Brands {
		if b.Key != "DEMO" {
			return b.Key
		}
	}
	t.Fatal("the demo catalogue has one brand")
	return ""
}

// TestRepeatOfARefusal: it is answered as it was, also when it would succeed by now, and
// what it did is undone; a breakdown is not kept.
func TestRepeatOfARefusal(t *testing.T) {
	h := newHouse(t)
	var answer string
	h.warm(t)
	writes := h.writes("half", &answer)
	refuse := func(u *unit.Unit) error { return errors.Join(writes(u), errOwn) }
	if err := h.Do(t.Context(), h.ask("what", "r-1", &answer), refuse); !errors.Is(err, errOwn) {
		t.Errorf("%v", err)
	}
	h.do(t, h.ask("what", "r-1", &answer), writes)
	if answer == "half" || !h.last(t).Replayed || h.counted(t, "unit_thing") != 0 {
		t.Errorf("answered %q, %d things", answer, h.counted(t, "unit_thing"))
	}
	broken := errors.New("broken")
	if err := h.Do(t.Context(), h.ask("what", "r-2", &answer), func(u *unit.Unit) error { return errors.Join(writes(u), broken) }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	h.do(t, h.ask("what", "r-2", &answer), writes)
	if h.last(t).Replayed || h.counted(t, "unit_thing") != 1 {
		t.Errorf("a breakdown was kept: %+v", h.last(t))
	}
	// What an answer is, a face may say.
	a := h.ask("what", "r-3", &answer)
	a.Refused = func(err error) bool { return errors.Is(err, broken) }
	if err := h.Do(t.Context(), a, func(*unit.Unit) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	h.do(t, h.ask("what", "r-3", &answer), writes)
	if !h.last(t).Replayed {
		t.Error("what the face calls an answer was not kept")
	}
}

// TestKeptUnderTheNameAsItCame: versions before kept names as they came.
func TestKeptUnderTheNameAsItCame(t *testing.T) {
	h := newHouse(t)
	var answer string
	h.do(t, h.ask("what", "clear", &answer), h.writes("first", &answer))
	a := h.ask("what", "concealed", &answer)
	a.ClearID = "clear"
	h.do(t, a, h.writes("again", &answer))
	if answer != "first" {
		t.Errorf("answered %q", answer)
	}
}

// TestRepeatThatIsRefusedNow: what a version took that this one refuses has its answer.
func TestRepeatThatIsRefusedNow(t *testing.T) {
	h := newHouse(t)
	var answer string
	h.do(t, h.ask("what", "r-1", &answer), h.writes("first", &answer))
	for asked, want := range map[words]bool{"what": true, "other": false} {
		answer = ""
		a := h.ask(asked, "r-1", &answer)
		a.Prepare = func(*catalogue.Brand) (unit.Question, error) { return asked, errOwn }
		err := h.Do(t.Context(), a, h.writes("again", &answer))
		if kept := err == nil && answer == "first"; kept != want || !want && !errors.Is(err, errOwn) {
			t.Errorf("%s: %q, %v", asked, answer, err)
		}
	}
}

// TestEqualRequestsAtOnce: one is done, the others wait for its answer.
func TestEqualRequestsAtOnce(t *testing.T) {
	h := newHouse(t)
	h.warm(t)
	const many = 16
	var ran atomic.Int64
	answers := make([]string, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			h.do(t, h.ask("what", "r-1", &answers[i]), func(u *unit.Unit) error {
				ran.Add(1)
				return h.writes("first", &answers[i])(u)
			})
		})
	}
	all.Wait()
	for _, answer := range answers {
		if answer != "first" {
			t.Errorf("answered %q", answer)
		}
	}
	if ran.Load() != 1 || h.counted(t, "unit_thing") != 1 {
		t.Errorf("%d ran", ran.Load())
	}
}

// TestWaitingForAnEqualRequestEnds with the caller's time: BUSY, and it is not done.
func TestWaitingForAnEqualRequestEnds(t *testing.T) {
	h := newHouse(t)
	h.warm(t)
	var answer string
	a := h.ask("what", "r-1", &answer)
	a.Ready = func() error { // it runs, and has no transaction yet
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err := h.Do(ctx, h.ask("what", "r-1", &answer), func(*unit.Unit) error {
			t.Error("it was done twice")
			return nil
		})
		if failure.CodeOf(err) != failure.TryAgain {
			t.Errorf("%v", err)
		}
		return nil
	}
	h.do(t, a, h.writes("first", &answer))
}

// meanwhile is a store that does something before its next change.
type meanwhile struct {
	store.Store
	do func()
}

func (m *meanwhile) Update(ctx context.Context, fn func(store.Tx) error) error {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
	return m.Store.Update(ctx, fn)
}

// TestLostRace: another process kept an answer between our look and our commit. That is
// the answer, and nothing of ours stays.
func TestLostRace(t *testing.T) {
	between := &meanwhile{}
	h := newHouse(t, func(c *unit.Config) {
		between.Store = c.Store
		c.Store = between
	})
	h.warm(t)
	var answer string
	between.do = func() {
		other := h.config
		other.Store = between.Store
		var theirs string
		if err := unit.New(other).Do(t.Context(), h.ask("what", "r-1", &theirs), h.writes("theirs", &theirs)); err != nil {
			t.Error(err)
		}
	}
	h.do(t, h.ask("what", "r-1", &answer), h.writes("ours", &answer))
	if answer != "theirs" || !h.last(t).Replayed || h.counted(t, "unit_thing") != 1 || h.counted(t, "reply") != 1 {
		t.Errorf("answered %q, %d things, %d kept", answer, h.counted(t, "unit_thing"), h.counted(t, "reply"))
	}
	if rows := h.rows(t, "root"); len(rows) != 4 || rows[3].Outcome != "REPLAYED" {
		t.Errorf("%+v", rows) // two warm, theirs, ours
	}
}

// failing is a store whose changes fail.
type failing struct {
	store.Store
	err error
}

func (f failing) Update(context.Context, func(store.Tx) error) error { return f.err }

// TestOutcomeUnknown: nobody knows, so nothing is written down beside, and a repeat may
// tell.
func TestOutcomeUnknown(t *testing.T) {
	h := newHouse(t, func(c *unit.Config) { c.Store = failing{c.Store, store.ErrOutcomeUnknown} })
	var answer string
	err := h.Do(t.Context(), h.ask("what", "r-1", &answer), h.writes("x", &answer))
	if !errors.Is(err, unit.ErrOutcomeUnknown) || h.last(t).Outcome != "OUTCOME_UNKNOWN" {
		t.Errorf("%v, %+v", err, h.last(t))
	}
	if rows := h.rows(t, "root"); len(rows) != 0 {
		t.Errorf("%+v", rows)
	}
}

// TestSystemsAnswersAreItsOwn: no operator's name is the server's.
func TestSystemsAnswersAreItsOwn(t *testing.T) {
	h := newHouse(t)
	a := h.ask("", "", new(string))
	a.Credentials = access.Credentials{Operator: access.System().Name, Password: "secret"}
	if err := h.Do(t.Context(), a, func(*unit.Unit) error { return nil }); failure.CodeOf(err) != failure.NotAuthenticated {
		t.Errorf("%v", err)
	}
}
