package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
)

// made is what a schema says of itself.
type made struct {
	version int // 0 = it is not there
	kinds   []kindLayout
	filling string          // the state that it is being filled from; "" = it is whole
	whole   map[string]bool // kinds that are filled
}

// The rows of meta.
const (
	metaVersion = "version"
	metaKinds   = "kinds"
	metaFilling = "filling"
	metaWhole   = "whole/" // and a kind
)

// errFilling is said of a place that is no store yet.
var errFilling = errors.New("rator migrate was filling it and did not end; run that again, or drop the schema")

// migrate makes what the program needs, in one transaction, by one process at a time: a
// process that is killed leaves the schema as it was.
func (d *DB) migrate(ctx context.Context) error {
	return d.alone(ctx, func(conn *pgxpool.Conn) error {
		m, err := d.made(ctx, conn)
		if err != nil {
			return err
		}
		if m.filling != "" {
			return errFilling
		}
		plan, kinds := d.schema.plan(m.version, m.kinds)
		d.older = kinds
		if m.version > 0 && len(plan) > 0 {
			if err := d.unserved(ctx, conn); err != nil {
				return err
			}
		}
		for _, c := range plan {
			if err := d.change(ctx, conn, c); err != nil {
				return err
			}
		}
		if err := d.raiseBase(ctx, conn); err != nil {
			return err
		}
		if !reflect.DeepEqual(kinds, m.kinds) || len(plan) > 0 {
			if err := d.say(ctx, conn, kinds); err != nil {
				return err
			}
		}
		if as := d.options.As; as != Guest { // before another process may change the schema
			d.serving, err = takeServing(ctx, d.pool.Config().ConnConfig, d.schema.name, as)
		}
		return err
	})
}

// unserved fails where a server has the store, which is of another version than the program:
// it would keep records without what is new.
func (d *DB) unserved(ctx context.Context, conn *pgxpool.Conn) error {
	held, err := holderOf(ctx, conn.Conn(), servingNumber(d.schema.name))
	if held == nil || err != nil {
		return err
	}
	return fmt.Errorf("the schema %s is that of another version of rator, whose server has it: %s, from %s; stop all of its servers first, or use the rator that it is", d.schema.name, held.Who, held.Where)
}

// alone runs fn in a transaction that no other process has at a time.
func (d *DB) alone(ctx context.Context, fn func(*pgxpool.Conn) error) (err error) {
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // of one that is committed, nothing
	l := &locks{schema: d.schema.name, of: map[int64]bool{}}
	l.take(true, "schema")
	s := l.statement()
	for _, s := range []statement{{sql: "set local statement_timeout=0"}, {sql: "set local lock_timeout=0"}, {sql: "set local idle_in_transaction_session_timeout=0"}, s} {
		if _, err := tx.Exec(ctx, s.sql, s.args...); err != nil {
			return err
		}
	}
	if err := fn(conn); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// made reads what the schema says of itself. It refuses one that a newer program made.
func (d *DB) made(ctx context.Context, conn *pgxpool.Conn) (m made, err error) {
	m.whole = map[string]bool{}
	var there bool
	if err := conn.QueryRow(ctx, "select to_regclass($1) is not null", d.schema.table("meta")).Scan(&there); err != nil || !there {
		return m, err
	}
	rows, err := conn.Query(ctx, "select name, value from "+d.schema.table("meta"))
	if err != nil {
		return m, err
	}
	var name, value string
	_, err = pgx.ForEachRow(rows, []any{&name, &value}, func() (err error) {
		switch kind, whole := strings.CutPrefix(name, metaWhole); {
		case whole:
			m.whole[kind] = true
		case name == metaVersion:
			_, err = fmt.Sscan(value, &m.version)
		case name == metaKinds:
			err = json.Unmarshal([]byte(value), &m.kinds)
		case name == metaFilling:
			m.filling = value
		}
		return err
	})
	switch latest := len(d.schema.steps()); {
	case err != nil:
		return m, err
	case m.version == 0:
		return m, errors.New("it has a table meta that is not ours; give the store a schema of its own")
	case m.version > latest:
		return m, fmt.Errorf("the schema %s is of version %d, and this program knows no later one than %d: run the newer program", d.schema.name, m.version, latest)
	}
	return m, nil
}

// say keeps what the schema is now.
func (d *DB) say(ctx context.Context, conn *pgxpool.Conn, kinds []kindLayout) error {
	said, err := json.Marshal(kinds)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "insert into "+d.schema.table("meta")+" values ($1,$2),($3,$4) on conflict (name) do update set value=excluded.value",
		metaVersion, fmt.Sprint(len(d.schema.steps())), metaKinds, string(said))
	return err
}

// change makes one step.
func (d *DB) change(ctx context.Context, conn *pgxpool.Conn, c step) error {
	if c.to != nil {
		if err := d.rekey(ctx, conn, c.from, c.to); err != nil {
			return fmt.Errorf("kind %s: %w", c.to.name, twice(err))
		}
		return nil
	}
	if _, err := conn.Exec(ctx, c.sql); err != nil {
		return fmt.Errorf("%s: %w", c.sql, twice(err))
	}
	return nil
}

// twice says what of a unique index is there twice.
func twice(err error) error {
	var said *pgconn.PgError
	if errors.As(err, &said) && said.Code == codeTaken {
		return fmt.Errorf("a value is there twice in the unique index %s: %s", said.ConstraintName, said.Detail)
	}
	return err
}

// rekeyPage is how many records are read at a time. Options.Migrating is told after a
// multiple of it.
const (
	rekeyPage     = 1024
	migratingEach = 10 * rekeyPage
)

// rekey gives every record of a kind the places that its document says, in id order.
// Versions stay.
func (d *DB) rekey(ctx context.Context, conn *pgxpool.Conn, from, to *kind) error {
	for after, done := store.ID(0), int64(0); ; {
		var found []*row
		if err := send(ctx, conn.Conn(), []statement{from.page(after, rekeyPage, func(r *row) { found = append(found, r) })}); err != nil {
			return err
		}
		var rows columns
		for n, r := range found {
			doc, err := d.filled(ctx, conn, to, r.doc)
			if err != nil {
				return fmt.Errorf("record %s: %w", r.id, err)
			}
			keys, err := to.keys(doc)
			if err != nil {
				return fmt.Errorf("record %s: %w", r.id, err)
			}
			values, err := to.values(keys)
			if err != nil {
				return fmt.Errorf("record %s: %w", r.id, err)
			}
			rows.add(to, &row{id: r.id, version: r.version, doc: doc, values: values}, 0)
			if after = r.id; to.fill == nil && n < len(found)-1 {
				continue
			}
			// What completes a record sees those before in their places.
			if err := send(ctx, conn.Conn(), []statement{rows.update(to)}); err != nil {
				return err
			}
			rows = columns{}
		}
		if len(found) < rekeyPage {
			return nil
		}
		if done += rekeyPage; done%migratingEach == 0 && d.options.Migrating != nil {
			d.options.Migrating(to.name, done)
		}
	}
}

// update writes rows that are there anew.
func (c *columns) update(k *kind) statement {
	rows, args := c.unnested(k)
	set := []string{"sum=n.sum", "doc=n.doc"}
	for _, x := range k.indexes {
		set = append(set, x.column+"=n."+x.column)
	}
	return statement{sql: "update " + k.table + " r set " + strings.Join(set, ",") + " from " + rows + " n(" + k.columns + ") where r.id=n.id", args: args}
}

// filled completes a document, which may read what is there already.
func (d *DB) filled(ctx context.Context, conn *pgxpool.Conn, k *kind, doc []byte) ([]byte, error) {
	if k.fill == nil {
		return doc, nil
	}
	b := newBase(ctx, d, false)
	b.conn = conn
	t := &tx{db: d, base: b, own: newOwn(), fresh: map[store.ID]bool{}, updates: true, now: d.now()}
	doc, err := k.fill(t, doc)
	if b.err != nil {
		err = b.err
	}
	if err == nil && t.writes() {
		err = errors.New("what completes a record writes another")
	}
	t.over = true
	return doc, err
}

// raiseBase has the events that come be above those that are there, which may be of another
// database: copied by rator, or by pg_dump.
func (d *DB) raiseBase(ctx context.Context, conn *pgxpool.Conn) error {
	var base, raised int64
	err := conn.QueryRow(ctx, "with top as (select greatest((select xid::text::bigint as written from "+d.schema.table("event")+" order by xid desc limit 1),"+
		"(select n/$1 from "+d.schema.table("mark")+" where name='gone')) as n), now as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as n)"+
		" select b.n, greatest(b.n, top.n+1-now.n) from "+d.schema.table("mark")+" b, top, now where b.name='base'", int64(perTransaction)).Scan(&base, &raised)
	if err != nil {
		return err
	}
	if d.base = raised; raised == base {
		return nil
	}
	_, err = conn.Exec(ctx, "update "+d.schema.table("mark")+" set n=$1 where name='base'", raised)
	return err
}
