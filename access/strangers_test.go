package access_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/store"
)

// told gives what the audit tells of strangers: where from, face, outcome and notes.
func told(t *testing.T, st store.Store) (all []string) {
	t.Helper()
	for _, row := range rowsOf(t, st, access.Unrecognised) {
		all = append(all, strings.Join(append([]string{row.From.String(), row.Face, row.Outcome}, row.Notes...), "; "))
	}
	return all
}

func TestStrangersAreKeptOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBehind(t, access.ReadBehindConfig{})
		for i := range 9_990 {
			b.Refused("soap", office, fmt.Sprint("operator", i), "NOT_AUTHENTICATED")
		}
		for range 10 {
			b.Refused("soap", office, "", "BUSY")
		}
		b.Refused("tmf", office, "", "NOT_AUTHENTICATED")
		time.Sleep(time.Minute - 1)
		if got := told(t, b.st); len(got) != 0 {
			t.Errorf("before the minute is over: %q", got)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		var names []string
		for i := range 10 {
			names = append(names, fmt.Sprintf(`"operator%d" 1`, i))
		}
		want := []string{
			"192.0.2.7; soap; NOT_AUTHENTICATED; 10000 calls within a minute: NOT_AUTHENTICATED 9990, BUSY 10; names given: " + strings.Join(names, ", ") + ", others 9980",
			"192.0.2.7; tmf; NOT_AUTHENTICATED; 1 calls within a minute: NOT_AUTHENTICATED 1",
		}
		if diff := cmp.Diff(want, told(t, b.st)); diff != "" {
			t.Error(diff)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := told(t, b.st); len(got) != 2 || b.st.commits != 1 || b.Strangers() != 10_001 {
			t.Errorf("later: %d rows in %d commits, %d strangers", len(got), b.st.commits, b.Strangers())
		}
	})
}

// A row is found by the operator that was named, when there is one alone.
func TestStrangersOfOneName(t *testing.T) {
	b := newBehind(t, access.ReadBehindConfig{})
	b.Refused("soap", home, "shop", "NOT_AUTHENTICATED")
	b.Refused("soap", home, "shop", "NOT_AUTHENTICATED")
	b.Refused("soap", office, "shop", "NOT_AUTHENTICATED")
	b.Refused("soap", office, "", "NOT_AUTHENTICATED")
	b.Close()
	rows := rowsOf(t, b.st, "shop")
	if len(rows) != 1 || rows[0].From != home || !rows[0].At.Equal(noon) || !slices.Equal(rows[0].Notes, []string{"2 calls within a minute: NOT_AUTHENTICATED 2"}) {
		t.Errorf("%+v", rows)
	}
	if diff := cmp.Diff([]string{`192.0.2.7; soap; NOT_AUTHENTICATED; 2 calls within a minute: NOT_AUTHENTICATED 2; names given: "shop" 1`}, told(t, b.st)); diff != "" {
		t.Error(diff)
	}
}

// However many places strangers come from, 1,000 are told apart; an IPv6 network is one.
func TestStrangersPlacesAreBounded(t *testing.T) {
	b := newBehind(t, access.ReadBehindConfig{Sync: true, Queue: 5})
	for i := range 1500 {
		for host := range 2 {
			b.Refused("soap", netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, 0, byte(i >> 8), byte(i), 15: byte(host)}), strings.Repeat("x", 70_000), "BUSY")
		}
	}
	if got := told(t, b.st); len(got) != 0 {
		t.Errorf("%d rows at once", len(got))
	}
	b.Close()
	rows := rowsOf(t, b.st, strings.Repeat("x", 128))
	if len(rows) != 1001 || b.Lost() != 0 {
		t.Fatalf("%d rows, %d lost", len(rows), b.Lost())
	}
	others := 0
	for _, row := range rows {
		switch {
		case row.From.IsValid() && row.Notes[0] == "2 calls within a minute: BUSY 2":
		case !row.From.IsValid() && cmp.Equal(row.Notes, []string{"1000 calls within a minute: BUSY 1000", "from further places than the first 1000"}):
			others++
		default:
			t.Errorf("%+v", row)
		}
	}
	if others != 1 {
		t.Errorf("%d rows of others", others)
	}
}
