package postgres

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"rator/store"
	"rator/store/driver"
)

// tx is a store.Tx: what was found in the database, and what is written over it.
type tx struct {
	db        *DB
	base      *base             // nil: it has nothing but copies
	own       *own              // nil: it writes nothing
	before    *tx               // nil until it was asked for
	copies    map[string]stable // of a Look
	missed    bool              // it has no base, and was asked for what is in none of its copies
	rehearsal *rehearsal        // nil: it is none
	updates   bool              // it is of an Update or a rehearsal
	state     int64             // see State
	over      bool              // fn has returned
	now       time.Time
	after     []func()
	told      driver.Told
	events    events
	wrote     []string // stable kinds that it has written to, undone or not
	added     []added  // to counters
	raised    []added  // sequences, to at least
	numbers   map[string]numbers
	epoch     int64             // of the numbers and ids that it was given; 0 = it was given none
	fresh     map[store.ID]bool // ids that were made in it: nobody else knows them; Before has them too
	loaded    store.ID          // the highest that was loaded; 0 = none
}

// added is a number for a counter or a sequence.
type added struct {
	name string
	n    int64
}

var errOver = errors.New("store: the transaction is over")

func (t *tx) end() {
	t.over = true
	if t.before != nil {
		t.before.over = true
	}
	if t.base != nil {
		t.base.end()
	}
	if t.base != nil && t.own == nil || t.rehearsal != nil {
		if observe := t.db.options.Observe; observe != nil {
			observe(t.base.done)
		}
	}
}

// run runs fn. That the database failed wins over what fn made of it.
func (t *tx) run(fn func(store.Tx) error) error {
	err := fn(t)
	if t.base.err != nil {
		err = told(t.base.err)
	}
	t.base.done.Err = err
	return err
}

// open says whether the transaction may be used at all.
func (t *tx) open() error {
	switch {
	case t.over:
		return errOver
	case t.base == nil:
		t.missed = true
		return errNotCopied
	}
	return t.base.err
}

// write says whether the transaction may be written to.
func (t *tx) write() error {
	if t.own == nil {
		return store.ErrReadOnly
	}
	return t.open()
}

// kind finds a kind to read; a wrong name is a mistake in the program.
func (t *tx) kind(name string) (*kind, error) {
	if err := t.open(); err != nil {
		return nil, err
	}
	k, ok := t.db.schema.kinds[name]
	if !ok {
		return nil, t.fail(fmt.Errorf("store: no kind %s", name))
	}
	return k, nil
}

func (t *tx) Now() time.Time { return t.now }

func (t *tx) State() int64 { return t.state }

func (t *tx) After(f func()) { t.after = append(t.after, f) }

func (t *tx) runAfter() {
	for _, f := range t.after {
		f()
	}
}

func (t *tx) Before() store.Tx {
	if t.own == nil {
		return t
	}
	if t.before == nil {
		t.before = &tx{db: t.db, base: t.base, fresh: t.fresh, updates: true, now: t.now, over: t.over}
	}
	return t.before
}

func (t *tx) Copies(kind string) *store.Copies {
	if t.over {
		return nil
	}
	for _, name := range t.wrote {
		if name == kind {
			return nil
		}
	}
	if t.base == nil {
		return t.copies[kind].copies
	}
	k, err := t.kind(kind)
	if err != nil || !k.stable {
		return nil
	}
	return t.base.copies(k)
}

func (t *tx) Savepoint(fn func() error) error {
	if t.over {
		return errOver
	}
	if t.own == nil {
		return fn()
	}
	log, after, told, events, added, raised, numbers := len(t.own.log), len(t.after), t.told.Mark(), t.events.mark(), len(t.added), len(t.raised), maps.Clone(t.numbers)
	done := false
	defer func() {
		if !done {
			t.state++
			t.own.undo(log)
			t.told.Undo(told)
			t.events.undo(events)
			t.undoNumbers(numbers)
			t.after, t.added, t.raised = t.after[:after], t.added[:added], t.raised[:raised]
		}
	}()
	if err := fn(); err != nil {
		return err
	}
	done = true
	return nil
}

// names says whether a value has an id in it that was made in this transaction.
func (t *tx) names(value string) bool {
	if len(t.fresh) == 0 {
		return false
	}
	for part := range strings.SplitSeq(value, "\x1f") {
		if len(part) == len("yyyyMMddHHmmss")+4 {
			if id, err := store.ParseID(part); err == nil && t.fresh[id] {
				return true
			}
		}
	}
	return false
}
