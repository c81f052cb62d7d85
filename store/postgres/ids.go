package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// idBlock is how many ids a process takes at a time.
const idBlock = 500

// A tick is an id as a number without gaps: 10,000 for each second.
const perSecond = 10_000

func tickOf(id store.ID) int64 { return id.Time().Unix()*perSecond + int64(id%perSecond) }

func idAt(tick int64) store.ID {
	return store.FirstIDAt(time.Unix(tick/perSecond, 0)) + store.ID(tick%perSecond)
}

// ids gives the ids of a process, from blocks that the database gives. What is left of a
// block is for nobody once its second is over.
type ids struct {
	mu        sync.Mutex
	next, end int64 // ticks of the block
	epoch     int64 // of the block
	least     int64 // the tick from which on the next block is
}

// give gives the next id at now; take gets a block that begins with a tick or later.
func (s *ids) give(now time.Time, take func(from, n int64) (first, epoch int64, err error)) (id store.ID, epoch int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	second := now.Unix() * perSecond
	if s.next >= s.end || s.next < second {
		first, epoch, err := take(max(second, s.least), idBlock)
		if err != nil {
			return 0, 0, err
		}
		s.next, s.end, s.epoch, s.least = first, first+idBlock, epoch, 0
	}
	s.next++
	return idAt(s.next - 1), s.epoch, nil
}

// rest is what is left of the block, which is not given any more.
func (s *ids) rest() (next, end, epoch int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next, end = s.next, s.end
	s.next, s.end = 0, 0
	return next, end, s.epoch
}

// passed has the next id come after one.
func (s *ids) passed(id store.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.least = max(s.least, tickOf(id)+1); s.next < s.least {
		s.end = s.next
	}
}

// takeIDs takes ticks from the database, which nobody is given again, in a transaction of
// its own. It drops old witnesses on the way.
func (d *DB) takeIDs(ctx context.Context, from, n int64) (first, epoch int64, err error) {
	return d.taken(ctx,
		statement{sql: "delete from " + d.schema.table("witness") + " where try<$1", args: []any{witnessesBefore()}},
		statement{sql: "update " + d.schema.table("mark") + " set n=greatest(n,$1)+$2 where name='tick' returning n-$2", args: []any{from, n}})
}

// returnIDs gives back what is left of the process's block, where nobody has taken one since.
func (d *DB) returnIDs(ctx context.Context) {
	if next, end, epoch := d.ids.rest(); next < end {
		_ = d.trip(ctx, d.aside, []statement{{sql: "update " + d.schema.table("mark") + " set n=$1 where name='tick' and n=$2 and " + d.schema.epoch() + "=$3", args: []any{next, end, epoch}}}) // else it is lost
	}
}

func (t *tx) NextID() (id store.ID, err error) {
	if err := t.write(); err != nil {
		return 0, err
	}
	if t.rehearsal != nil {
		err = t.rehearsal.begin(t)
		id = t.rehearsal.clock.Next(t.now)
	} else {
		var epoch int64
		id, epoch, err = t.db.ids.give(t.now, func(from, n int64) (first, epoch int64, err error) {
			t.base.done.Trips++
			t.base.done.Statements += 2
			return t.db.takeIDs(t.base.ctx, from, n)
		})
		if err == nil {
			err = t.given(epoch)
		}
	}
	if err != nil {
		return 0, t.fail(err)
	}
	t.fresh[id] = true
	return id, nil
}

// fail ends an Update by an error of ours, whatever fn makes of it. An answer is none.
func (t *tx) fail(err error) error {
	if err != nil && t.updates && t.base.err == nil && !store.IsAnswer(err) {
		t.base.err = err
	}
	return err
}

// passed has ids come after one that was loaded.
func (t *tx) passed(id store.ID) error {
	if t.rehearsal == nil {
		t.db.ids.passed(id)
		return nil
	}
	if err := t.rehearsal.begin(t); err != nil {
		return t.fail(err)
	}
	return t.rehearsal.clock.Resume(id)
}

// rehearsal is what a rehearsal gives out of ids and numbers, which are given again.
type rehearsal struct {
	clock   store.IDClock
	begun   bool
	numbers map[string]int64 // the last of each sequence
}

// begin has ids come after those of the store.
func (r *rehearsal) begin(t *tx) error {
	if r.begun {
		return nil
	}
	var tick int64
	if err := t.base.ask(t.db.mark("tick", &tick)); err != nil {
		return err
	}
	r.begun = true
	if tick == 0 {
		return nil
	}
	return r.clock.Resume(idAt(tick - 1))
}

// mark reads one of the store's marks: the next tick, the newest event that was dropped.
func (d *DB) mark(name string, into *int64) statement {
	return statement{sql: "select n from " + d.schema.table("mark") + " where name=$1", args: []any{name}, read: func(rows pgx.Rows) error { return rows.Scan(into) }}
}
