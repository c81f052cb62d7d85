package catalogue_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// shelf is a store whose clock the test sets.
type shelf struct {
	*testing.T
	store.Store
	now time.Time
}

func openAt(t *testing.T, moment string) *shelf {
	s := &shelf{T: t}
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	s.Store = st
	s.at(moment)
	return s
}

// at sets the clock to a moment in UTC.
func (s *shelf) at(moment string) {
	s.Helper()
	now, err := time.Parse(time.DateTime, moment)
	if err != nil {
		s.Fatal(err)
	}
	s.now = now
}

// take imports a file, from a day on unless that is "".
func (s *shelf) take(src, from string) (catalogue.Changes, error) {
	s.Helper()
	var day time.Time
	if from != "" {
		day, _ = time.Parse(time.DateOnly, from)
	}
	f := load(s.T, src)
	var changes catalogue.Changes
	err := s.Update(s.Context(), func(tx store.Tx) (err error) {
		changes, err = catalogue.ImportFrom(tx, f, day)
		return err
	})
	return changes, err
}

// prices are those of LINE, as written gives them.
func (s *shelf) prices() (all []string) {
	s.Helper()
	view(s.T, s, func(tx store.Tx) error {
		o, err := catalogue.OptionNamed(tx, brand(s.T, tx, "DEMO"), "LINE")
		if err == nil {
			all = written(o.PricesBetween(time.Time{}, day(s.T, "9999-01-01"))...)
		}
		return err
	})
	return all
}

// row is a dated price of a file.
func row(day string, more string) string {
	return "\n[[brand.product_option.price]]\nvalid_from = \"" + day + "\"\n" + more + "\n"
}

// Each step imports a file at a moment of UTC, which is an hour or two behind Copenhagen.
func TestImportKeepsThePast(t *testing.T) {
	type step struct {
		at, lines, from string
		want            []string
		fault           *failure.Code
	}
	const line310, line620 = "recurrent_price = 310", "recurrent_price = 620"
	february := line310 + row("2026-02-01", line620)
	for _, test := range []struct {
		name  string
		steps []step
	}{
		{"a new price holds from the day of the import", []step{
			{"2026-01-31 12:00:00", line310, "", []string{"0+310"}, nil},
			{"2026-01-31 22:59:59", line620, "", []string{"0+310", "2026-01-31 0+620"}, nil},
			{"2026-01-31 23:00:00", line620, "", []string{"0+310", "2026-01-31 0+620"}, nil},
			{"2026-03-01 12:00:00", line310, "", []string{"0+310", "2026-01-31 0+620", "2026-03-01 0+310"}, nil},
		}},
		{"the day is the brand's", []step{
			{"2026-01-31 12:00:00", line310, "", []string{"0+310"}, nil},
			{"2026-01-31 23:00:00", line620, "", []string{"0+310", "2026-02-01 0+620"}, nil},
		}},
		{"what is taken back the same day is as if it had not been", []step{
			{"2026-01-31 12:00:00", line310, "", []string{"0+310"}, nil},
			{"2026-01-31 13:00:00", line620, "", []string{"0+310", "2026-01-31 0+620"}, nil},
			{"2026-01-31 14:00:00", line310, "", []string{"0+310"}, nil},
		}},
		{"the initial price and the unit have days too", []step{
			{"2026-01-31 12:00:00", "initial_price = 5\nper = \"month\"", "", []string{"5+0 MONTHLY"}, nil},
			{"2026-01-31 12:00:00", "initial_price = 6\nper = \"month\"", "", []string{"5+0 MONTHLY", "2026-01-31 6+0 MONTHLY"}, nil},
			{"2026-02-09 12:00:00", "initial_price = 6", "", []string{"5+0 MONTHLY", "2026-01-31 6+0 MONTHLY", "2026-02-09 6+0"}, nil},
		}},
		{"--valid-from", []step{
			{"2026-01-10 12:00:00", line310, "", []string{"0+310"}, nil},
			{"2026-01-10 12:00:00", line620, "2026-01-09", []string{"0+310"}, catalogue.ValidFromPast},
			{"2026-01-10 12:00:00", line620, "2026-03-01", []string{"0+310", "2026-03-01 0+620"}, nil},
			{"2026-01-11 12:00:00", line620, "", []string{"0+310", "2026-03-01 0+620"}, nil}, // planned already
			{"2026-01-11 12:00:00", line620, "2026-02-01", []string{"0+310", "2026-02-01 0+620"}, nil},
			{"2026-01-11 12:00:00", line620, "2026-01-11", []string{"0+310", "2026-01-11 0+620"}, nil},
			{"2026-01-11 12:00:00", line310, "2026-01-11", []string{"0+310"}, nil},
		}},
		{"a new price before a planned one takes its place", []step{
			{"2026-01-10 12:00:00", february, "", []string{"0+310", "2026-02-01 0+620"}, nil},
			{"2026-01-11 12:00:00", "recurrent_price = 400", "", []string{"0+310", "2026-01-11 0+400"}, nil},
		}},
		{"prices with days", []step{
			{"2026-01-10 12:00:00", line310, "", []string{"0+310"}, nil},
			{"2026-01-10 12:00:00", february, "", []string{"0+310", "2026-02-01 0+620"}, nil},
			{"2026-02-10 12:00:00", february, "", []string{"0+310", "2026-02-01 0+620"}, nil},
			{"2026-02-10 12:00:00", february + row("2026-02-10", line310), "", []string{"0+310", "2026-02-01 0+620", "2026-02-10 0+310"}, nil}, // today
			{"2026-02-11 12:00:00", february, "", []string{"0+310", "2026-02-01 0+620", "2026-02-10 0+310"}, catalogue.PastChanged},
			{"2026-02-11 12:00:00", february + row("2026-02-10", "recurrent_price = 9"), "", []string{"0+310", "2026-02-01 0+620", "2026-02-10 0+310"}, catalogue.PastChanged},
			{"2026-02-11 12:00:00", "recurrent_price = 9" + row("2026-02-01", line620) + row("2026-02-10", line310), "", []string{"0+310", "2026-02-01 0+620", "2026-02-10 0+310"}, catalogue.PastChanged},
			{"2026-02-11 12:00:00", line620 + row("2026-02-09", line310), "", []string{"0+310", "2026-02-01 0+620", "2026-02-10 0+310"}, catalogue.PastChanged},
			{"2026-02-11 12:00:00", line620 + row("2026-02-10", line310), "", []string{"0+310", "2026-02-01 0+620", "2026-02-10 0+310"}, nil}, // older ones left out
		}},
		{"a price with a day before an undated one could hold", []step{
			{"2026-01-10 12:00:00", line310, "", []string{"0+310"}, nil},
			{"2026-01-10 12:00:00", "recurrent_price = 400" + row("2026-01-10", line620), "", []string{"0+310"}, catalogue.PastChanged},
			{"2026-01-10 12:00:00", "recurrent_price = 400" + row("2026-01-11", line620), "", []string{"0+310", "2026-01-10 0+400", "2026-01-11 0+620"}, nil},
			{"2026-01-20 12:00:00", "recurrent_price = 400" + row("2026-01-11", line620), "", []string{"0+310", "2026-01-10 0+400", "2026-01-11 0+620"}, nil},
		}},
		{"a new option has all the file says", []step{
			{"2026-05-10 12:00:00", february + row("2026-03-01", line620), "", []string{"0+310", "2026-02-01 0+620"}, nil},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openAt(t, test.steps[0].at)
			for n, step := range test.steps {
				s.at(step.at)
				_, err := s.take(priced(step.lines), step.from)
				wantCode(t, fmt.Sprintf("step %d", n), err, step.fault)
				if diff := cmp.Diff(step.want, s.prices()); diff != "" {
					t.Errorf("step %d (-want +got):\n%s", n, diff)
				}
				if step.fault != nil {
					continue
				}
				if again, err := s.take(priced(step.lines), ""); err != nil || again.Any() {
					t.Errorf("step %d: once more: %+v, %v", n, again, err)
				}
				if again, err := s.take(export(t, s), ""); err != nil || again.Any() {
					t.Errorf("step %d: importing the export: %+v, %v", n, again, err)
				}
				other := openAt(t, step.at)
				if _, err := other.take(export(t, s), ""); err != nil || cmp.Diff(step.want, other.prices()) != "" {
					t.Errorf("step %d: elsewhere the export has prices %q, %v", n, other.prices(), err)
				}
			}
		})
	}
}

// TestImportsAgainstADiary: whatever is imported when, the price of each day is the
// one that a diary has, which only ever writes into its pages from a day on.
func TestImportsAgainstADiary(t *testing.T) {
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := openAt(t, "2026-01-01 11:00:00")
		const pages = 120
		var diary [pages]string
		page := func(n int) string { return day(t, "2026-01-01").AddDate(0, 0, n).Format(time.DateOnly) }
		write := func(from int, price string) {
			for n := from; n < pages; n++ {
				diary[n] = price
			}
		}
		if _, err := s.take(priced("recurrent_price = 0"), ""); err != nil {
			t.Fatal(err)
		}
		write(0, "0")
		for today := 0; today < 60; today += random.IntN(5) {
			s.now = day(t, page(today)).Add(11 * time.Hour)
			price := fmt.Sprint(random.IntN(3))
			lines, from, asked := "recurrent_price = "+price, today, ""
			switch random.IntN(3) {
			case 0: // from a day that is asked for
				from = today + random.IntN(20)
				asked = page(from)
				write(from, price)
			case 1: // with a price of another day to come
				next, later := today+1+random.IntN(20), fmt.Sprint(random.IntN(3))
				lines += row(page(next), "recurrent_price = "+later)
				write(from, price)
				write(next, later)
			default:
				if diary[pages-1] != price {
					write(from, price)
				}
			}
			if _, err := s.take(priced(lines), asked); err != nil {
				t.Fatalf("seed %d, day %d: %v\n%s", seed, today, err, lines)
			}
			view(t, s, func(tx store.Tx) error {
				o, err := catalogue.OptionNamed(tx, brand(t, tx, "DEMO"), "LINE")
				for n := range diary {
					if got := o.PriceOn(day(t, page(n))).Recurrent.String(); err == nil && got != diary[n] {
						t.Fatalf("seed %d, imported on day %d: day %d costs %s, want %s\n%s %s", seed, today, n, got, diary[n], lines, strings.Join(diary[:], " "))
					}
				}
				return err
			})
		}
	}
}
