package together

import (
	"fmt"
	"testing"
	"time"

	"rator/access"
	"rator/store/postgres"
)

// TestWrongLoginsCountTogether: at the passwords of a site's customers an answer waits as long
// as if all servers were one, whether it is the login that was wrong before or the source; and
// what is right on one takes from both on all. Nobody's login is in the database.
func TestWrongLoginsCountTogether(t *testing.T) {
	place := t.TempDir()
	type server struct {
		*access.Logins
		tries *Tries
	}
	var all []server
	for range 2 {
		tries := NewTries(openOne(t, place))
		all = append(all, server{access.NewLogins(time.Now, access.SharedTries{Wrong: tries.Wrong, Right: tries.Right}), tries})
	}
	exchange := func() {
		t.Helper()
		for range 2 { // so that each has read what the other wrote
			for _, s := range all {
				if err := s.tries.exchange(t.Context(), nil, s.HeardTries); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	const ms = time.Millisecond
	tried := func(s server, login, source string, right bool, want time.Duration) {
		t.Helper()
		if got := s.Tried(login, source, right); got != want {
			t.Errorf("%s from %s waits %s, want %s", login, source, got, want)
		}
		exchange()
	}
	one, two := all[0], all[1]
	tried(one, "aase", "a", false, 250*ms)
	tried(two, "aase", "b", false, 500*ms)
	tried(one, "aase", "a", false, 1000*ms)
	tried(two, "bo", "b", false, 250*ms)
	tried(two, "aase", "b", true, 0)
	tried(one, "aase", "a", false, 250*ms)

	for n := range 22 {
		all[n%2].Tried(fmt.Sprint("user", n), "spray", false)
		exchange()
	}
	tried(one, "cy", "spray", false, 1000*ms) // the 23rd, of which 20 are free
	tried(two, "di", "spray", false, 2000*ms)
	tried(one, "ed", "spray", true, 0) // takes half of 24 away
	tried(two, "fy", "spray", false, 250*ms)
	var left, readable int
	table := one.tries.db.Table("wrong_try")
	err := one.tries.db.Beside(t.Context(),
		postgres.Ask{SQL: "select n from " + table + " where operator='spray'", Row: func(scan func(...any) error) error { return scan(&left) }},
		postgres.Ask{SQL: "select count(*) from " + table + " where operator ~ 'aase|user'", Row: func(scan func(...any) error) error { return scan(&readable) }})
	if err != nil || left != 13 || readable != 0 {
		t.Errorf("%d tries of the source, %d logins can be read: %v", left, readable, err)
	}
}

// TestTriesAreToldApart: however many tries at logins a server hears of, it forgets none at
// operators, and the other way round.
func TestTriesAreToldApart(t *testing.T) {
	const many = 10_001 // one more than are remembered
	g := newGuarded(t, t.TempDir())
	var invented []access.Try
	note := access.SharedTries{Wrong: func(t access.Try) { invented = append(invented, t) }}
	flood, l := access.NewLogins(time.Now, note), access.NewLogins(time.Now, access.SharedTries{})
	g.try(t, "nobody", "wrong")
	l.Tried("aase", "a", false)
	nine := func() int { return 9 }
	for n := range many {
		flood.Tried(fmt.Sprint("user", n), fmt.Sprint("source", n), false)
		l.HeardTries(access.Try{Who: fmt.Sprint("operator", n), From: "192.0.2.7", Known: true}, nine)
		l.HeardTries(access.Try{Who: fmt.Sprint("operator", n), From: "192.0.2.7"}, nine)
	}
	for _, try := range invented {
		g.HeardTries(try, nine)
	}
	if got := g.try(t, "nobody", "wrong"); len(invented) != 2*many || got != 200*time.Millisecond {
		t.Errorf("the second at an operator waits %s after %d at logins and sources", got, len(invented))
	}
	if got := l.Tried("aase", "a", false); got != 500*time.Millisecond {
		t.Errorf("the second at a login waits %s", got)
	}
}
