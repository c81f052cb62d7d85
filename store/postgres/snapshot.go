package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"rator/store"
	"rator/store/transfer"
)

// Snapshot runs fn over one state, however long it lasts. Meanwhile the database keeps all
// that is replaced.
func (d *DB) Snapshot(ctx context.Context, fn func(transfer.Snapshot) error) error {
	return d.View(ctx, func(stx store.Tx) error {
		t := stx.(*tx)
		err := t.base.ask(statement{sql: "set local statement_timeout=0"}, statement{sql: "set local idle_in_transaction_session_timeout=0"})
		if err != nil {
			return err
		}
		return fn(snapshot{t})
	})
}

// snapshot is a View that remembers nothing of what it reads.
type snapshot struct{ t *tx }

func (s snapshot) Count(kind string) (int64, error) { return s.t.Count(kind) }

func (s snapshot) Records(kind string, after store.ID, limit int) (found []store.Record, err error) {
	k, err := s.t.kind(kind)
	if err != nil {
		return nil, err
	}
	err = s.t.base.ask(k.page(after, limit, func(r *row) { found = append(found, store.Record{ID: r.id, Version: r.version, Doc: r.doc}) }))
	return found, err
}

// page reads records of a kind in id order.
func (k *kind) page(after store.ID, limit int, each func(*row)) statement {
	return statement{sql: "select " + k.columns + " from " + k.table + " where id>$1 order by id limit $2", args: []any{int64(after), limit}, read: func(rows pgx.Rows) error {
		r, err := k.scan(rows)
		if err == nil {
			each(r)
		}
		return err
	}}
}

// EventsAfter gives also those that readers must not see yet, because others may come before
// them: to a copy none does.
func (s snapshot) EventsAfter(cursor int64, limit int) (found []store.Event, err error) {
	transaction, n := placeOf(cursor)
	err = s.t.base.ask(statement{sql: "select " + eventColumns + " from " + s.t.db.schema.table("event") + " where (xid,n)>($1::text::xid8,$2) order by xid,n limit $3",
		args: []any{transaction, n, limit}, read: func(rows pgx.Rows) error {
			e, err := scanEvent(rows)
			found = append(found, e)
			return err
		}})
	return found, err
}

func (s snapshot) Rest() (transfer.Rest, error) {
	rest := transfer.Rest{Sequences: map[string]int64{}, Counters: map[string]int64{}}
	table := s.t.db.schema.table
	var tick, gone, last int64
	named := func(sql string, into map[string]int64) statement {
		return statement{sql: sql, read: func(rows pgx.Rows) error {
			var name string
			var n int64
			err := rows.Scan(&name, &n)
			into[name] = n
			return err
		}}
	}
	err := s.t.base.ask(
		named("select name, n from "+table("sequence"), rest.Sequences),
		named("select name, sum(n)::bigint from "+table("counter")+" group by name having sum(n)<>0", rest.Counters),
		s.t.db.mark("tick", &tick), s.t.db.mark("gone", &gone),
		statement{sql: "select count(*) from " + table("event"), read: func(rows pgx.Rows) error { return rows.Scan(&rest.Events) }},
		statement{sql: "select xid::text as written, n from " + table("event") + " order by xid desc, n desc limit 1", read: func(rows pgx.Rows) (err error) {
			last, err = scanCursor(rows)
			return err
		}},
	)
	if tick > 0 {
		rest.Newest = idAt(tick - 1)
	}
	rest.Cursor = max(last, gone)
	return rest, err
}

// Views runs fn over several looks at one state, each with a connection of its own beside
// those of the pool. ErrClosed after Close.
func (d *DB) Views(ctx context.Context, looks int, fn func(store.Looks) error) error {
	var (
		given    store.Looks
		all      []*tx
		snapshot string
	)
	defer func() {
		for _, t := range all {
			t.end()
		}
	}()
	for range looks {
		t, err := d.look(ctx)
		if err != nil {
			return err
		}
		all, given.Txs = append(all, t), append(given.Txs, t)
		if err := t.base.join(&snapshot); err != nil {
			return told(err)
		}
	}
	err := fn(given)
	for _, t := range all {
		if t.base.err != nil {
			return told(t.base.err) // whatever fn made of it
		}
	}
	if err != nil {
		return err
	}
	for _, t := range all {
		t.runAfter()
	}
	return nil
}

// join begins a View with the state of a snapshot; the first one gives it.
func (b *base) join(snapshot *string) error {
	if *snapshot != "" {
		return b.ask(statement{sql: "set transaction snapshot '" + *snapshot + "'"})
	}
	return b.ask(statement{sql: "select pg_export_snapshot()", read: func(rows pgx.Rows) error { return rows.Scan(snapshot) }})
}
