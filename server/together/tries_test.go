package together

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/password"
	"rator/store"
	"rator/store/postgres"
)

// guarded is the Guard of a server, whose Sleep only takes notes.
type guarded struct {
	*access.Guard
	db  *postgres.DB
	end func()

	mu    sync.Mutex
	slept time.Duration  // last
	heard map[string]int // by operator's name, of those who are there; "" = of those who are not
}

func newGuarded(t *testing.T, place string) *guarded {
	t.Helper()
	g := &guarded{db: openOne(t, place), heard: map[string]int{}}
	tries := NewTries(g.db)
	var err error
	g.Guard, err = access.NewGuard(access.GuardConfig{
		Now: time.Now, Key: make([]byte, 32), Tries: access.SharedTries{Wrong: tries.Wrong, Right: tries.Right},
		Verify: func(_, plain string) (bool, error) { return plain == "right", nil },
		Sleep: func(_ context.Context, d time.Duration) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.slept = d
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		tries.Run(ctx, func(t access.Try, inARow func() int) {
			n := 0
			g.HeardTries(t, func() int { n = inARow(); return n })
			g.mu.Lock()
			defer g.mu.Unlock()
			operator := t.Who
			if !t.Known {
				operator = ""
			}
			g.heard[operator] = n
		})
	}()
	g.end = func() {
		cancel()
		<-over
	}
	t.Cleanup(g.end)
	return g
}

// try asks with a password, and gives how long the answer waits.
func (g *guarded) try(t *testing.T, operator, plain string) time.Duration {
	t.Helper()
	g.mu.Lock()
	g.slept = 0
	g.mu.Unlock()
	_, err := g.Authenticate(t.Context(), g.db, access.Credentials{Operator: operator, Password: plain}, netip.MustParseAddr("192.0.2.7"))
	if want := plain == "right"; want != (err == nil) || !want && failure.CodeOf(err) != failure.NotAuthenticated {
		t.Fatalf("%s with %s: %v", operator, plain, err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.slept
}

func (g *guarded) hears(t *testing.T, operator string, inARow int) {
	t.Helper()
	until(t, "tries of another server", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		n, heard := g.heard[operator]
		return heard && n == inARow
	})
}

// TestWrongTriesCountTogether: an answer waits as long as if all servers were one, be the
// operator there or not, and what is right on one is so on all.
func TestWrongTriesCountTogether(t *testing.T) {
	place := t.TempDir()
	one, two := newGuarded(t, place), newGuarded(t, place)
	hash, err := password.Hash("right")
	if err != nil {
		t.Fatal(err)
	}
	err = one.db.Update(t.Context(), func(tx store.Tx) error {
		_, err := access.Add(tx, access.Administrator{Who: access.Local, Face: "command"}, access.NewOperator{Name: "shop", PasswordHash: hash, Brands: []string{"DEMO"}, Rights: []string{"SOAP_*"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	wait := func(g *guarded, operator string, want time.Duration) {
		t.Helper()
		if got := g.try(t, operator, "wrong"); got != want {
			t.Errorf("%s waits %s, want %s", operator, got, want)
		}
	}
	until(t, "the other knows the operator", func() bool {
		return two.Known(t.Context(), two.db, access.Credentials{Operator: "shop", Certificate: true}, netip.Addr{}) != nil
	})
	const ms = time.Millisecond
	for _, operator := range []string{"shop", "nobody"} {
		heard := operator
		if operator == "nobody" {
			heard = ""
		}
		for _, want := range []time.Duration{100 * ms, 200 * ms, 400 * ms} {
			wait(one, operator, want)
		}
		two.hears(t, heard, 3)
		wait(two, operator, 800*ms)
		one.hears(t, heard, 4)
		wait(one, operator, 1600*ms)
	}
	two.hears(t, "shop", 5)
	two.try(t, "shop", "right")
	one.hears(t, "shop", 0)
	wait(one, "shop", 100*ms)
	two.hears(t, "shop", 1)

	// Both at a time, and one that begins later.
	var both sync.WaitGroup
	for _, g := range []*guarded{one, two} {
		both.Go(func() {
			for range 9 {
				g.try(t, "shop", "wrong")
			}
		})
	}
	both.Wait()
	one.hears(t, "shop", 19)
	two.hears(t, "shop", 19)
	one.try(t, "shop", "wrong")
	one.end() // and says so before it is gone
	three := newGuarded(t, place)
	three.hears(t, "shop", 20)
	wait(three, "shop", 2000*ms)
}

// TestOldTriesAreForgotten: they count no more after ten minutes, and their rows go.
func TestOldTriesAreForgotten(t *testing.T) {
	db := openOne(t, t.TempDir())
	s, nobody, a := NewTries(db), func(access.Try, func() int) {}, access.Try{Who: "a", From: "here", Known: true}
	heard := map[string]int{}
	exchange := func() {
		t.Helper()
		if err := s.exchange(t.Context(), nil, func(t access.Try, n func() int) { heard[t.Who] = n() }); err != nil {
			t.Fatal(err)
		}
	}
	older := func(by string) {
		t.Helper()
		if err := db.Beside(t.Context(), postgres.Ask{SQL: "update " + db.Table("wrong_try") + " set at=at-$1::interval", Args: []any{by}}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		s.Wrong(a)
	}
	exchange()
	older("11 minutes")
	s.Wrong(a)
	if exchange(); heard["a"] != 1 {
		t.Errorf("%d in a row, of which all but one are old", heard["a"])
	}
	older("11 minutes")
	s.read = 0
	if exchange(); heard["a"] != 0 {
		t.Errorf("%d in a row, which are old", heard["a"])
	}
	older("1 hour")
	ctx, end := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { defer close(over); s.Run(ctx, nobody) }()
	until(t, "old rows go", func() bool {
		rows := 1
		err := db.Beside(t.Context(), postgres.Ask{SQL: "select count(*) from " + db.Table("wrong_try"), Row: func(scan func(...any) error) error { return scan(&rows) }})
		return err == nil && rows == 0
	})
	end()
	<-over
}

// TestTriesWaitForTheDatabase: what was counted while it did not answer is written later.
func TestTriesWaitForTheDatabase(t *testing.T) {
	db := openOne(t, t.TempDir())
	s, heard := NewTries(db), map[string]int{}
	a, b, c := access.Try{Who: "a", From: "here", Known: true}, access.Try{Who: "b", From: "here", Known: true}, access.Try{Who: "c", From: "here"}
	note := func(t access.Try, n func() int) { heard[t.Who] = n() }
	away, cancel := context.WithCancel(t.Context())
	cancel()
	s.Wrong(a)
	s.Right(a, false)
	s.Wrong(a)
	s.Wrong(b)
	for range 5 {
		s.Wrong(c)
	}
	if err := s.exchange(away, nil, note); err == nil {
		t.Error("it answers")
	}
	s.Wrong(a)
	s.Right(b, false)
	s.Right(c, true)
	s.Wrong(c)
	if err := s.exchange(t.Context(), nil, note); err != nil {
		t.Fatal(err)
	}
	if heard["a"] != 2 || heard["b"] != 0 || heard["c"] != 3 {
		t.Errorf("%v", heard)
	}
}

// TestInventedTriesAreBounded: whoever invents names and logins fills the table to a point, and
// takes nothing of what is counted of operators that are there.
func TestInventedTriesAreBounded(t *testing.T) {
	db := openOne(t, t.TempDir())
	s := NewTries(db)
	invented := "insert into " + db.Table("wrong_try") + " select $1||i, 'here', $2, 1, clock_timestamp(), nextval('" + db.Table("wrong_try_change") + "') from generate_series(1,$3) i"
	err := db.Beside(t.Context(), postgres.Ask{SQL: invented, Args: []any{"operator", true, 3}}, postgres.Ask{SQL: invented, Args: []any{"invented", false, mostInvented + 7}})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Beside(t.Context(), s.drop()...); err != nil {
		t.Fatal(err)
	}
	var known, others, oldest int
	err = db.Beside(t.Context(), postgres.Ask{SQL: "select count(*) filter (where known), count(*) filter (where not known), count(*) filter (where operator='invented7') from " + db.Table("wrong_try"),
		Row: func(scan func(...any) error) error { return scan(&known, &others, &oldest) }})
	if err != nil || known != 3 || others != mostInvented || oldest != 0 {
		t.Errorf("%d rows of operators and %d others, the oldest of them %d times: %v", known, others, oldest, err)
	}
}

// TestHeardTriesAreThoseOfNow: what is counted while others are heard of is part of what is heard.
func TestHeardTriesAreThoseOfNow(t *testing.T) {
	s, a := NewTries(openOne(t, t.TempDir())), access.Try{Who: "a", From: "here", Known: true}
	s.Wrong(a)
	heard := 0
	err := s.exchange(t.Context(), nil, func(t access.Try, n func() int) {
		s.Wrong(t)
		heard = n()
	})
	if err != nil || heard != 2 {
		t.Errorf("%d tries are heard of, want 2, %v", heard, err)
	}
}
