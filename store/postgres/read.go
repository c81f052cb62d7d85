package postgres

import (
	"errors"
	"math"

	"rator/store"
)

func (t *tx) Get(kind string, id store.ID) (store.Record, error) {
	rs, err := t.GetMany(kind, []store.ID{id})
	switch {
	case err != nil:
		return store.Record{}, err
	case rs[0].ID == 0:
		return store.Record{}, store.ErrAbsent
	}
	return rs[0], nil
}

func (t *tx) GetMany(kind string, ids []store.ID) ([]store.Record, error) {
	k, err := t.kind(kind)
	if err != nil {
		return nil, err
	}
	var w wanted
	for _, id := range ids {
		t.want(&w, k, id)
	}
	if err := t.base.read(w); err != nil {
		return nil, err
	}
	found := make([]store.Record, len(ids))
	for i, id := range ids {
		if r := t.row(k, id); r != nil {
			found[i] = r.record()
		}
	}
	return found, nil
}

// want has a record be read, unless the transaction wrote it or nobody can have.
func (t *tx) want(w *wanted, k *kind, id store.ID) {
	if _, written := t.own.of(k).get(id); !written && id > 0 && !t.fresh[id] {
		w.record(k, id)
	}
}

// row is a record that was read or written; nil = there is none.
func (t *tx) row(k *kind, id store.ID) *row {
	if c, written := t.own.of(k).get(id); written {
		return c.row
	}
	return t.base.known[recordID{k, id}]
}

func (t *tx) Count(kind string) (int64, error) {
	k, err := t.kind(kind)
	if err != nil {
		return 0, err
	}
	var w wanted
	w.count(k)
	if err := t.base.read(w); err != nil {
		return 0, err
	}
	n := t.base.counts[k]
	if own := t.own.of(k); own != nil {
		n += own.grows
	}
	return n, nil
}

func (t *tx) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	k, err := t.kind(kind)
	if err != nil {
		return nil, err
	}
	rows, err := t.answer(question{k: k, sort: scan, from: entry{id: after}}, limit)
	return recordsOf(rows), err
}

func (t *tx) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	q, can, err := t.question(kind, index, find, value)
	if err != nil || !can {
		return nil, err
	}
	q.from.id = after
	rows, err := t.answer(q, limit)
	return recordsOf(rows), err
}

// question is one of an index; can is false where no key is as its value, so that nothing
// is found.
func (t *tx) question(kind, index string, sort sort, value string) (q question, can bool, err error) {
	k, err := t.kind(kind)
	if err != nil {
		return q, false, err
	}
	place, err := k.place(index)
	if t.fail(err) != nil {
		return q, false, err
	}
	can = (store.Key{Value: value}).Check(kind) == nil && (value != "" || sort == within)
	value = ordered(value)
	return question{k: k, sort: sort, place: place, value: value}, can, err
}

// asking has a question be asked, of as many as may be needed beside what the transaction
// wrote.
func (t *tx) asking(w *wanted, q question, limit int) {
	if limit < 1 || t.isFresh(q) {
		return
	}
	if own := t.own.of(q.k); own != nil {
		limit += own.hides
	}
	w.ask(q, limit)
}

// isFresh says whether nobody else can have kept what a question is about.
func (t *tx) isFresh(q question) bool {
	return (q.sort == find || q.sort == newest) && t.names(q.value)
}

// answer is what a question is answered with, at most limit.
func (t *tx) answer(q question, limit int) ([]*row, error) {
	var w wanted
	t.asking(&w, q, limit)
	if err := t.base.read(w); err != nil {
		return nil, err
	}
	return t.answered(q, limit), nil
}

func (t *tx) answered(q question, limit int) []*row {
	var base []*row
	if f := t.base.found[q]; f != nil {
		base = f.rows
	}
	return q.merged(base, t.own.of(q.k), limit)
}

func (t *tx) FindMany(asks []store.Ask) ([][]store.Record, error) {
	var w wanted
	asked, err := t.wantAll(&w, asks)
	if err != nil {
		return nil, err
	}
	if err := t.base.read(w); err != nil {
		return nil, err
	}
	found := make([][]store.Record, len(asks))
	for i, a := range asks {
		switch {
		case asked[i].question != nil:
			found[i] = recordsOf(t.answered(*asked[i].question, a.Limit))
		case asked[i].kind != nil:
			if r := t.row(asked[i].kind, a.ID); r != nil {
				found[i] = []store.Record{r.record()}
			}
		}
	}
	return found, nil
}

// asked is what an Ask asks: a question, a record of a kind, or neither where nothing can be
// the answer.
type asked struct {
	question *question
	kind     *kind
}

// wantAll has many questions be asked.
func (t *tx) wantAll(w *wanted, asks []store.Ask) ([]asked, error) {
	all := make([]asked, len(asks))
	for i, a := range asks {
		if a.Index == "" {
			k, err := t.kind(a.Kind)
			if err != nil {
				return nil, err
			}
			t.want(w, k, a.ID)
			all[i].kind = k
			continue
		}
		sort := find
		if a.Newest {
			sort = newest
		}
		q, can, err := t.question(a.Kind, a.Index, sort, a.Value)
		if err != nil {
			return nil, err
		}
		if !can {
			continue
		}
		if a.Newest {
			if q.from.id = a.Before; a.Before == 0 {
				q.from.id = math.MaxInt64 // no id is as high
			}
		}
		t.asking(w, q, a.Limit)
		all[i].question = &q
	}
	return all, nil
}

func (t *tx) Range(kind, index, prefix string, after []byte, limit int) ([]store.Record, []byte, error) {
	q, can, err := t.within(kind, index, prefix)
	if err != nil || !can || limit < 1 {
		return nil, nil, err
	}
	if len(after) > 0 {
		at, ok := entryAt(after)
		if !ok {
			return nil, nil, t.fail(errors.New("store: a position that is none of this index"))
		}
		if at.value >= q.value {
			q.from = at
		}
	}
	rows, err := t.beginning(q, prefix, limit+1)
	if err != nil || len(rows) <= limit {
		return recordsOf(rows), nil, err
	}
	return recordsOf(rows[:limit]), q.position(rows[limit-1]), nil
}

// beginning answers a range of a prefix, of which the question has what puts it in order.
func (t *tx) beginning(q question, prefix string, limit int) (found []*row, err error) {
	if q.value == prefix {
		return t.answer(q, limit)
	}
	for {
		rows, err := t.answer(q, limit)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			begins, err := q.k.begins(r, q.place, prefix)
			if err != nil {
				return nil, err
			}
			if begins && len(found) < limit {
				found = append(found, r)
			}
			q.from = entry{r.values[q.place], r.id}
		}
		if len(found) == limit || len(rows) < limit {
			return found, nil
		}
	}
}

// within is the question for what begins with a prefix.
func (t *tx) within(kind, index, prefix string) (question, bool, error) {
	q, can, err := t.question(kind, index, within, prefix)
	q.value = inOrderOf(prefix)
	q.from.value = q.value
	return q, can, err
}

// Claim takes the locks of the records on the way to them, in a transaction of the database
// in which the rest of the Update runs. A rehearsal, which changes nothing, takes none.
func (t *tx) Claim(kind, index, prefix string, limit int) ([]store.Record, error) {
	if err := t.write(); err != nil {
		return nil, err
	}
	q, can, err := t.within(kind, index, prefix)
	if err != nil || !can || limit < 1 {
		return nil, err
	}
	if t.rehearsal != nil {
		rows, err := t.answer(q, limit)
		return recordsOf(rows), err
	}
	w := t.own.of(q.k)
	most := limit
	if w != nil {
		most += w.hides
	}
	base, err := t.base.claim(q, most)
	return recordsOf(q.merged(base, w, limit)), err
}
