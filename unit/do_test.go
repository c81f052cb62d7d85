package unit_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/store/storetest"
	"rator/unit"
)

// TestDryRun: everything is done and answered, and then undone, but for an audit row
// that says so.
func TestDryRun(t *testing.T) {
	h := newHouse(t)
	h.warm(t)
	var answer string
	after := 0
	fn := func(u *unit.Unit) error {
		n, err := u.Tx.Next("unit_number")
		if err != nil {
			return err
		}
		u.Tx.After(func() { after++ })
		if err := u.Tx.Emit(store.Event{Topic: "unit.done", Body: []byte(`{}`)}); err != nil {
			return err
		}
		err = h.writes("number", &answer)(u)
		if n != 1 {
			t.Errorf("number %d", n)
		}
		return err
	}
	before := storetest.Census(t, h.store)
	a := h.ask("what", "r-1", &answer)
	a.DryRun = true
	for range 2 {
		answer = ""
		h.do(t, a, fn)
		if answer != "number" || !h.last(t).DryRun || h.last(t).Replayed || h.last(t).Outcome != "OK" {
			t.Errorf("answered %q, told %+v", answer, h.last(t))
		}
	}
	census := storetest.Census(t, h.store)
	for _, index := range []string{"audit", "audit/operator", "audit/about"} {
		if census[index] != before[index]+2 {
			t.Errorf("%s: %d, before %d", index, census[index], before[index])
		}
		delete(census, index)
		delete(before, index)
	}
	if diff := cmp.Diff(before, census); diff != "" {
		t.Errorf("left behind: %s", diff)
	}
	if rows := h.rows(t, "root"); !slices.Equal(rows[len(rows)-1].Notes, []string{"dry run: everything was undone"}) {
		t.Errorf("%+v", rows[len(rows)-1])
	}
	if events := h.events(t); events != 0 || after != 0 {
		t.Errorf("%d events, %d times after", events, after)
	}
	// One that fails says so; one that was answered before, that.
	if err := h.Do(t.Context(), a, func(*unit.Unit) error { return errOwn }); !errors.Is(err, errOwn) {
		t.Errorf("%v", err)
	}
	a.DryRun = false
	h.do(t, a, fn)
	if h.last(t).Replayed || h.counted(t, "unit_thing") != 1 || h.events(t) != 1 || after != 1 {
		t.Errorf("then done: %+v", h.last(t))
	}
	a.DryRun = true
	h.do(t, a, fn)
	if !h.last(t).Replayed {
		t.Errorf("dry, once done: %+v", h.last(t))
	}
	if rows := h.rows(t, "root"); !slices.Equal(rows[len(rows)-1].Notes, []string{"dry run"}) { // nothing was undone
		t.Errorf("%+v", rows[len(rows)-1])
	}
}

func (h *house) events(t *testing.T) (n int) {
	t.Helper()
	err := h.store.View(t.Context(), func(tx store.Tx) error {
		all, err := tx.EventsAfter(0, 1000)
		for _, e := range all {
			if e.Topic == "unit.done" {
				n++
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// one is a house in which one call has a turn at a time.
func one(t *testing.T, edit ...func(*unit.Config)) *house {
	h := newHouse(t, append(edit, func(c *unit.Config) { c.Turns = unit.TurnsConfig{Calls: 1, Slow: 1, Waiting: 1, Wait: time.Hour} })...)
	h.warm(t)
	return h
}

// reads is a call of root's that reads.
func (h *house) reads() *unit.Ask {
	a := h.ask("", "", new(string))
	a.Reads = true
	return a
}

func nothing(*unit.Unit) error { return nil }

// TestHeldAnswersHoldNothing: an answer is held back once, without a turn, without the
// store, and after the last run of fn.
func TestHeldAnswersHoldNothing(t *testing.T) {
	var h *house
	slept, asked := 0, 0
	h = one(t, func(c *unit.Config) {
		c.Store = storetest.Twice(c.Store)
		c.Sleep = func(_ context.Context, d time.Duration) {
			if d != time.Second {
				t.Errorf("held back for %s", d)
			}
			slept++
			var answer string
			h.do(t, h.ask("meanwhile", "", &answer), h.writes("meanwhile", &answer))
		}
	})
	for _, refused := range []error{nil, errOwn} {
		slept, asked = 0, 0
		err := h.Do(t.Context(), h.ask("what", "", new(string)), func(u *unit.Unit) error {
			u.Hold(func() time.Duration { asked++; return time.Second })
			return refused
		})
		if !errors.Is(err, refused) || slept != 1 || asked != 1 {
			t.Errorf("%v: slept %d times, asked %d times", err, slept, asked)
		}
	}
	h.do(t, h.reads(), func(u *unit.Unit) error {
		u.Hold(func() time.Duration { return 0 })
		return nil
	})
	if slept != 1 {
		t.Error("what is not to be held back was")
	}
}

// TestStrangersTakeNoTurn: who is not recognised is told so while others have them all.
func TestStrangersTakeNoTurn(t *testing.T) {
	h := one(t)
	a := h.ask("what", "", new(string))
	a.Ready = func() error {
		stranger := h.ask("what", "", new(string))
		stranger.Credentials.Password = "wrong"
		if err := h.Do(t.Context(), stranger, nothing); failure.CodeOf(err) != failure.NotAuthenticated {
			t.Errorf("%v", err)
		}
		return nil
	}
	h.do(t, a, nothing)
}

// TestBusy: who comes when too many wait is refused at once, told, and leaves nothing.
func TestBusy(t *testing.T) {
	h := one(t)
	first, leave := h.stays()
	waits := make(chan error)
	go func() { waits <- h.Do(t.Context(), h.reads(), nothing) }()
	h.until(func() bool { return h.Quick().Waiting == 1 })
	rows, lines := len(h.rows(t, "root")), strings.Count(h.log.String(), "\n")
	ran := false
	err := h.Do(t.Context(), h.ask("what", "", new(string)), func(*unit.Unit) error { ran = true; return nil })
	var busy *unit.BusyError
	if !errors.As(err, &busy) || busy.Most != 1 || busy.Slow || failure.CodeOf(err) != failure.TryAgain || ran {
		t.Errorf("%v", err)
	}
	if told := h.last(t); told.Outcome != failure.TryAgain.Name || told.Operator != "root" {
		t.Errorf("%+v", told)
	}
	if n := len(h.rows(t, "root")); n != rows || strings.Count(h.log.String(), "\n") != lines {
		t.Errorf("%d rows, log:\n%s", n-rows, &h.log)
	}
	slow := h.reads() // has turns of its own
	slow.Slow = true
	h.do(t, slow, nothing)
	close(leave)
	for _, ended := range []chan error{first, waits} {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if h.Quick() != (unit.TurnsState{Refused: 1}) {
		t.Errorf("%+v", h.Quick())
	}
}

// stays begins a call that has its turn until leave is closed.
func (h *house) stays() (ended chan error, leave chan struct{}) {
	ended, leave = make(chan error, 1), make(chan struct{})
	here := make(chan struct{})
	a := h.ask("stays", "", new(string))
	a.Ready = func() error {
		close(here)
		<-leave
		return nil
	}
	go func() { ended <- h.Do(context.Background(), a, nothing) }()
	<-here
	return ended, leave
}

// until waits for what another goroutine is about to do.
func (h *house) until(done func() bool) {
	for !done() {
		runtime.Gosched()
	}
}

// TestHangingUp: who hangs up while the call waits for its turn is not served; once it
// has begun it is done, and its repetition finds the answer.
func TestHangingUp(t *testing.T) {
	h := one(t)
	first, leave := h.stays()
	ctx, hangUp := context.WithCancel(t.Context())
	waits := make(chan error)
	var answer string
	go func() { waits <- h.Do(ctx, h.ask("what", "r-1", &answer), h.writes("first", &answer)) }()
	h.until(func() bool { return h.Quick().Waiting == 1 })
	hangUp()
	if err := <-waits; failure.CodeOf(err) != failure.TryAgain || answer != "" {
		t.Errorf("hung up while it waited: %v", err)
	}
	close(leave)
	if err := <-first; err != nil {
		t.Error(err)
	}

	ctx, hangUp = context.WithCancel(t.Context())
	h.do2(t, ctx, h.ask("what", "r-1", &answer), func(u *unit.Unit) error {
		hangUp()
		if err := u.Context().Err(); err != nil {
			t.Errorf("the unit ended with its caller: %v", err)
		}
		return h.writes("first", &answer)(u)
	})
	answer = ""
	h.do(t, h.ask("what", "r-1", &answer), nothing)
	if answer != "first" {
		t.Errorf("answered %q", answer)
	}
}

func (h *house) do2(t *testing.T, ctx context.Context, a *unit.Ask, fn func(*unit.Unit) error) {
	t.Helper()
	if err := h.Do(ctx, a, fn); err != nil {
		t.Fatal(err)
	}
}

// TestDeadline ends a call with BUSY, and undoes it; it is the unit's context that says
// so. A deadline of the caller's counts too.
func TestDeadline(t *testing.T) {
	h := one(t)
	h.Deadline = 10 * time.Millisecond // once it is warm
	var answer string
	err := h.Do(t.Context(), h.ask("what", "r-1", &answer), func(u *unit.Unit) error {
		if err := h.writes("first", &answer)(u); err != nil {
			return err
		}
		<-u.Context().Done()
		return u.Context().Err()
	})
	if failure.CodeOf(err) != failure.TryAgain || h.last(t).Outcome != failure.TryAgain.Name || h.counted(t, "unit_thing") != 0 || h.counted(t, "reply") != 0 {
		t.Errorf("%v, told %+v", err, h.last(t))
	}
	soon := time.Now().Add(time.Hour)
	ctx, cancel := context.WithDeadline(t.Context(), soon)
	defer cancel()
	patient := newHouse(t, func(c *unit.Config) { c.Deadline = 2 * time.Hour })
	patient.do2(t, ctx, patient.reads(), func(u *unit.Unit) error {
		if at, _ := u.Context().Deadline(); !at.Equal(soon) {
			t.Errorf("it ends at %s, and its caller at %s", at, soon)
		}
		return nil
	})
	ctx, cancel = context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	if err := h.Do(ctx, h.ask("what", "r-1", &answer), h.writes("first", &answer)); failure.CodeOf(err) != failure.TryAgain || h.counted(t, "unit_thing") != 0 {
		t.Errorf("%v", err)
	}
}

// TestPanic: what panics gives back its turn and its name, undoes what it did, and is
// the face's to answer.
func TestPanic(t *testing.T) {
	h := one(t)
	var answer string
	for _, a := range []*unit.Ask{h.ask("what", "r-1", &answer), h.reads()} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = h.Do(t.Context(), a, func(u *unit.Unit) error {
				if !a.Reads {
					if err := h.writes("half", &answer)(u); err != nil {
						return err
					}
				}
				panic("a mistake")
			})
		}()
	}
	h.do(t, h.ask("what", "r-1", &answer), h.writes("whole", &answer))
	if answer != "whole" || h.counted(t, "unit_thing") != 1 {
		t.Errorf("%q, %d things", answer, h.counted(t, "unit_thing"))
	}
}

// TestApart: a call that looks more than once has no transaction meanwhile, and no turn
// while it pauses.
func TestApart(t *testing.T) {
	h := one(t)
	a := h.reads()
	a.Apart = true
	h.do(t, a, func(u *unit.Unit) error {
		if u.Tx != nil {
			t.Error("it has a transaction")
		}
		before := u.Context()
		for range 2 {
			if err := u.Look(func(store.Tx) error { return nil }); err != nil {
				return err
			}
			err := u.Pause(func() error {
				var answer string
				h.do(t, h.ask("meanwhile", "", &answer), h.writes("meanwhile", &answer))
				return nil
			})
			if err != nil {
				return err
			}
		}
		if u.Context() == before || before.Err() == nil || u.Context().Err() != nil {
			t.Error("its time does not begin anew after a pause")
		}
		if h.Quick().Running != 1 {
			t.Errorf("after a pause it has no turn: %+v", h.Quick())
		}
		return nil
	})
	if h.counted(t, "unit_thing") != 2 || h.Quick() != (unit.TurnsState{}) {
		t.Errorf("%d things, %+v", h.counted(t, "unit_thing"), h.Quick())
	}
	gone := errors.New("who asks is gone")
	err := h.Do(t.Context(), a, func(u *unit.Unit) error { return u.Pause(func() error { return gone }) })
	if !errors.Is(err, gone) || h.Quick() != (unit.TurnsState{}) {
		t.Errorf("%v, %+v", err, h.Quick())
	}
}

// TestSlow: a call that turns out to look at everything goes on with a turn of that
// class, and is refused where none comes.
func TestSlow(t *testing.T) {
	h := one(t)
	a := h.reads()
	a.Apart = true
	h.do(t, a, func(u *unit.Unit) error {
		if err := u.Slow(); err != nil {
			return err
		}
		if quick, slow := h.Quick().Running, h.Slow().Running; quick != 0 || slow != 1 {
			t.Errorf("%d quick ones run, %d slow ones", quick, slow)
		}
		h.do(t, h.reads(), nothing)
		return u.Pause(func() error {
			if h.Slow().Running != 0 {
				t.Error("it pauses with its turn")
			}
			return nil
		})
	})
	if h.Quick() != (unit.TurnsState{}) || h.Slow() != (unit.TurnsState{}) {
		t.Errorf("%+v, %+v", h.Quick(), h.Slow())
	}
	slow := h.reads()
	slow.Slow = true
	slow.Recognised = nil
	slow.Prepare = func(*catalogue.Brand) (unit.Question, error) { // it has the only turn
		ctx, cancel := context.WithCancel(t.Context())
		a := h.reads()
		a.Apart = true
		return nil, h.Do(ctx, a, func(u *unit.Unit) error {
			waits := make(chan error, 1)
			go func() {
				other := h.reads()
				other.Slow = true
				waits <- h.Do(ctx, other, nothing)
			}()
			h.until(func() bool { return h.Slow().Waiting == 1 })
			var busy *unit.BusyError
			if err := u.Slow(); !errors.As(err, &busy) || !busy.Slow {
				t.Errorf("%v", err)
			}
			cancel()
			<-waits
			return nil
		})
	}
	h.do(t, slow, nothing)
	if h.Quick() != (unit.TurnsState{}) || h.Slow() != (unit.TurnsState{Refused: 2}) {
		t.Errorf("%+v, %+v", h.Quick(), h.Slow())
	}
}

// TestFnRunsAgain: a transaction may run more than once, and only the last run counts.
func TestFnRunsAgain(t *testing.T) {
	h := newHouse(t, func(c *unit.Config) { c.Store = storetest.Twice(c.Store) })
	ran := 0
	var answer string
	h.do(t, h.ask("what", "r-1", &answer), func(u *unit.Unit) error {
		ran++
		u.Note("noted")
		return h.writes("x", &answer)(u)
	})
	rows := h.rows(t, "root")
	if ran != 2 || len(rows) != 1 || len(rows[0].Notes) != 1 || len(rows[0].Objects) != 1 || h.counted(t, "unit_thing") != 1 {
		t.Errorf("ran %d times: %+v", ran, rows)
	}
}

// TestTheServersOwnCallsAreNotRefused: what the scheduler calls waits for its turn,
// however many wait before it.
func TestTheServersOwnCallsAreNotRefused(t *testing.T) {
	h := newHouse(t, func(c *unit.Config) { c.Turns = unit.TurnsConfig{Calls: 1, Waiting: 1, Wait: time.Nanosecond} })
	h.warm(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		if err := h.Do(t.Context(), h.reads(), func(*unit.Unit) error {
			close(entered)
			<-leave
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-entered
	var busy *unit.BusyError
	if err := h.Do(t.Context(), h.reads(), nothing); !errors.As(err, &busy) {
		t.Errorf("a caller's call: %v", err)
	}
	running.Go(func() {
		own := h.reads()
		own.System = true
		if err := h.Do(t.Context(), own, nothing); err != nil {
			t.Errorf("the server's call: %v", err)
		}
	})
	for h.Quick().Waiting == 0 {
		runtime.Gosched()
	}
	close(leave)
	running.Wait()
}

// TestWhoMaySeeOlder: only calls that read for somebody, and do not remember how far they have
// read, are answered from what may be a little older.
func TestWhoMaySeeOlder(t *testing.T) {
	for _, c := range []struct {
		what  string
		edit  func(*unit.Ask)
		views []bool // whether each may be behind
	}{
		{"a reading call", func(*unit.Ask) {}, []bool{true}},
		{"one that looks twice", func(a *unit.Ask) { a.Apart = true }, []bool{false, true}},
		{"the server's own", func(a *unit.Ask) { a.System = true }, []bool{false}},
		{"one that changes something", func(a *unit.Ask) { a.Reads, a.RequestID = false, "r-1" }, []bool{false}},
	} {
		var views []bool
		h := newHouse(t, func(config *unit.Config) { config.Store = seen{config.Store, &views} })
		h.warm(t)
		a := h.reads()
		c.edit(a)
		views = nil
		h.do(t, a, func(u *unit.Unit) error {
			if !a.Apart {
				return nil
			}
			look := func(store.Tx) error { return nil }
			return errors.Join(u.Look(look), u.LookBehind(look))
		})
		if !slices.Equal(views, c.views) {
			t.Errorf("%s: its views may be behind: %v, want %v", c.what, views, c.views)
		}
	}
}

// seen notes of Views whether they may be behind.
type seen struct {
	store.Store
	views *[]bool
}

func (s seen) View(ctx context.Context, fn func(store.Tx) error) error {
	*s.views = append(*s.views, store.MayBeBehind(ctx))
	return s.Store.View(ctx, fn)
}
