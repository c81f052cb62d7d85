package history

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/calllog"
	"rator/store"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func at(second int) time.Time { return start.Add(time.Duration(second) * time.Second) }

func row(id store.ID, second int, who string) Entry {
	r := &access.AuditRow{Base: store.Base{ID: id}, At: at(second), Who: who, Face: "soap"}
	return Entry{At: r.At, Kind: Audit, Who: r.Who, Face: r.Face, Row: r}
}

func happened(cursor int64, second int) Entry {
	return Entry{At: at(second), Kind: Event, Event: &store.Event{Cursor: cursor, At: at(second)}}
}

func called(number uint64, second int) Entry {
	return Entry{At: at(second), Kind: Call, Who: "demo", Call: &calllog.Call{ID: calllog.ID{Segment: 1, Number: number}}}
}

// line is what a time line makes of entries.
func line(q Query, entries ...Entry) (lines []string) {
	t := NewTimeline(q)
	for _, e := range entries {
		t.add(e)
	}
	for _, e := range t.Entries() {
		lines = append(lines, fmt.Sprint(int(e.At.Sub(start).Seconds()), " ", e.Kind, " ", e.number(), " ", e.Who))
	}
	return lines
}

// TestTimeline: entries stand in the order in which they came, each once, and an event has
// who caused it where that is certain.
func TestTimeline(t *testing.T) {
	for name, c := range map[string]struct {
		query Query
		in    []Entry
		want  string
	}{
		"in the order of time, and of a moment what was asked for first": {
			in:   []Entry{happened(7, 2), row(5, 2, "demo"), called(1, 2), called(2, 1), happened(3, 1)},
			want: "1 call 2 demo, 1 event 3 , 2 call 1 demo, 2 audit 5 demo, 2 event 7 demo",
		},
		"a row that is about two objects of the customer": {
			in:   []Entry{row(5, 2, "demo"), row(6, 3, "demo"), row(5, 2, "demo")},
			want: "2 audit 5 demo, 3 audit 6 demo",
		},
		"two callers at one time": {
			in:   []Entry{row(5, 2, "demo"), row(6, 2, "selfcare"), row(7, 2, "selfcare"), happened(7, 2)},
			want: "2 audit 5 demo, 2 audit 6 selfcare, 2 audit 7 selfcare, 2 event 7 ",
		},
		"one caller twice at one time": {
			in:   []Entry{row(5, 2, "demo"), row(6, 2, "demo"), happened(7, 2), happened(6, 2)},
			want: "2 audit 5 demo, 2 audit 6 demo, 2 event 6 demo, 2 event 7 demo",
		},
		"a call causes nothing": {
			in:   []Entry{called(1, 2), happened(7, 2)},
			want: "2 call 1 demo, 2 event 7 ",
		},
		"from a time on and before another": {
			query: Query{Since: at(2), Before: at(3)},
			in:    []Entry{row(1, 1, "demo"), row(2, 2, "demo"), row(3, 3, "demo")},
			want:  "2 audit 2 demo",
		},
		"the newest, whose cause is older than those": {
			query: Query{Limit: 1},
			in:    []Entry{row(1, 1, "demo"), row(2, 2, "demo"), happened(7, 2)},
			want:  "2 event 7 demo",
		},
	} {
		if diff := cmp.Diff(c.want, strings.Join(line(c.query, c.in...), ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestTimelineHoldsFew: however much happened, little more than what is wanted is held,
// and it is the newest, in whatever order it comes.
func TestTimelineHoldsFew(t *testing.T) {
	const all, limit = 10_000, 50
	for name, seconds := range map[string][]int{"oldest first": ascending(all), "newest first": descending(all)} {
		line, most := NewTimeline(Query{Limit: limit}), 0
		for i, second := range seconds {
			line.add(happened(int64(i), second))
			most = max(most, len(line.entries))
		}
		if most > 2*limit+100 {
			t.Errorf("%s: %d entries are held", name, most)
		}
		got := line.Entries()
		if len(got) != limit || !got[0].At.Equal(at(all-limit)) || !got[limit-1].At.Equal(at(all-1)) {
			t.Errorf("%s: %d entries from %s to %s", name, len(got), got[0].At, got[len(got)-1].At)
		}
	}
	// All of one moment stay together: an event's row may be among them.
	line := NewTimeline(Query{Limit: limit})
	line.add(row(1, 1, "demo"))
	for i := range all {
		line.add(happened(int64(i), 1))
	}
	if got := line.Entries(); len(got) != limit || slices.ContainsFunc(got, func(e Entry) bool { return e.Who != "demo" }) {
		t.Errorf("%d entries, the first is %+v", len(got), got[0])
	}
}

func ascending(n int) []int {
	seconds := make([]int, n)
	for i := range seconds {
		seconds[i] = i
	}
	return seconds
}

func descending(n int) []int {
	seconds := ascending(n)
	slices.Reverse(seconds)
	return seconds
}
