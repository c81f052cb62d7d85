package bolt

import (
	"errors"
	"fmt"
	"time"

	"rator/store"
	"rator/store/driver"
)

// tx is a store.Tx: a look at the file's rows, or a layer over them.
type tx struct {
	db       *DB
	clock    *store.IDClock
	rows     rows
	base     rows // what is below everything the transaction writes; nil: it writes nothing
	before   *tx  // nil until it was asked for
	copies   copies
	wrote    kindSet // stable kinds that it has written to
	missed   bool    // it has no rows, and was asked for what is in none of its copies
	writable bool
	updates  bool  // it is of an Update: writable, or the Before of one that is
	state    int64 // see State
	over     bool  // fn has returned
	failed   error // the driver's own first error
	nul      bool  // it was given U+0000, which only older versions kept
	now      time.Time
	after    []func()
	told     driver.Told
	newest   store.ID // newest id given; 0 = none
	from     []byte   // where Find begins, for the next one to write over
}

var errOver = errors.New("store: the transaction is over")

func (t *tx) end() {
	t.over = true
	if t.before != nil {
		t.before.over = true
	}
}

// note keeps an error of the driver's own, which the transaction ends with. What it answers
// (store.IsAnswer) is none.
func (t *tx) note(err *error) {
	if *err != nil && t.failed == nil && t.updates && !t.over && !store.IsAnswer(*err) {
		t.failed = *err
	}
}

// run runs fn and what is to be done in the end.
func (t *tx) run(fn func(store.Tx) error) error {
	err := fn(t)
	if err == nil && t.ownError() == nil {
		err = t.told.Finish(t)
	}
	if own := t.ownError(); own != nil {
		return own
	}
	return err
}

func (t *tx) ownError() error {
	if t.failed == nil && t.before != nil {
		return t.before.failed
	}
	return t.failed
}

// saw takes in a document or body that the transaction is given.
func (t *tx) saw(doc []byte) {
	if t.updates && !t.nul && store.HoldsNUL(doc) {
		t.nul = true
	}
}

// checkText says what keeps a document or body from being kept. A transaction that was
// given U+0000 may write it, in whatever it makes of what it was given.
func (t *tx) checkText(of string, doc []byte) error {
	err := store.CheckText(of, doc)
	if err == nil || t.nul || t.before != nil && t.before.nul || t.copies.holdNUL() {
		return nil
	}
	return err
}

// open says whether the transaction may be used at all.
func (t *tx) open() error {
	if t.over {
		return errOver
	}
	return nil
}

// write says whether the transaction may be written to.
func (t *tx) write() error {
	if !t.writable {
		return store.ErrReadOnly
	}
	return t.open()
}

// read says whether there is anything but copies to be read.
func (t *tx) read() error {
	if t.over {
		return errOver
	}
	if t.rows == nil {
		t.missed = true
		return errNotCopied
	}
	return nil
}

// kind finds a kind to read; a wrong name is a mistake in the program.
func (t *tx) kind(name string) (*kind, error) {
	if err := t.read(); err != nil {
		return nil, err
	}
	k, ok := t.db.kinds[name]
	if !ok {
		return nil, fmt.Errorf("store: no kind %s", name)
	}
	return k, nil
}

// kindToWrite finds a kind to write to.
func (t *tx) kindToWrite(name string) (*kind, error) {
	if err := t.write(); err != nil {
		return nil, err
	}
	t.state++
	k, err := t.kind(name)
	if err == nil && k.stable {
		t.wrote = t.wrote.with(name)
	}
	return k, err
}

func (t *tx) Now() time.Time { return t.now }

func (t *tx) State() int64 { return t.state }

func (t *tx) NextID() (store.ID, error) {
	if err := t.write(); err != nil {
		return 0, err
	}
	t.newest = t.clock.Next(t.now)
	return t.newest, nil
}

// maxSequenceName is how many bytes the name of a sequence may have.
const maxSequenceName = 1024

func (t *tx) Next(sequence string) (n int64, err error) {
	defer t.note(&err)
	if err := t.sequence(sequence); err != nil {
		return 0, err
	}
	return t.add(sequencePrefix+sequence, 1)
}

func (t *tx) AtLeast(sequence string, n int64) (err error) {
	defer t.note(&err)
	if err := t.sequence(sequence); err != nil {
		return err
	}
	last, err := t.rows.sum(sequencePrefix + sequence)
	if err != nil || n <= last {
		return err
	}
	return t.rows.add(sequencePrefix+sequence, n-last)
}

// sequence says whether a sequence may be moved.
func (t *tx) sequence(name string) error {
	if err := t.write(); err != nil {
		return err
	}
	if len(name) > maxSequenceName {
		return fmt.Errorf("store: a sequence's name has at most %d bytes, not %d", maxSequenceName, len(name))
	}
	return nil
}

func (t *tx) Add(counter string, n int64) (err error) {
	defer t.note(&err)
	if err := t.write(); err != nil {
		return err
	}
	if len(counter) > maxSequenceName {
		return fmt.Errorf("store: a counter's name has at most %d bytes, not %d", maxSequenceName, len(counter))
	}
	return t.rows.add(sumPrefix+counter, n)
}

func (t *tx) Sum(counter string) (n int64, err error) {
	defer t.note(&err)
	if err := t.read(); err != nil {
		return 0, err
	}
	if t.updates {
		return 0, store.ErrSumInUpdate
	}
	return t.rows.sum(sumPrefix + counter)
}

func (t *tx) Before() store.Tx {
	if t.base == nil {
		return t
	}
	if t.before == nil {
		t.before = &tx{db: t.db, rows: t.base, copies: t.copies, updates: true, now: t.now, over: t.over}
	}
	return t.before
}

func (t *tx) After(f func()) { t.after = append(t.after, f) }

func (t *tx) runAfter() {
	for _, f := range t.after {
		f()
	}
}

func (t *tx) Savepoint(fn func() error) error {
	if err := t.open(); err != nil {
		return err
	}
	if !t.writable {
		return fn()
	}
	below, after, told := t.rows, len(t.after), t.told.Mark()
	l := newLayer(below)
	t.rows = l
	done := false
	defer func() {
		t.rows = below
		if !done {
			t.state++
			t.after = t.after[:after]
			t.told.Undo(told)
		}
	}()
	if err := fn(); err != nil {
		return err
	}
	err := l.apply()
	done = err == nil
	t.note(&err)
	return err
}
