package access

import (
	"errors"

	"rator/store"
)

// Changes is a transaction that notes what is written of audited kinds, for the row that
// tells of it. What it tells is the difference between what was there before the
// transaction and what is there in the end, however often it was written between.
type Changes struct {
	store.Tx
	erasures string // kind whose records name who is erased, as Objects
	written  []*written
	found    map[store.ID]*written // of written, when they are many
	erased   []store.ID
	undone   bool // some of what was written may be
}

// written is a thing that was.
type written struct {
	kind    string
	id      store.ID
	doc     []byte // as it was written last; nil = deleted
	created bool
}

// NewChanges gives tx as one whose changes are noted. erasures is the kind whose records
// tell of persons who are erased.
func NewChanges(tx store.Tx, erasures string) *Changes {
	return &Changes{Tx: tx, erasures: erasures}
}

// Insert is as of any transaction.
func (c *Changes) Insert(kind string, r store.Record) error {
	if err := c.Tx.Insert(kind, r); err != nil {
		return err
	}
	if kind == c.erasures {
		c.erased = append(c.erased, objectsOf(r.Doc)...)
	}
	c.note(kind, r.ID, r.Doc, true)
	return nil
}

// Put is as of any transaction.
func (c *Changes) Put(kind string, r store.Record) error {
	if err := c.Tx.Put(kind, r); err != nil {
		return err
	}
	c.note(kind, r.ID, r.Doc, false)
	return nil
}

// Delete is as of any transaction.
func (c *Changes) Delete(kind string, id store.ID, version int64) error {
	if err := c.Tx.Delete(kind, id, version); err != nil {
		return err
	}
	c.note(kind, id, nil, false)
	return nil
}

// Savepoint is as of any transaction.
func (c *Changes) Savepoint(fn func() error) error {
	erased, done := len(c.erased), false
	defer func() {
		if !done {
			c.undone, c.erased = true, c.erased[:erased]
		}
	}()
	err := c.Tx.Savepoint(fn)
	done = err == nil
	return err
}

// many is from how many things on they are looked up.
const many = 16

func (c *Changes) note(kind string, id store.ID, doc []byte, created bool) {
	if store.AuditOf(kind) == nil {
		return
	}
	if w := c.find(id); w != nil {
		w.doc = doc
		return
	}
	w := &written{kind, id, doc, created}
	c.written = append(c.written, w)
	switch {
	case c.found != nil:
		c.found[id] = w
	case len(c.written) == many:
		c.found = map[store.ID]*written{}
		for _, w := range c.written {
			c.found[w.id] = w
		}
	}
}

func (c *Changes) find(id store.ID) *written {
	if c.found != nil {
		return c.found[id]
	}
	for _, w := range c.written {
		if w.id == id {
			return w
		}
	}
	return nil
}

// Erased are the things of which no values may be kept: those of persons who are erased,
// and what is deleted.
func (c *Changes) Erased() []store.ID {
	all := c.erased
	for _, w := range c.written {
		if w.doc == nil {
			all = append(all, w.id)
		}
	}
	return all
}

// Account is the account that the first thing says whose it is; 0 = none does.
func (c *Changes) account() (store.ID, error) {
	for _, w := range c.written {
		old, doc, err := c.around(w)
		if err != nil {
			return 0, err
		}
		if doc == nil {
			doc = old
		}
		if account, ok := store.DocOf(store.Record{Doc: doc}).IDOf("Account"); ok && account != 0 {
			return account, nil
		}
	}
	return 0, nil
}

// All gives what changed, in the order in which it was written first.
func (c *Changes) all() ([]ObjectChange, error) {
	var all []ObjectChange
	for _, w := range c.written {
		old, doc, err := c.around(w)
		if err != nil {
			return nil, err
		}
		change := ObjectChange{Object: w.id, Kind: w.kind}
		switch {
		case old == nil && doc == nil:
			continue
		case old == nil:
			change.What = store.Created
		default:
			change.What = store.Updated
			if doc == nil {
				change.What = store.Deleted
			}
			for _, d := range store.AuditOf(w.kind).Differences(old, doc) {
				change.Values = append(change.Values, KeyChange{d.Key, d.Old, d.New})
			}
			if len(change.Values) == 0 && doc != nil {
				continue
			}
		}
		all = append(all, change)
	}
	return all, nil
}

// around gives a thing before the transaction and now; nil = it was not, or is not, there.
func (c *Changes) around(w *written) (old, now []byte, err error) {
	if !w.created {
		if old, err = docOf(c.Before(), w); err != nil {
			return nil, nil, err
		}
	}
	if c.undone {
		now, err = docOf(c.Tx, w)
		return old, now, err
	}
	return old, w.doc, nil
}

func docOf(tx store.Tx, w *written) ([]byte, error) {
	r, err := tx.Get(w.kind, w.id)
	if errors.Is(err, store.ErrAbsent) {
		return nil, nil
	}
	return r.Doc, err
}
