package postgres

import (
	"context"

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
