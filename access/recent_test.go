package access

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRecentIsBounded(t *testing.T) {
	start := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	r := newRecent[string, int](time.Minute, 3)
	put := func(key string, now time.Time) { r.change(key, now, func(n int) int { return n + 1 }) }
	contents := func(now time.Time) map[string]int {
		got := map[string]int{}
		for _, key := range []string{"a", "b", "c", "d"} {
			if n, ok := r.get(key, now); ok {
				got[key] = n
			}
		}
		return got
	}
	for _, key := range []string{"a", "b", "c", "a"} {
		put(key, start)
	}
	if diff := cmp.Diff(map[string]int{"a": 2, "b": 1, "c": 1}, contents(start)); diff != "" {
		t.Errorf("three put: %s", diff)
	}
	put("d", start.Add(time.Second))
	if diff := cmp.Diff(map[string]int{"a": 2, "c": 1, "d": 1}, contents(start)); diff != "" {
		t.Errorf("the longest untouched goes: %s", diff)
	}
	if diff := cmp.Diff(map[string]int{"d": 1}, contents(start.Add(time.Minute))); diff != "" {
		t.Errorf("a minute later: %s", diff)
	}
	put("a", start.Add(time.Minute))
	for _, key := range []string{"d", "never put"} {
		r.replace(key, start.Add(time.Minute), func(n int) (int, bool) { return n, false })
	}
	if diff := cmp.Diff(map[string]int{"a": 1}, contents(start.Add(time.Minute))); diff != "" {
		t.Errorf("old values do not count: %s", diff)
	}
	if len(r.byKey) != r.oldest.Len() || r.oldest.Len() > r.most {
		t.Errorf("%d keys, %d in order, want at most %d", len(r.byKey), r.oldest.Len(), r.most)
	}
}

// TestUseMakesRecent: what is used stays, in time and in number.
func TestUseMakesRecent(t *testing.T) {
	start := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	r := newRecent[string, int](time.Minute, 2)
	put := func(key string, now time.Time) { r.change(key, now, func(int) int { return 1 }) }
	put("a", start)
	put("b", start)
	if _, found := r.use("a", start.Add(time.Minute-1)); !found {
		t.Fatal("a is forgotten before its minute is over")
	}
	put("c", start.Add(time.Minute-1))
	if _, found := r.get("b", start); found {
		t.Error("b, used least recently, is remembered beside a and c")
	}
	if _, found := r.use("a", start.Add(2*time.Minute-2)); !found {
		t.Error("a is forgotten less than a minute after its use")
	}
	if _, found := r.use("a", start.Add(3*time.Minute-2)); found {
		t.Error("a is remembered a minute after its use")
	}
	if _, found := r.get("a", start.Add(3*time.Minute-2)); found {
		t.Error("asking for what was forgotten brings it back")
	}
}
