package postgres

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// events checks that every event is whole, of a transaction that has been, and of none that
// was dropped.
func (v *verification) events() error {
	var gone, below int64
	d := v.t.db
	err := v.t.base.ask(d.mark("gone", &gone), statement{sql: "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint", read: func(rows pgx.Rows) error { return rows.Scan(&below) }})
	if err != nil {
		return err
	}
	below = (below + d.base) * perTransaction
	cursor, newest := int64(0), store.ID(0)
	for n := verifyPage; n == verifyPage; {
		n = 0
		transaction, place := placeOf(cursor)
		err := v.ask("select "+eventColumns+" from "+d.schema.table("event")+" where (xid,n)>($1::text::xid8,$2) order by xid,n limit $3", func(rows pgx.Rows) error {
			n++
			e, err := scanEvent(rows)
			switch {
			case e.Cursor <= cursor: // it could not even be read where it lies
				return err
			case err != nil:
				v.report(err)
			case e.Cursor <= gone:
				v.report(fmt.Errorf("store: event %d is there, but those up to %d were dropped", e.Cursor, gone))
			case e.Cursor >= below:
				v.report(fmt.Errorf("store: event %d is of a transaction that has not been", e.Cursor))
			}
			cursor, newest = e.Cursor, max(newest, e.ID)
			return nil
		}, transaction, place, verifyPage)
		if err != nil {
			return err
		}
	}
	if tickOf(newest) >= v.tick {
		v.report(fmt.Errorf("store: event %d is of id %s, which is above the newest that was given", cursor, newest))
	}
	return nil
}
