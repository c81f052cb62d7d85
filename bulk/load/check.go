package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"rator/bulk"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// checked is what the check of all rows gives the writing of them.
type checked struct {
	rows  int64            // in all files
	least map[string]int64 // what sequences are to be above, so that no number of a later row is given before
	sums  []uint64         // of the batches, so that other bytes than were checked are not written
	plain rowSet           // rows whose lines have the numbers to the digit, which are not read again
}

// finding is what the check of a batch found.
type finding struct {
	mistakes  []Mistake
	sightings []sighting
	things    map[string]int64
	least     map[string]int64
	asWritten []bool // of each row: its lines' numbers are the digits that it says
}

// checker checks rows in transactions that keep nothing.
type checker struct {
	*running
	seen  *seen
	clock *store.IDClock // of ids that are given while it is only checked
	given atomic.Int64   // numbers, likewise
}

// check goes through all rows that are not written yet.
func (r *running) check(ctx context.Context) (report *Report, err error) {
	c := &checker{running: r, seen: newSeen(r.Dir), clock: &store.IDClock{}}
	defer func() { err = errors.Join(err, c.seen.close()) }()
	reader := r.reader()
	defer reader.close()
	if err := reader.skip(ctx, r.before); err != nil {
		return nil, err
	}
	report = &Report{Before: r.before, Things: map[string]int64{}}
	r.checked = &checked{least: map[string]int64{}}
	var told []Mistake
	err = inOrder(ctx, r.Jobs, reader.batch, c.batch, func(b *batch, f *finding) error {
		report.Mistakes += int64(len(f.mistakes))
		told = append(told, f.mistakes[:min(len(f.mistakes), max(0, r.Mistakes-len(told)))]...)
		for kind, n := range f.things {
			report.Things[kind] += n
		}
		for sequence, n := range f.least {
			r.checked.least[sequence] = max(r.checked.least[sequence], n)
		}
		for i, plain := range f.asWritten {
			if plain {
				r.checked.plain.add(b.first + int64(i))
			}
		}
		r.checked.sums = append(r.checked.sums, b.sum)
		r.tell("MB checked", b.read>>20, r.size>>20)
		return c.seen.add(f.sightings)
	})
	if err != nil {
		return nil, err
	}
	if r.checked.rows = reader.rows; reader.digest() != r.digest {
		return nil, changedMeanwhile()
	}
	report.Customers = reader.rows
	doubles, n, err := c.doubles(ctx)
	if err != nil {
		return nil, err
	}
	report.Mistakes += n
	told = append(told, doubles...)
	slices.SortStableFunc(told, func(a, b Mistake) int { return cmp.Compare(a.row, b.row) })
	for _, m := range told[:min(len(told), r.Mistakes)] {
		r.Mistake(m)
	}
	return report, nil
}

func changedMeanwhile() error {
	return errors.New("the files changed while they were read, so nothing more is written; load them when nobody writes to them any more")
}

func (r *running) tell(of string, done, total int64) {
	if r.Progress != nil {
		r.Progress(store.Progress{Of: of, Done: min(done, total), Total: total})
	}
}

// batch checks the rows of a batch.
func (c *checker) batch(ctx context.Context, b *batch) (*finding, error) {
	f := &finding{}
	customers := make([]*bulk.Customer, len(b.rows))
	var unread []Mistake
	for i, one := range b.rows {
		read, mistakes := c.read(one)
		if len(mistakes) > 0 {
			unread = append(unread, b.mistakes(i, mistakes)...)
			continue
		}
		customers[i] = read
	}
	err := c.Store.Rehearse(ctx, func(tx store.Tx) error {
		*f = finding{things: map[string]int64{}, least: map[string]int64{}, asWritten: make([]bool, len(b.rows))}
		started := map[string]bool{}
		for i, one := range customers {
			if one == nil {
				continue
			}
			if err := c.startTally(tx, one, started); err != nil {
				return err
			}
			unread := unreadNumbers(one)
			mistakes, places, in, err := c.rehearse(tx, one, f.least)
			if err != nil {
				return fmt.Errorf("%s:%d: %w", b.file, b.rows[i].line, err)
			}
			f.asWritten[i] = unread.asWritten()
			f.mistakes = append(f.mistakes, b.mistakes(i, mistakes)...)
			f.add(c, places, in, b.first+int64(i))
		}
		return nil
	})
	f.mistakes = append(f.mistakes, unread...)
	slices.SortStableFunc(f.mistakes, func(a, b Mistake) int { return cmp.Compare(a.row, b.row) })
	return f, err
}

// add adds the unique values of the things in a row.
func (f *finding) add(c *checker, places []place, in map[store.ID]string, row int64) {
	var value []byte
	for _, p := range places {
		if in[p.id] == "" { // not the line's, such as a counter
			continue
		}
		if p.index == byID {
			f.things[p.kind]++
		}
		if p.index == byID && p.id < madeBefore || within[[2]string{p.kind, p.index}] {
			continue
		}
		value = p.appendTo(value[:0])
		f.sightings = append(f.sightings, sighting{c.seen.sumOf(value), row})
	}
}

// mistakes are those of the i-th row.
func (b *batch) mistakes(i int, of []bulk.Mistake) []Mistake {
	if csv := b.rows[i].csv; csv != nil {
		csv.Named(of)
	}
	var all []Mistake
	for _, m := range of {
		all = append(all, Mistake{File: b.file, Line: b.rows[i].line, Path: m.Path, Text: m.Text, row: b.first + int64(i)})
	}
	return all
}

// madeBefore is above the ids that a check gives to what has none, which are of a time
// before there were stores: each another one, whichever rehearsals run beside each other.
var madeBefore = store.FirstIDAt(time.Unix(0, 0).AddDate(10, 0, 0))

func (c *checker) nextID() (store.ID, error) { return c.clock.Next(time.Unix(0, 0)), nil }

func (c *checker) next() int64 { return firstNext + c.given.Add(1) }

// startTally has each brand counted once, and not for each customer anew in a store where
// none has been yet.
func (c *checker) startTally(tx store.Tx, one *bulk.Customer, started map[string]bool) error {
	key := c.brandOf(one)
	if key == "" || started[key] {
		return nil
	}
	started[key] = true
	brand, err := catalogue.BrandByKey(tx, key)
	if failure.CodeOf(err) != nil {
		return nil // which is the customer's mistake
	}
	if err != nil {
		return err
	}
	return one.StartTally(tx, brand)
}

// errUndone undoes what a rehearsal did.
var errUndone = errors.New("load: only checked")

// mostTaken is how many taken values of a customer are told.
const mostTaken = 20

// rehearse loads a customer, has it verified, and undoes it. in are its things; least gets
// what sequences are to be above.
func (c *checker) rehearse(tx store.Tx, one *bulk.Customer, least map[string]int64) (mistakes []bulk.Mistake, places []place, in map[store.ID]string, err error) {
	brand, mistakes, err := c.fill(tx, one)
	if err != nil || len(mistakes) > 0 {
		return mistakes, nil, nil, err
	}
	n := &noted{Tx: tx, passed: map[place]bool{}, nextID: c.nextID, next: c.next, least: least}
	complained := map[store.ID]bool{}
	for {
		n.places, n.failed = nil, nil
		var faults []error
		err = tx.Savepoint(func() error {
			if wrong := one.Number(n, brand); len(wrong) > 0 {
				mistakes = append(mistakes, wrong...)
				return errUndone
			}
			in = one.Things()
			if err := keep(n, brand, one); err != nil {
				return err
			}
			check(n, one, func(fault error) { faults = append(faults, fault) })
			return errUndone
		})
		if errors.Is(err, errUndone) {
			for _, fault := range faults {
				if m, about := faultOf(in, fault); !complained[about] {
					mistakes = append(mistakes, m)
				}
			}
			return mistakes, n.places, in, nil
		}
		m, ok := saidOf(in, err, n.failed)
		if !ok {
			return nil, nil, nil, err
		}
		mistakes = append(mistakes, m)
		if n.failed == nil || n.failed.index == byID || len(n.passed) == mostTaken {
			return mistakes, nil, in, nil
		}
		n.passed[*n.failed], complained[n.failed.id] = true, true
	}
}

// doubles are the first of the values that stand in more than one place, told for the later
// one, and how many those are.
func (c *checker) doubles(ctx context.Context) (told []Mistake, n int64, err error) {
	type pair struct {
		first int64
		again sighting
	}
	var pairs []pair
	err = c.seen.doubles(func(first int64, again sighting) {
		n++
		at, _ := slices.BinarySearchFunc(pairs, again.row, func(p pair, row int64) int { return cmp.Compare(p.again.row, row) })
		if at < c.Mistakes {
			pairs = slices.Insert(pairs, at, pair{first, again})
			pairs = pairs[:min(len(pairs), c.Mistakes)]
		}
	})
	if err != nil || len(pairs) == 0 {
		return nil, n, err
	}
	wanted := map[int64]*stood{}
	for _, p := range pairs {
		wanted[p.first], wanted[p.again.row] = nil, nil
	}
	if err := c.find(ctx, wanted); err != nil {
		return nil, 0, err
	}
	for _, p := range pairs {
		first, again := wanted[p.first], wanted[p.again.row]
		if first == nil || again == nil || first.values[p.again.sum] == nil || again.values[p.again.sum] == nil {
			continue // two values with one hash
		}
		v := again.values[p.again.sum]
		told = append(told, Mistake{File: again.file, Line: again.line, Path: v.path, row: p.again.row,
			Text: fmt.Sprintf("%s stands in %s:%d too, at %s. %s", v.text, first.file, first.line, first.values[p.again.sum].path, oneOfThem)})
	}
	slices.SortFunc(told, func(a, b Mistake) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.Path, b.Path)) })
	return told, n - int64(len(pairs)-len(told)), nil
}

// stood is what unique values a row has.
type stood struct {
	file   string
	line   int
	values map[sum]*value
}

type value struct{ path, text string }

// find reads all rows once more, for those that are wanted.
func (c *checker) find(ctx context.Context, wanted map[int64]*stood) error {
	reader := c.reader()
	defer reader.close()
	for found := 0; found < len(wanted); {
		b, err := reader.batch(ctx)
		if err != nil || b == nil {
			return err
		}
		err = c.Store.Rehearse(ctx, func(tx store.Tx) error {
			for i, one := range b.rows {
				if _, ok := wanted[b.first+int64(i)]; !ok {
					continue
				}
				found++
				read, _ := c.read(one)
				if read == nil {
					continue
				}
				_, places, in, err := c.rehearse(tx, read, map[string]int64{})
				if err != nil {
					return err
				}
				s := &stood{file: b.file, line: one.line, values: map[sum]*value{}}
				for _, p := range places {
					at := []bulk.Mistake{{Path: p.path(in)}}
					if one.csv != nil {
						one.csv.Named(at)
					}
					s.values[c.seen.sumOf(p.appendTo(nil))] = &value{at[0].Path, p.text()}
				}
				wanted[b.first+int64(i)] = s
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
