package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"rator/store"
)

// Ids are given before they are committed, and by several processes. So that it can be
// said up to which none is yet to come, a transaction may not be late with its ids: its
// batch fails in the server when the oldest of them is further behind the store's next tick
// than late (recent), and is run again with newer ones. What Settled has seen of the ticks,
// every transaction sees that was not begun in the database by then; the others it waits
// for.

const (
	// late is how many ticks an id may be behind when it is committed.
	late = 5 * perSecond
	// settledBehind is how many ticks what is settled is behind those that were seen: as
	// many, and those that processes may give back meanwhile.
	settledBehind = late + 20*idBlock
)

// recent is the function that fails where an id is late. It has its transaction be begun
// in the database before it looks.
func (s schema) recent() string {
	return "create or replace function " + s.table("recent") + `(oldest bigint) returns bool language plpgsql as
$$ begin perform pg_current_xact_id();
if oldest < (select n from ` + s.table("mark") + ` where name='tick') - ` + fmt.Sprint(late) + ` then raise exception 'rator: ids were given too long ago' using errcode='` + codeLate + `'; end if;
return true; end $$`
}

// oldestID is the tick of the oldest id that was made in the transaction; above all where
// none was.
func (t *tx) oldestID() int64 {
	oldest := int64(math.MaxInt64)
	for id := range t.fresh {
		oldest = min(oldest, tickOf(id))
	}
	return oldest
}

// drop drops the process's block where err says that its ids are late.
func (s *ids) drop(err error) {
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code == codeLate {
		s.rest()
	}
}

// settled is what a process has seen of the ticks.
type settled struct {
	mu      sync.Mutex
	upTo    int64 // the ticks that are settled
	seen    int64 // ticks that are so once all transactions before unseen are over
	unseen  int64 // the first transaction of the database that was not begun then
	waiting bool
}

// see takes in the next tick at a state in which the transactions before from are over, and
// those from unseen on not begun.
func (s *settled) see(tick, from, unseen int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.waiting {
		s.seen, s.unseen, s.waiting = tick, unseen, true
	}
	if s.unseen <= from {
		s.upTo, s.waiting = max(s.upTo, s.seen), false
	}
}

// Settled is some seconds behind the time, and further while a transaction of the database
// lasts that writes.
func (d *DB) Settled(ctx context.Context) (store.ID, error) {
	for p := newPatience(time.Now().Add(giveUp)); ; {
		id, err := d.trySettled(ctx)
		if err == nil || !repeats(err) || p.over() || ctx.Err() != nil {
			return id, told(err)
		}
		p.pause(err)
	}
}

func (d *DB) trySettled(ctx context.Context) (store.ID, error) {
	if d.closed.Load() {
		return 0, store.ErrClosed
	}
	mark := d.schema.table("mark")
	// Ticks are as far as the time, also where nobody takes ids: then what is there settles.
	// It is committed before it is looked at.
	err := d.trip(ctx, d.aside, []statement{{sql: "update " + mark + " set n=$1 where name='tick' and n<$1", args: []any{d.now().Unix() * perSecond}}})
	if err != nil {
		return 0, err
	}
	err = d.trip(ctx, d.aside, []statement{{
		sql: "select n, " + oldestUnderWay + "::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint from " + mark + " where name='tick'",
		read: func(rows pgx.Rows) error {
			var tick, from, unseen int64
			err := rows.Scan(&tick, &from, &unseen)
			if err == nil {
				d.settled.see(tick, from, unseen)
			}
			return err
		},
	}})
	d.settled.mu.Lock()
	defer d.settled.mu.Unlock()
	if upTo := d.settled.upTo - settledBehind; err == nil && upTo > 0 {
		return idAt(upTo), nil
	}
	return 0, err
}
