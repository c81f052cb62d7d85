package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

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

// Verify reads everything, of one state: checksums, and that documents and columns say the
// same. That values are unique and indexes whole is the database's word. Events are read
// too, but not counted.
func (d *DB) Verify(ctx context.Context, report func(error)) (records int64, err error) {
	err = d.View(ctx, func(stx store.Tx) error {
		t := stx.(*tx)
		for _, k := range d.schema.inOrder {
			n, err := t.verify(ctx, k, report)
			if records += n; err != nil {
				return err
			}
		}
		return t.verifyEvents(ctx, report)
	})
	return records, err
}

const verifyPage = 1000

// verify reads a kind.
func (t *tx) verify(ctx context.Context, k *kind, report func(error)) (records int64, err error) {
	for after := int64(0); ; {
		n := 0
		err := t.base.ask(statement{sql: "select " + k.columns + " from " + k.table + " where id>$1 order by id limit $2", args: []any{after, verifyPage}, read: func(rows pgx.Rows) error {
			n++
			r, err := k.scan(rows)
			var bad *store.BadRecordError
			if errors.As(err, &bad) {
				after = int64(bad.ID)
				report(bad)
				return nil
			}
			if err != nil {
				return err
			}
			after = int64(r.id)
			k.verify(r, report)
			return nil
		}})
		if records += int64(n); err != nil || n < verifyPage {
			return records, err
		}
		if err := ctx.Err(); err != nil {
			return records, err
		}
	}
}

// verify says where a record's document and its columns differ.
func (k *kind) verify(r *row, report func(error)) {
	bad := func(reason string) { report(&store.BadRecordError{Kind: k.name, ID: r.id, Reason: reason}) }
	keys, err := k.keys(r.doc)
	if err != nil {
		bad(err.Error())
		return
	}
	values, err := k.values(keys)
	if err != nil {
		bad(err.Error())
		return
	}
	for place, value := range values {
		if r.values[place] != "" && r.values[place] != value {
			bad("index " + k.indexes[place].name + " has it under a value that is not its own")
		}
	}
}

func (t *tx) verifyEvents(ctx context.Context, report func(error)) error {
	for cursor := int64(0); ; {
		events, err := t.EventsAfter(cursor, verifyPage)
		if err != nil || len(events) == 0 {
			return err
		}
		cursor = events[len(events)-1].Cursor
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
