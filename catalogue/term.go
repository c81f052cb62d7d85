package catalogue

import (
	"slices"
	"time"

	"rator/store"
)

// term is what holds from a day of the brand's on, until the day of the next one. A
// list of terms is in order of days, and the first is from the beginning: it has no day.
type term[V any] struct {
	from string // yyyy-MM-dd
	is   V
}

// held is something that is worth knowing day by day.
type held[V any] interface{ same(V) bool }

// termOn is what holds on a day.
func termOn[V held[V]](terms []term[V], day string) V {
	is := terms[0].is
	for _, t := range terms[1:] {
		if t.from <= day {
			is = t.is
		}
	}
	return is
}

// joined drops terms that say what the one before them says.
func joined[V held[V]](terms []term[V]) []term[V] {
	kept := terms[:1:1]
	for _, t := range terms[1:] {
		if !t.is.same(kept[len(kept)-1].is) {
			kept = append(kept, t)
		}
	}
	return kept
}

// spliced is what kept says of the days before a day and said of those after.
func spliced[V held[V]](kept, said []term[V], day string) []term[V] {
	terms := append(before(kept, day), term[V]{day, termOn(said, day)})
	for _, t := range said {
		if t.from > day {
			terms = append(terms, t)
		}
	}
	return joined(terms)
}

// before gives the terms that begin before a day.
func before[V any](terms []term[V], day string) []term[V] {
	var early []term[V]
	for _, t := range terms {
		if t.from < day {
			early = append(early, t)
		}
	}
	return early
}

// differs is the first day on which is says something else than was: "" = from the
// beginning on.
func differs[V held[V]](was, is []term[V]) (day string, found bool) {
	var days []string
	for _, t := range slices.Concat(was, is) {
		days = append(days, t.from)
	}
	slices.Sort(days)
	for _, day := range days {
		if !termOn(was, day).same(termOn(is, day)) {
			return day, true
		}
	}
	return "", false
}

// denied looks for a day on which said is not what is kept: the one before a first
// day, and those from it to before a last one.
func denied[V held[V]](kept, said []term[V], first, last string) (from string, found bool) {
	eves := func(terms []term[V]) V { early := before(terms, first); return early[len(early)-1].is }
	if !eves(said).same(eves(kept)) {
		return "", true
	}
	days := []string{first}
	for _, t := range slices.Concat(kept, said) {
		days = append(days, t.from)
	}
	slices.Sort(days)
	for _, day := range days {
		if first <= day && day < last && !termOn(said, day).same(termOn(kept, day)) {
			return day, true
		}
	}
	return "", false
}

// schedule says from which day of a brand an import counts.
type schedule struct {
	today string    // yyyy-MM-dd, the brand's
	from  string    // yyyy-MM-dd: of what a file gives no day
	asked bool      // from is what was asked for, and no day that nobody named
	plan  *[]Change // nil = the changes are made, and not only said
}

// scheduleOf is that of an import for a brand as the file has it; without a day the
// import counts from the brand's today on. A day before the brand's today fails
// with VALID_FROM_PAST.
func scheduleOf(tx store.Tx, b *Brand, from time.Time) (schedule, error) {
	x := *b
	if _, err := inZone(tx, &x, nil); err != nil {
		return schedule{}, err
	}
	today := x.Day(tx.Now()).Format(time.DateOnly)
	s := schedule{today: today, from: today, asked: !from.IsZero()}
	if s.asked {
		s.from = from.Format(time.DateOnly)
	}
	if s.from < s.today {
		return schedule{}, ValidFromPast.With("%s is before today, %s, in brand %s", s.from, s.today, b.Key)
	}
	return s, nil
}

// dated is an object with something that holds by the day: what an import says of it
// counts from a day on, and what is kept of the days before stays. follow makes x, as
// the file has it, what is to be kept in the place of old;
// old is nil for what is new.
type dated[T any] interface {
	follow(old *T, s schedule) error
}

// retired is an object of which it counts on which days it was not retired.
type retired interface{ retire(s schedule) }

func follow[T any](old, x *T, s schedule) error {
	if d, ok := any(x).(dated[T]); ok {
		return d.follow(old, s)
	}
	return nil
}
