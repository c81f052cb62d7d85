package access_test

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/failure"
	"rator/password"
	"rator/store"
)

// watched is a Guard that takes notes of what it tolerates, with a clock that is
// moved.
type watched struct {
	*access.Guard
	now       time.Time
	tolerated []string
}

func newWatched(t *testing.T, change func(*access.GuardConfig)) *watched {
	t.Helper()
	w := &watched{now: noon}
	c := access.GuardConfig{Now: func() time.Time { return w.now }, Verify: password.Verify, Key: make([]byte, 32),
		Tolerated: func(operator string, refusal *failure.Code) {
			w.tolerated = append(w.tolerated, operator+" "+refusal.Name)
		}}
	if change != nil {
		change(&c)
	}
	guard, err := access.NewGuard(c)
	if err != nil {
		t.Fatal(err)
	}
	w.Guard = guard
	return w
}

func strict(id store.ID) *access.Operator {
	return &access.Operator{Base: store.Base{ID: id}, Name: fmt.Sprint("op", id), StrictTokens: true}
}

func at(d time.Duration) string { return noon.Add(d).Format("2006-01-02T15:04:05.999999999Z07:00") }

func nonce(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// securities are headers and what they are refused for; nil passes.
var securities = []struct {
	name string
	says access.Security
	want *failure.Code
}{
	{"nothing", access.Security{}, nil},
	{"token of now", access.Security{Nonce: nonce("1"), Created: at(0)}, nil},
	{"Created alone", access.Security{Created: at(0)}, nil},
	{"Created without zone is UTC", access.Security{Created: "2026-03-04T12:00:00"}, nil},
	{"Created in another zone", access.Security{Created: "2026-03-04T14:00:00.5+02:00"}, nil},
	{"as old as may be", access.Security{Nonce: nonce("2"), Created: at(0)}, nil},
	{"as old as may be, alone", access.Security{Created: at(-300 * time.Second)}, nil},
	{"older", access.Security{Created: at(-300*time.Second - 1)}, access.StaleToken},
	{"as far ahead as may be", access.Security{Nonce: nonce("3"), Created: at(60 * time.Second)}, nil},
	{"further ahead", access.Security{Nonce: nonce("4"), Created: at(60*time.Second + 1)}, access.StaleToken},
	{"before the start", access.Security{Nonce: nonce("5"), Created: at(-time.Second)}, access.StaleToken},
	{"Created is no time", access.Security{Nonce: nonce("6"), Created: "noon"}, access.BadToken},
	{"Created is a date", access.Security{Created: "2026-03-04"}, access.BadToken},
	{"Nonce without Created", access.Security{Nonce: nonce("7")}, access.BadToken},
	{"Nonce is not base64", access.Security{Nonce: "***", Created: at(0)}, access.BadToken},
	{"Nonce without padding", access.Security{Nonce: "YQ", Created: at(0)}, access.BadToken},
	{"Nonce with bits left over", access.Security{Nonce: "YR==", Created: at(0)}, access.BadToken},
	{"Nonce in two lines", access.Security{Nonce: "YWJj\nYWJj", Created: at(0)}, access.BadToken},
	{"Nonce for addresses", access.Security{Nonce: "-_-_", Created: at(0)}, access.BadToken},

	{"Timestamp of now", access.Security{Issued: at(0), Expires: at(time.Second)}, nil},
	{"Timestamp expires later", access.Security{Issued: at(-time.Hour), Expires: at(1)}, nil},
	{"Timestamp expires now", access.Security{Issued: at(-time.Hour), Expires: at(0)}, access.MessageExpired},
	{"Timestamp has expired, without Created", access.Security{Expires: at(-1)}, access.MessageExpired},
	{"Timestamp without Expires, old", access.Security{Issued: at(-300 * time.Second)}, nil},
	{"Timestamp without Expires, too old", access.Security{Issued: at(-300*time.Second - 1)}, access.MessageExpired},
	{"Timestamp ahead", access.Security{Issued: at(60 * time.Second), Expires: at(time.Hour)}, nil},
	{"Timestamp too far ahead", access.Security{Issued: at(60*time.Second + 1), Expires: at(time.Hour)}, access.BadTimestamp},
	{"Timestamp expires before it was created", access.Security{Issued: at(30 * time.Second), Expires: at(20 * time.Second)}, access.BadTimestamp},
	{"Timestamp's Created is no time", access.Security{Issued: "x", Expires: at(time.Hour)}, access.BadTimestamp},
	{"Timestamp's Expires is no time", access.Security{Issued: at(0), Expires: "never"}, access.BadTimestamp},
	{"good token, expired Timestamp", access.Security{Nonce: nonce("8"), Created: at(0), Expires: at(-1)}, access.MessageExpired},
}

func TestCheckSecurity(t *testing.T) {
	for _, c := range securities {
		t.Run(c.name, func(t *testing.T) {
			w := newWatched(t, nil)
			wantSecurity(t, w.CheckSecurity(strict(1), c.says, ""), c.want)
			if len(w.tolerated) > 0 {
				t.Errorf("tolerated %v", w.tolerated)
			}
		})
	}
}

// An operator of an older store, and every one with a lenient Guard, is refused
// nothing, and all of it is counted.
func TestCheckSecurityLeniently(t *testing.T) {
	for _, c := range securities {
		for name, o := range map[string]*access.Operator{"operator": {Name: "old"}, "guard": {Name: "old", StrictTokens: true}} {
			t.Run(c.name+", lenient "+name, func(t *testing.T) {
				w := newWatched(t, func(g *access.GuardConfig) { g.LenientTokens = name == "guard" })
				wantSecurity(t, w.CheckSecurity(o, c.says, ""), nil)
				var want []string
				if c.want != nil {
					want = []string{"old " + c.want.Name}
				}
				if diff := cmp.Diff(want, w.tolerated); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestUsedNonce(t *testing.T) {
	w := newWatched(t, nil)
	says := access.Security{Nonce: nonce("1"), Created: at(0)}
	check := func(name string, o *access.Operator, s access.Security, want *failure.Code) {
		t.Helper()
		t.Run(name, func(t *testing.T) { wantSecurity(t, w.CheckSecurity(o, s, ""), want) })
	}
	check("first", strict(1), says, nil)
	check("again", strict(1), says, access.UsedToken)
	check("with another Created", strict(1), access.Security{Nonce: says.Nonce, Created: at(time.Second)}, access.UsedToken)
	check("another operator's", strict(2), says, nil)
	check("another", strict(1), access.Security{Nonce: nonce("2"), Created: at(0)}, nil)
	w.now = noon.Add(300 * time.Second)
	check("at the end of its time", strict(1), says, access.UsedToken)
	w.now = w.now.Add(1)
	check("after its time", strict(1), says, access.StaleToken)
	check("with a Created of now", strict(1), access.Security{Nonce: says.Nonce, Created: at(300 * time.Second)}, nil)
	old := &access.Operator{Name: "old"}
	check("a lenient operator's", old, access.Security{Nonce: nonce("9"), Created: at(300 * time.Second)}, nil)
	check("a lenient operator's again", old, access.Security{Nonce: nonce("9"), Created: at(300 * time.Second)}, nil)
	if diff := cmp.Diff([]string{"old USERNAME_TOKEN_USED"}, w.tolerated); diff != "" {
		t.Error(diff)
	}
}

// What is done once may be asked for again with its token, and nothing else may.
func TestTokenOfARepeatedRequest(t *testing.T) {
	w := newWatched(t, nil)
	says := access.Security{Nonce: nonce("1"), Created: at(0)}
	for _, c := range []struct {
		asked string
		want  *failure.Code
	}{{"r-1", nil}, {"r-1", nil}, {"r-2", access.UsedToken}, {"", access.UsedToken}, {"r-1", nil}} {
		wantSecurity(t, w.CheckSecurity(strict(1), says, c.asked), c.want)
	}
	wantSecurity(t, w.CheckSecurity(strict(2), says, ""), nil)
	wantSecurity(t, w.CheckSecurity(strict(2), says, "r-1"), access.UsedToken)
	w.now = noon.Add(301 * time.Second)
	wantSecurity(t, w.CheckSecurity(strict(1), says, "r-1"), access.StaleToken)
}

// A token of the second in which the server was started is one of now: clients
// write whole seconds.
func TestStartCountsByTheSecond(t *testing.T) {
	w := newWatched(t, func(c *access.GuardConfig) {
		c.Now = func() time.Time { return noon.Add(900 * time.Millisecond) }
	})
	wantSecurity(t, w.CheckSecurity(strict(1), access.Security{Nonce: nonce("1"), Created: at(0)}, ""), nil)
	wantSecurity(t, w.CheckSecurity(strict(1), access.Security{Nonce: nonce("2"), Created: at(-1)}, ""), access.StaleToken)
}

// When there are too many nonces to remember the oldest tokens go, and with them
// every token that could be one of them: none is taken twice.
func TestNoncesAreBounded(t *testing.T) {
	const most = 50
	w := newWatched(t, func(c *access.GuardConfig) { c.MostNonces = most })
	w.now = noon.Add(200 * time.Second)
	token := func(i int) access.Security {
		return access.Security{Nonce: nonce(fmt.Sprint(i)), Created: at(time.Duration(i/2) * time.Second)}
	}
	// Two tokens a second, the newest first, until no more fit.
	const all = 2*most + 20
	for i := all - 1; i >= all-most; i-- {
		wantSecurity(t, w.CheckSecurity(strict(1), token(i), ""), nil)
	}
	// An older one does not fit: it is let go at once, and its like with it.
	wantSecurity(t, w.CheckSecurity(strict(1), token(0), ""), nil)
	wantSecurity(t, w.CheckSecurity(strict(1), token(0), ""), access.StaleToken)
	wantSecurity(t, w.CheckSecurity(strict(1), token(1), ""), access.StaleToken)
	for i := all - most; i < all; i++ {
		wantSecurity(t, w.CheckSecurity(strict(1), token(i), ""), access.UsedToken)
	}
	// Newer ones push older ones out; what was pushed out is stale, never new.
	for i := range most {
		wantSecurity(t, w.CheckSecurity(strict(1), access.Security{Nonce: nonce(fmt.Sprint("new", i)), Created: at(201 * time.Second)}, ""), nil)
	}
	for i := range all {
		wantSecurity(t, w.CheckSecurity(strict(1), token(i), ""), access.StaleToken)
	}
	// Another operator has a bound of his own.
	wantSecurity(t, w.CheckSecurity(strict(2), token(all-1), ""), nil)
}

func TestStrictTokens(t *testing.T) {
	st := openStore(t)
	add(t, st, access.NewOperator{Name: "new", Brands: []string{"DEMO"}})
	add(t, st, access.NewOperator{Name: "legacy", Brands: []string{"DEMO"}, LenientTokens: true})
	if !operator(t, st, "new").StrictTokens || operator(t, st, "legacy").StrictTokens {
		t.Error("a new operator must be strict unless it is said")
	}
	for _, strict := range []bool{false, true} {
		update(t, st, func(tx store.Tx) error { return access.SetStrictTokens(tx, local, "new", strict) })
		if operator(t, st, "new").StrictTokens != strict {
			t.Errorf("strict is not %t", strict)
		}
	}
	rows := rowsOf(t, st, access.Local)
	if diff := cmp.Diff([]string{"new", "strict"}, rows[len(rows)-1].Notes); diff != "" {
		t.Error(diff)
	}
	wantCode(t, tryUpdate(st, func(tx store.Tx) error { return access.SetStrictTokens(tx, local, "nobody", true) }), access.UnknownOperator)
}

func wantSecurity(t *testing.T, err error, want *failure.Code) {
	t.Helper()
	if got := failure.CodeOf(err); got != want || (err == nil) != (want == nil) {
		t.Errorf("%v, want %v", err, want)
	}
}

// BenchmarkNonces has a strict operator call with tokens, and reports what one that is
// remembered takes.
func BenchmarkNonces(b *testing.B) {
	guard, err := access.NewGuard(access.GuardConfig{Now: func() time.Time { return noon }, Verify: password.Verify, Key: make([]byte, 32)})
	if err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	calls := 0
	for b.Loop() {
		calls++
		if err := guard.CheckSecurity(strict(1), access.Security{Nonce: nonce(fmt.Sprint(calls)), Created: at(time.Duration(calls))}, ""); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(guard)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(min(calls, 100_000)), "B/nonce")
}
