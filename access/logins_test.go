package access_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
)

func TestWrongLoginsAreDelayed(t *testing.T) {
	const ms = time.Millisecond
	now := noon
	l := access.NewLogins(func() time.Time { return now }, access.SharedTries{})
	wrong := func(login, source string, n int) (waits []time.Duration) {
		for range n {
			waits = append(waits, l.Tried(login, source, false))
		}
		return waits
	}
	check := func(what string, got []time.Duration, want ...time.Duration) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	check("growing to four seconds", wrong("aase", "a", 6), 250*ms, 500*ms, 1000*ms, 2000*ms, 4000*ms, 4000*ms)
	check("another login from there", wrong("bo", "a", 2), 250*ms, 500*ms)
	check("the same login from elsewhere", wrong("aase", "b", 1), 4000*ms)
	check("a right one", []time.Duration{l.Tried("aase", "b", true)}, 0)
	check("starts anew", wrong("aase", "b", 1), 250*ms)
	check("no login", wrong("", "c", 3), 250*ms, 250*ms, 250*ms)
	now = now.Add(10 * time.Minute)
	check("forgotten after ten minutes", wrong("bo", "a", 1), 250*ms)

	spraying := func(source string) (last time.Duration) {
		for i := range 25 {
			last = l.Tried(fmt.Sprint("user", i), source, false)
		}
		return last
	}
	if last := spraying("spray"); last != 4000*ms {
		t.Errorf("one try at each of 25 logins: the last waits %s", last)
	}
	if wait := l.Tried("user0", "spray", true); wait != 0 {
		t.Errorf("a right one waits %s", wait)
	}
	check("a right one takes half of it away", wrong("cy", "spray", 1), 250*ms)
	check("others are not slower for it", wrong("user24", "home", 1), 500*ms)
}

// TestLoginsRememberSoMuch: a flood of long logins is bounded, and that of one source
// stays slow.
func TestLoginsRememberSoMuch(t *testing.T) {
	l := access.NewLogins(func() time.Time { return noon }, access.SharedTries{})
	l.Tried("aase", "a", false)
	for i := range 10_000 {
		if wait := l.Tried(fmt.Sprint(i, strings.Repeat("x", 70_000)), "flood", false); i > 25 && wait != 4*time.Second {
			t.Fatalf("try %d waits %s", i, wait)
		}
	}
	if wait := l.Tried("aase", "a", false); wait != 250*time.Millisecond {
		t.Errorf("the oldest of 10,001 is remembered: %s", wait)
	}
}

func TestSource(t *testing.T) {
	addr := netip.MustParseAddr
	a := access.Source("shop", addr("2001:db8:1:2::1"))
	for other, same := range map[string]bool{
		access.Source("shop", addr("2001:db8:1:2:ffff::1")): true, access.Source("shop", addr("2001:db8:1:3::1")): false,
		access.Source("crm", addr("2001:db8:1:2::1")): false, access.Source("shop", netip.Addr{}): false,
	} {
		if (other == a) != same {
			t.Errorf("%q and %q", a, other)
		}
	}
}

func TestLimit(t *testing.T) {
	l := access.NewLimit(2, time.Hour)
	at := func(after time.Duration, key string, want time.Duration) {
		t.Helper()
		if got := l.Take(key, noon.Add(after)); got != want {
			t.Errorf("%s after %s: wait %s, want %s", key, after, got, want)
		}
	}
	at(0, "a", 0)
	at(10*time.Minute, "a", 0)
	at(20*time.Minute, "a", 40*time.Minute)
	at(20*time.Minute, "b", 0)
	at(time.Hour-1, "a", 1)
	at(time.Hour, "a", 0) // asking in between does not make it longer
	at(time.Hour, "a", 0)
	at(90*time.Minute, "a", 30*time.Minute)
}
