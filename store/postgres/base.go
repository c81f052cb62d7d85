package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
)

// base is what a transaction has found in the database, without anything that it wrote.
// What was asked is not asked again: so a transaction reads one state where it looks
// twice, and the end of an Update knows what it was read from.
type base struct {
	db   *DB
	ctx  context.Context // of who asks, without its end: that has no effect once fn has begun
	view bool            // it sees one state, in a transaction of the database
	// standby is where a View is tried that may be behind: what fails there fails at once.
	standby *standby
	conn    *pgxpool.Conn // of a View that has begun, or an Update that has claimed
	done    Done
	err     error // why nothing more can be read: it wins over what fn made of it

	known  map[recordID]*row // nil = there is none
	found  map[question]*found
	counts map[*kind]int64
	copied map[*kind]stable // of which copies were handed out, or could have been
	nul    bool             // something that was read has U+0000
	asked  int              // trips that read: one alone is of one state

	claims  bool // it has locks of records, in a transaction of the database
	assumes bool // it takes for free what nobody was asked about; its end finds out
	assumed bool // it did
}

type recordID struct {
	k  *kind
	id store.ID
}

// found is an answer: the first rows, or all.
type found struct {
	rows  []*row
	limit int
}

func (f *found) answers(limit int) bool {
	return f != nil && (len(f.rows) < f.limit || f.limit >= limit)
}

func newBase(ctx context.Context, d *DB, view bool) *base {
	return &base{db: d, ctx: context.WithoutCancel(ctx), view: view, known: map[recordID]*row{}, found: map[question]*found{},
		counts: map[*kind]int64{}, copied: map[*kind]stable{}}
}

const beginView = "begin isolation level repeatable read read only"

// ask sends statements in one trip. That they could not be read is the base's error.
func (b *base) ask(statements ...statement) error {
	if b.err != nil {
		return b.err
	}
	b.asked++
	for p := newPatience(time.Now().Add(giveUp)); ; p.pause(b.err) {
		b.err = b.tryAsk(statements)
		if answer := b.err; store.IsAnswer(answer) && answer != nil {
			b.err = nil // a bad record, beside which there are others
			return answer
		}
		if b.err == nil || !b.view || b.standby != nil || b.asked > 1 || !repeats(b.err) || p.over() {
			return b.err
		}
		// The first question of a View may be asked of another state.
		b.end()
		clear(b.known)
		clear(b.found)
	}
}

func (b *base) tryAsk(statements []statement) (err error) {
	ctx, conn := b.ctx, b.conn
	if b.standby != nil {
		within, answered := context.WithTimeout(ctx, standbyAnswer)
		defer answered()
		ctx = within
	}
	if conn == nil {
		if b.standby != nil {
			var has statement
			conn, has, err = b.standby.take(ctx)
			statements = append([]statement{has}, statements...)
		} else {
			conn, err = b.db.acquire(ctx, b.db.pool)
		}
		if err != nil {
			return err
		}
		switch {
		case b.view:
			b.conn, statements = conn, append([]statement{{sql: beginView}}, statements...)
		case b.claims:
			b.conn, statements = conn, append([]statement{{sql: "begin"}}, statements...)
		default:
			defer conn.Release()
		}
	}
	b.done.Trips++
	b.done.Statements += len(statements)
	return send(ctx, conn.Conn(), statements)
}

// look is how far past what others have a claim goes.
const look = 1000

// claim gives the first records that answer a question and that nobody has locked, and locks
// them.
func (b *base) claim(q question, limit int) ([]*row, error) {
	b.claims = true
	s := q.statement(look)
	s.args = append(s.args, lockNumber(b.db.schema.name, "record", q.k.name), limit)
	s.sql = fmt.Sprintf("select * from (%s) c where pg_try_advisory_xact_lock(id # $%d) limit $%d", s.sql, len(s.args)-1, len(s.args))
	var rows []*row
	s.read = func(from pgx.Rows) error {
		r, err := q.k.scan(from)
		if err == nil {
			r, err = b.take(q.k, r.id, r)
		}
		rows = append(rows, r)
		return err
	}
	err := b.ask(s)
	return rows, err
}

// end ends what the transaction has in the database: of an Update that is committed,
// nothing. Nobody waits for the end of a View; what was claimed is free when it has ended.
func (b *base) end() {
	conn := b.conn
	if conn == nil {
		return
	}
	b.conn = nil
	ctx, cancel := context.Background(), func() {}
	if b.standby != nil {
		ctx, cancel = context.WithTimeout(ctx, standbyAnswer)
	}
	ended := func() {
		defer cancel()
		if _, err := conn.Exec(ctx, "rollback"); err != nil {
			_ = conn.Conn().Close(context.Background()) // what did not end is not used again
		}
		conn.Release()
	}
	if b.claims {
		ended()
		return
	}
	go ended()
}

// errMoved is what an Update hears that read what was changed meanwhile: it is run again.
var errMoved = errors.New("store: what was read was changed meanwhile")

// take notes a row that was read, nil = that there is none. One that is not as it was read
// before ends the transaction.
func (b *base) take(k *kind, id store.ID, r *row) (*row, error) {
	key := recordID{k, id}
	old, known := b.known[key]
	if !known {
		b.nul = b.nul || r != nil && store.HoldsNUL(r.doc)
		b.known[key] = r
		return r, nil
	}
	if (old == nil) != (r == nil) || old != nil && old.version != r.version {
		return nil, errMoved
	}
	return old, nil
}

// wanted is what is to be read in one trip.
type wanted struct {
	ids    map[*kind][]store.ID
	asks   map[question]int // and how many
	counts []*kind
}

func (w *wanted) record(k *kind, id store.ID) {
	if w.ids == nil {
		w.ids = map[*kind][]store.ID{}
	}
	w.ids[k] = append(w.ids[k], id)
}

func (w *wanted) ask(q question, limit int) {
	if w.asks == nil {
		w.asks = map[question]int{}
	}
	w.asks[q] = max(w.asks[q], limit)
}

func (w *wanted) count(k *kind) { w.counts = append(w.counts, k) }

// mostKnown is about how many records a View remembers, which may go through all there are.
const mostKnown = 30_000

// read reads what is wanted and not known yet.
func (b *base) read(w wanted) error {
	if b.view && len(b.known)+len(b.found) > mostKnown { // they can be read again, as they are
		clear(b.known)
		clear(b.found)
	}
	var statements []statement
	var kinds []*kind
	for k, ids := range w.ids {
		var missing []int64
		for _, id := range ids {
			if _, known := b.known[recordID{k, id}]; !known {
				missing = append(missing, int64(id))
			}
		}
		if missing != nil {
			statements, kinds = append(statements, b.byIDs(k, missing)), append(kinds, k)
		}
	}
	asking, of := b.asking(w.asks)
	statements, kinds = append(statements, asking...), append(kinds, of...)
	for _, k := range w.counts {
		if _, known := b.counts[k]; !known {
			statements, kinds = append(statements, b.counting(k)), append(kinds, k)
		}
	}
	if statements == nil {
		return nil
	}
	return b.ask(append(statements, b.guard(kinds)...)...)
}

// byIDs reads records; those that do not come, there are none of.
func (b *base) byIDs(k *kind, ids []int64) statement {
	there := map[int64]bool{}
	return statement{sql: "select " + k.columns + " from " + k.table + " where id=any($1)", args: []any{ids},
		begin: func() { clear(there) },
		read: func(rows pgx.Rows) error {
			r, err := k.scan(rows)
			if err == nil {
				there[int64(r.id)] = true
				_, err = b.take(k, r.id, r)
			}
			return err
		},
		done: func() (err error) {
			for _, id := range ids {
				if !there[id] && err == nil {
					_, err = b.take(k, store.ID(id), nil)
				}
			}
			return err
		}}
}

func (b *base) counting(k *kind) statement {
	return statement{sql: "select count(*) from " + k.table, read: func(rows pgx.Rows) error {
		var n int64
		err := rows.Scan(&n)
		b.counts[k] = n
		return err
	}}
}

// finish sends what ends an Update, to where it has claimed.
func (b *base) finish(statements []statement) error {
	conn := b.conn
	if conn == nil {
		return b.db.trip(b.ctx, b.db.pool, statements)
	}
	err := send(b.ctx, conn.Conn(), append(statements, statement{sql: "commit"}))
	if err == nil {
		b.conn = nil
		conn.Release()
	}
	return err
}
