package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// Verify reads everything, of one state: checksums, that documents and columns say the same,
// that the indexes are there, hold what the tables have and are unique that should be, that
// events and ids are in order, and that nothing else lies there. Events are read too, but
// not counted.
func (d *DB) Verify(ctx context.Context, report func(error)) (records int64, err error) {
	err = d.View(ctx, func(stx store.Tx) error {
		v := &verification{ctx: ctx, t: stx.(*tx), report: func(fault error) { report(fmt.Errorf("store %s: %w", d.where, fault)) }}
		err := v.run()
		records = v.records
		return err
	})
	return records, err
}

const verifyPage = 1000

// verification is one reading.
type verification struct {
	ctx            context.Context
	t              *tx
	report         func(error)
	records, total int64
	tick           int64 // the next id's
}

func (v *verification) run() error {
	total := statement{sql: "select $1::bigint", args: []any{int64(0)}}
	for _, k := range v.t.db.schema.inOrder {
		total.sql += "+(select count(*) from " + k.table + ")"
	}
	total.read = func(rows pgx.Rows) error { return rows.Scan(&v.total) }
	err := v.t.base.ask(statement{sql: "set local statement_timeout=0"}, statement{sql: "set local idle_in_transaction_session_timeout=0"},
		total, v.t.db.mark("tick", &v.tick))
	if err == nil {
		err = v.catalogue()
	}
	for _, k := range v.t.db.schema.inOrder {
		if err == nil {
			err = v.kind(k)
		}
	}
	if err == nil {
		err = v.events()
	}
	return err
}

// ask reads rows.
func (v *verification) ask(sql string, read func(rows pgx.Rows) error, args ...any) error {
	if err := v.ctx.Err(); err != nil {
		return err
	}
	return v.t.base.ask(statement{sql: sql, args: args, read: read})
}

// kind reads a kind.
func (v *verification) kind(k *kind) error {
	last := store.ID(0)
	for n := verifyPage; n == verifyPage; {
		n = 0
		err := v.ask("select "+k.columns+" from "+k.table+" where id>$1 order by id limit $2", func(rows pgx.Rows) error {
			n++
			r, err := k.scan(rows)
			var bad *store.BadRecordError
			switch {
			case errors.As(err, &bad):
				last = bad.ID
				v.report(bad)
			case err != nil:
				return err
			default:
				last = r.id
				k.verify(r, v.report)
			}
			return nil
		}, int64(last), verifyPage)
		if err != nil {
			return err
		}
		v.records += int64(n)
		store.Tell(v.ctx, store.Progress{Of: "records", Done: v.records, Total: max(v.records, v.total)})
	}
	if tickOf(last) >= v.tick {
		v.report(fmt.Errorf("store: kind %s: record %s is above the newest id that was given", k.name, last))
	}
	for _, x := range k.indexes {
		if err := v.index(k, x); err != nil {
			return err
		}
	}
	return nil
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
		switch name := k.indexes[place].name; {
		case r.values[place] == value:
		case r.values[place] == "":
			bad("index " + name + " lacks it")
		default:
			bad("index " + name + " has it under a value that is not its own")
		}
	}
}

// index holds what an index has against what its table has, and looks for what a unique one
// has twice.
func (v *verification) index(k *kind, x index) error {
	// Each side is read in a way of its own: pages of the table, entries of the index.
	var sums [2]struct {
		count int64
		sum   string
	}
	order := x.column + ",id"
	if x.unique {
		order = x.column
	}
	for side, from := range [2]struct{ off, rows string }{
		{"array['enable_indexscan','enable_indexonlyscan','enable_bitmapscan']", k.table + " where " + x.column + " is not null"},
		{"array['enable_seqscan','enable_bitmapscan','enable_sort']", "(select " + x.column + ",id from " + k.table + " where " + x.column + " is not null order by " + order + ") entries"},
	} {
		err := v.t.base.ask(
			statement{sql: "select set_config(n,'off',true) from unnest(" + from.off + ") n"},
			statement{sql: "select count(*), coalesce(sum(hashtextextended(" + x.column + ",id)::numeric),0)::text from " + from.rows,
				read: func(rows pgx.Rows) error { return rows.Scan(&sums[side].count, &sums[side].sum) }},
			statement{sql: "select set_config(n,'on',true) from unnest(" + from.off + ") n"})
		if err != nil {
			return err
		}
	}
	if sums[0] != sums[1] {
		v.report(fmt.Errorf("store: kind %s: index %s has %d entries, which are not those of the %d records: reindex table %s", k.name, x.name, sums[1].count, sums[0].count, k.table))
	}
	if !x.unique {
		return nil
	}
	const most = 20 // named of each index
	return v.ask("select max(id) from "+k.table+" where "+x.column+" is not null group by "+x.column+" having count(*)>1 order by 1 limit $1", func(rows pgx.Rows) error {
		var id int64
		err := rows.Scan(&id)
		v.report(&store.BadRecordError{Kind: k.name, ID: store.ID(id), Reason: "another has the same value in the unique index " + x.name})
		return err
	}, most)
}

// catalogue holds what lies in the schema against what should lie there.
func (v *verification) catalogue() error {
	s := v.t.db.schema
	tables, indexes := map[string]bool{}, map[string]bool{}
	for _, name := range []string{"meta", "mark", "sequence", "counter", "stable", "witness", "event", "lease", "wrong_try", "nonce", "epoch", "server"} {
		tables[name] = true
	}
	indexes["event_account"] = false
	for _, k := range s.inOrder {
		tables[shortened("k_"+k.name)] = true
		for _, x := range k.indexes {
			indexes[nameOfIndex(k.name, x.name, x.unique)] = x.unique
		}
	}
	err := v.ask("select c.relname, c.relkind::text, coalesce(i.indisvalid and i.indisready, true), coalesce(i.indisunique, false) from pg_class c left join pg_index i on i.indexrelid=c.oid"+
		" where c.relnamespace=to_regnamespace($1) and c.relkind in ('r','i','p') order by 1", func(rows pgx.Rows) error {
		var name, sort string
		var valid, unique bool
		if err := rows.Scan(&name, &sort, &valid, &unique); err != nil {
			return err
		}
		if sort != "i" {
			if !tables[name] && !v.kept(name) {
				v.report(fmt.Errorf("store: table %s.%s belongs to nothing", s.name, name))
			}
			return nil
		}
		if wanted, is := indexes[name]; is && valid && unique == wanted {
			delete(indexes, name)
		}
		return nil
	}, quoted(s.name))
	if err != nil {
		return err
	}
	for name := range indexes {
		v.report(fmt.Errorf("store: index %s.%s is not there, or not valid", s.name, name))
	}
	versions := map[string]bool{}
	err = v.ask("select kind from "+s.table("stable"), func(rows pgx.Rows) error {
		var name string
		err := rows.Scan(&name)
		versions[name] = true
		return err
	})
	for _, k := range s.inOrder {
		if err == nil && k.stable && !versions[k.name] {
			v.report(fmt.Errorf("store: stable kind %s has no version", k.name))
		}
	}
	return err
}

// kept says whether a table is of a kind that a program before had.
func (v *verification) kept(table string) bool {
	for _, l := range v.t.db.older {
		if table == shortened("k_"+l.Name) {
			return true
		}
	}
	return false
}

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
