package store_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/store"
)

func at(s string) time.Time {
	t, err := time.Parse(time.DateTime, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestParseID(t *testing.T) {
	tests := []struct {
		text string
		want store.ID
		ok   bool
	}{
		{"202402282359590001", 202402282359590001, true},
		{"000000000000000000", 0, true},
		{"", 0, false},
		{"20240228235959000", 0, false},
		{"2024022823595900011", 0, false},
		{"+20240228235959000", 0, false},
		{"-20240228235959000", 0, false},
		{"2024022823595900_1", 0, false},
		{"20240228235959000x", 0, false},
		{"２02402282359590", 0, false},
	}
	for _, test := range tests {
		got, err := store.ParseID(test.text)
		if got != test.want || (err == nil) != test.ok {
			t.Errorf("%q: got %d, %v", test.text, got, err)
		}
	}
}

func TestIDHasEighteenDigits(t *testing.T) {
	for _, id := range []store.ID{1, 10, 12345, 99_999_999_999_999_999, 100_000_000_000_000_000, 202402282359590001, 1_000_000_000_000_000_000, math.MaxInt64} {
		if got, want := id.String(), fmt.Sprintf("%018d", int64(id)); got != want {
			t.Errorf("%d is %s, want %s", int64(id), got, want)
		}
	}
	if got := store.ID(0).String(); got != "" {
		t.Errorf("no id is %q", got)
	}
}

func TestIDInJSON(t *testing.T) {
	type refs struct {
		A, B store.ID
		M    map[store.ID]int
	}
	want := refs{A: 202402282359590001, M: map[store.ID]int{202402282359590002: 1}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"A":"202402282359590001","B":"","M":{"202402282359590002":1}}`, string(text)); diff != "" {
		t.Error(diff)
	}
	var got refs
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if json.Unmarshal([]byte(`{"A":"12"}`), &got) == nil {
		t.Error("two digits were taken for an id")
	}
}

func TestFirstIDAt(t *testing.T) {
	cet := time.FixedZone("CET", 3600)
	if got := store.FirstIDAt(at("2024-02-29 00:59:59").In(cet).Add(999 * time.Millisecond)); got != 202402290059590000 {
		t.Errorf("got %s", got)
	}
}

// TestIDClockRunsAhead takes the 10,000 ids of a second and two more.
func TestIDClockRunsAhead(t *testing.T) {
	tests := []struct{ now, first, last, next string }{
		{"2024-02-28 23:59:58", "202402282359580000", "202402282359589999", "202402282359590000"},
		{"2024-02-28 23:59:59", "202402282359590000", "202402282359599999", "202402290000000000"}, // leap day
		{"2023-02-28 23:59:59", "202302282359590000", "202302282359599999", "202303010000000000"},
		{"2024-12-31 23:59:59", "202412312359590000", "202412312359599999", "202501010000000000"},
		{"2024-05-05 10:59:59", "202405051059590000", "202405051059599999", "202405051100000000"},
		{"2024-05-05 10:10:59", "202405051010590000", "202405051010599999", "202405051011000000"},
	}
	for _, test := range tests {
		var clock store.IDClock
		var ids []string
		for range 10_002 {
			ids = append(ids, clock.Next(at(test.now)).String())
		}
		if ids[0] != test.first || ids[9999] != test.last || ids[10_000] != test.next || !slices.IsSorted(ids) {
			t.Errorf("%s: first %s, last %s, next %s", test.now, ids[0], ids[9999], ids[10_000])
		}
	}
}

func TestIDClockFollowsTheTime(t *testing.T) {
	var clock store.IDClock
	var got []string
	for _, now := range []string{"2024-02-28 23:59:58", "2024-02-28 23:59:58", "2024-02-28 23:59:59", "2024-02-28 22:00:00", "2024-02-29 00:00:00"} {
		got = append(got, clock.Next(at(now)).String())
	}
	want := []string{"202402282359580000", "202402282359580001", "202402282359590000", "202402282359590001", "202402290000000000"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIDClockResume(t *testing.T) {
	tests := []struct {
		last store.ID
		now  string
		want string // "" = refused
	}{
		{0, "2024-02-28 23:59:58", "202402282359580000"},
		{202402282359580041, "2024-02-28 23:59:58", "202402282359580042"},
		{202402282359589999, "2024-02-28 23:59:58", "202402282359590000"},
		{202402290000010005, "2024-02-28 23:59:58", "202402290000010006"}, // ran ahead
		{202402270000010005, "2024-02-28 23:59:58", "202402282359580000"},
		{202402282359600000, "2024-02-28 23:59:58", ""}, // no such second
		{7, "2024-02-28 23:59:58", ""},
	}
	for _, test := range tests {
		var clock store.IDClock
		err := clock.Resume(test.last)
		if (err == nil) != (test.want != "") {
			t.Errorf("%s: error is %v", test.last, err)
			continue
		}
		if got := clock.Next(at(test.now)).String(); err == nil && got != test.want {
			t.Errorf("%s: got %s, want %s", test.last, got, test.want)
		}
	}
}

func TestIDClockResumeNeverGoesBack(t *testing.T) {
	var clock store.IDClock
	for _, last := range []store.ID{202402282359580041, 202402282359580007, 202402270000000000} {
		if err := clock.Resume(last); err != nil {
			t.Fatal(err)
		}
	}
	if got := clock.Next(at("2024-01-01 00:00:00")); got != 202402282359580042 {
		t.Errorf("got %s", got)
	}
}

func TestIDClockIsSafeForManyCallers(t *testing.T) {
	var (
		clock store.IDClock
		mu    sync.Mutex
		seen  = map[store.ID]bool{}
		wg    sync.WaitGroup
	)
	for range 8 {
		wg.Go(func() {
			for range 2000 {
				id := clock.Next(at("2024-02-28 23:59:58"))
				mu.Lock()
				seen[id] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 16_000 {
		t.Errorf("%d different ids, want 16000", len(seen))
	}
}
