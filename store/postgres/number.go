package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// A sequence is a row of its own, and its numbers are taken in transactions of their own:
// nobody waits for who took one before. It is no sequence of PostgreSQL, which setval could
// set back behind one that takes numbers meanwhile, and which it takes rights to make.

// Numbers and ids do not wait for the disk when they are taken. A crash of the database may
// so lose that they were, and give them again. So they are of an epoch, a row of a table that
// a crash empties, and nothing is committed with those of another epoch than the current one.

// newEpoch begins an epoch, where there is none.
func (s schema) newEpoch() string {
	return "insert into " + s.table("epoch") + "(token) values (1+(random()*9e15)::bigint) on conflict do nothing"
}

// epoch is the current one, as statements ask for it; null after a crash.
func (s schema) epoch() string { return "(select token from " + s.table("epoch") + ")" }

// taken takes what a statement returns, in a transaction of its own, and says of which epoch
// it is.
func (d *DB) taken(ctx context.Context, s ...statement) (n, epoch int64, err error) {
	last := &s[len(s)-1]
	last.sql += ", coalesce(" + d.schema.epoch() + ",0)"
	last.read = func(rows pgx.Rows) error { return rows.Scan(&n, &epoch) }
	for epoch == 0 && err == nil {
		if err = d.trip(ctx, d.aside, s); err == nil && epoch == 0 { // n is a gap
			err = d.trip(ctx, d.aside, []statement{{sql: d.schema.newEpoch()}})
		}
	}
	return n, epoch, err
}

// given notes the epoch of a number or an id that the transaction was given.
func (t *tx) given(epoch int64) error {
	if t.epoch != 0 && t.epoch != epoch {
		t.db.ids.rest() // they may be of the older one
		return t.fail(errMoved)
	}
	t.epoch = epoch
	return nil
}

// maxName is how many bytes the name of a sequence or counter may have.
const maxName = 1024

// named says whether a sequence or counter of that name may be moved.
func (t *tx) named(what, name string) error {
	if err := t.write(); err != nil {
		return err
	}
	if len(name) > maxName {
		return t.fail(fmt.Errorf("store: a %s's name has at most %d bytes, not %d", what, maxName, len(name)))
	}
	if (store.Key{Value: name}).Check(what) != nil {
		return t.fail(fmt.Errorf("store: a %s's name is UTF-8 without NUL, not %q", what, name))
	}
	return nil
}

func (t *tx) Next(sequence string) (n int64, err error) {
	if err := t.named("sequence", sequence); err != nil {
		return 0, err
	}
	least := int64(0)
	for _, a := range t.raised {
		if a.name == sequence {
			least = max(least, a.n)
		}
	}
	table := t.db.schema.table("sequence")
	if r := t.rehearsal; r != nil {
		last, known := r.numbers[sequence]
		if !known {
			err := t.base.ask(statement{sql: "select n from " + table + " where name=$1", args: []any{sequence}, read: func(rows pgx.Rows) error { return rows.Scan(&last) }})
			if err != nil {
				return 0, err
			}
		}
		n = max(last, least) + 1
		r.numbers[sequence] = n
		return n, nil
	}
	if n, again := t.again(sequence, least); again {
		return n, nil
	}
	n, epoch, err := t.db.sequences.next(sequence, least, func(numbers int64) (last, epoch int64, err error) {
		t.base.done.Trips++
		t.base.done.Statements++
		return t.db.taken(t.base.ctx, statement{sql: "insert into " + table + " as s values($1,$2::bigint+$3) on conflict (name) do update set n=greatest(s.n,$2)+$3 returning n",
			args: []any{sequence, least, numbers}})
	})
	if err != nil {
		return 0, t.fail(err)
	}
	if err := t.given(epoch); err != nil {
		return 0, err
	}
	t.took(sequence, n)
	return n, nil
}

// sequences has the transactions of a process that want a number of a sequence while one is
// being taken take theirs together. In the database they would wait for each other, as the
// sequence is one row.
type sequences struct {
	mu sync.Mutex
	of map[string]*sequence
}

type sequence struct {
	turn  sync.Mutex // of who takes
	comes *taking    // whose turn is next; nil = nobody's
}

// taking is a trip for numbers.
type taking struct {
	numbers     int64
	done        chan struct{}
	last, epoch int64
	err         error
}

// next gives a number above least; take takes so many and gives the last. Who has a least of
// its own takes alone: if it fails, nobody else has a gap by it.
func (s *sequences) next(name string, least int64, take func(numbers int64) (last, epoch int64, err error)) (n, epoch int64, err error) {
	if least > 0 {
		return take(1)
	}
	s.mu.Lock()
	if s.of == nil {
		s.of = map[string]*sequence{}
	}
	q := s.of[name]
	if q == nil {
		q = &sequence{}
		s.of[name] = q
	}
	if t := q.comes; t != nil {
		t.numbers++
		place := t.numbers
		s.mu.Unlock()
		<-t.done
		return t.last - t.numbers + place, t.epoch, t.err
	}
	t := &taking{numbers: 1, done: make(chan struct{})}
	q.comes = t
	s.mu.Unlock()
	defer close(t.done)
	q.turn.Lock()
	defer q.turn.Unlock()
	s.mu.Lock()
	q.comes = nil
	s.mu.Unlock()
	t.last, t.epoch, t.err = take(t.numbers)
	return t.last - t.numbers + 1, t.epoch, t.err
}

// numbers are those that a transaction took from a sequence, one after the other.
type numbers struct{ first, last, used int64 } // used is the last that is not undone

// again is a number that the transaction took and that was undone.
func (t *tx) again(sequence string, least int64) (n int64, some bool) {
	has, some := t.numbers[sequence]
	if !some || has.used == has.last || has.used < least {
		return 0, false
	}
	has.used++
	t.numbers[sequence] = has
	return has.used, true
}

func (t *tx) took(sequence string, n int64) {
	if t.numbers == nil {
		t.numbers = map[string]numbers{}
	}
	has, some := t.numbers[sequence]
	if !some || n != has.last+1 || has.used != has.last {
		has.first = n
	}
	t.numbers[sequence] = numbers{has.first, n, n}
}

// undoNumbers undoes what was taken since there were those before.
func (t *tx) undoNumbers(before map[string]numbers) {
	for name, has := range t.numbers {
		has.used = max(before[name].used, has.first-1)
		t.numbers[name] = has
	}
}

// givingBack gives the numbers that were undone to whoever comes next, where nobody has come
// yet: else they are a gap.
func (t *tx) givingBack() (statements []statement) {
	for _, name := range slices.Sorted(maps.Keys(t.numbers)) {
		if n := t.numbers[name]; n.used < n.last {
			statements = append(statements, statement{sql: "update " + t.db.schema.table("sequence") + " set n=$2 where name=$1 and n=$3 and " + t.db.schema.epoch() + "=$4", args: []any{name, n.used, n.last, t.epoch}})
		}
	}
	return statements
}

// failed gives back all numbers of a transaction that is known to have failed.
func (t *tx) failed() {
	t.undoNumbers(nil)
	if back := t.givingBack(); back != nil {
		_ = t.db.trip(t.base.ctx, t.db.aside, back) // without it there is a gap
	}
}

func (t *tx) AtLeast(sequence string, n int64) error {
	if err := t.named("sequence", sequence); err != nil {
		return err
	}
	if n > 0 {
		t.raised = append(t.raised, added{sequence, n})
	}
	return nil
}

func (t *tx) Add(counter string, n int64) error {
	if err := t.named("counter", counter); err != nil {
		return err
	}
	t.added = append(t.added, added{counter, n})
	return nil
}

func (t *tx) Sum(counter string) (n int64, err error) {
	if err := t.open(); err != nil {
		return 0, err
	}
	if t.updates {
		return 0, store.ErrSumInUpdate
	}
	if strings.IndexByte(counter, 0) >= 0 {
		return 0, nil
	}
	err = t.base.ask(statement{sql: "select coalesce(sum(n),0)::bigint from " + t.db.schema.table("counter") + " where name=$1", args: []any{counter},
		read: func(rows pgx.Rows) error { return rows.Scan(&n) }})
	return n, err
}
