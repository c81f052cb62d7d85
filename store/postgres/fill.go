package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
	"rator/store/transfer"
)

// Fill fills a schema of a database: a transfer.Target. Records are copied in id order into
// tables without indexes, which come when all of a kind is there.
type Fill struct {
	db    *DB
	conn  *pgxpool.Conn
	whole map[string]bool // kinds
	rest  transfer.Rest
	kind  *kind // at hand
	begun bool  // events
}

var _ transfer.Target = (*Fill)(nil)

// OpenFill opens a database to be filled, in a schema that is not there or was being filled
// before. Nobody else fills it until Close.
func OpenFill(ctx context.Context, dsn string, o Options) (*Fill, error) {
	o.fills = true
	d, err := Open(ctx, dsn, o)
	if err != nil {
		return nil, err
	}
	f := &Fill{db: d, whole: map[string]bool{}}
	if err := f.hold(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), f.Close())
	}
	return f, nil
}

// hold takes a connection for what is written, and keeps others from filling the schema.
func (f *Fill) hold(ctx context.Context) (err error) {
	if f.conn, err = f.db.pool.Acquire(ctx); err != nil {
		return err
	}
	for _, sql := range []string{"set statement_timeout=0", "set lock_timeout=0", "set idle_in_transaction_session_timeout=0", "set maintenance_work_mem='256MB'"} {
		if _, err := f.conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	var held bool
	if err := f.conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", lockNumber(f.db.schema.name, "fill")).Scan(&held); err != nil {
		return err
	}
	if !held {
		return errors.New("another process is filling it")
	}
	return nil
}

// Close lets the database go, whether there is a store in it or not.
func (f *Fill) Close() error {
	if f.conn != nil {
		_ = f.conn.Conn().Close(context.Background()) // with what it holds
		f.conn.Release()
	}
	return f.db.Close()
}

// do runs statements in one transaction.
func (f *Fill) do(ctx context.Context, statements ...statement) error {
	return send(ctx, f.conn.Conn(), statements)
}

// Begin makes the tables, or goes on with what was filled from the same state.
func (f *Fill) Begin(ctx context.Context, state string, rest transfer.Rest) (resumed bool, err error) {
	f.rest = rest
	s := f.db.schema
	err = f.db.alone(ctx, func(conn *pgxpool.Conn) error {
		m, err := f.db.made(ctx, conn)
		switch {
		case err != nil:
			return err
		case m.version == 0:
		case m.filling == "":
			return fmt.Errorf("there is a store already in the schema %s; name another one with search_path, or drop it", s.name)
		case m.filling != state:
			return fmt.Errorf("the schema %s is being filled from another state; drop it to begin anew", s.name)
		case m.version < len(s.steps()):
			return fmt.Errorf("the schema %s is being filled by an older version; drop it to begin anew", s.name)
		default:
			resumed, f.whole = true, m.whole
			return nil
		}
		var others int
		if err := conn.QueryRow(ctx, "select count(*) from pg_class where relnamespace=to_regnamespace($1)", quoted(s.name)).Scan(&others); err != nil {
			return err
		}
		if others > 0 {
			return fmt.Errorf("there is something else in the schema %s; name another one with search_path", s.name)
		}
		for _, step := range s.steps() {
			for _, sql := range step {
				if _, err := conn.Exec(ctx, sql); err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
			}
		}
		for _, k := range s.inOrder {
			for _, sql := range k.made(s, false) {
				if _, err := conn.Exec(ctx, sql); err != nil {
					return fmt.Errorf("%s: %w", sql, err)
				}
			}
		}
		if _, err := conn.Exec(ctx, "insert into "+s.table("meta")+" values ($1,$2)", metaFilling, state); err != nil {
			return err
		}
		return f.db.say(ctx, conn, nil)
	})
	return resumed, sentence(err)
}

// Kind begins a kind, or goes on with it.
func (f *Fill) Kind(ctx context.Context, kind string) (after store.ID, whole bool, err error) {
	f.kind = f.db.schema.kinds[kind]
	if f.whole[kind] {
		return 0, true, nil
	}
	err = f.do(ctx, statement{sql: "select coalesce(max(id),0) from " + f.kind.table, read: func(rows pgx.Rows) error { return rows.Scan(&after) }})
	return after, false, err
}

// Records copies records of the kind at hand.
func (f *Fill) Records(ctx context.Context, records []store.Record) error {
	k := f.kind
	columns := []string{"id", "version", "sum", "doc"}
	for _, x := range k.indexes {
		columns = append(columns, shortened("x_"+x.name))
	}
	return f.copy(ctx, "k_"+k.name, columns, len(records), func(n int) ([]any, error) {
		r := records[n]
		keys, err := k.keys(r.Doc)
		if err != nil {
			return nil, &store.BadRecordError{Kind: k.name, ID: r.ID, Reason: err.Error()}
		}
		values, err := k.values(keys)
		if err != nil {
			return nil, &store.BadRecordError{Kind: k.name, ID: r.ID, Reason: err.Error()}
		}
		row := []any{int64(r.ID), r.Version, k.sum(&row{id: r.ID, version: r.Version, doc: r.Doc, values: values}), r.Doc}
		for _, value := range values {
			if value == "" {
				row = append(row, nil)
			} else {
				row = append(row, value)
			}
		}
		return row, nil
	})
}

func (f *Fill) copy(ctx context.Context, table string, columns []string, rows int, row func(n int) ([]any, error)) error {
	_, err := f.conn.Conn().CopyFrom(ctx, pgx.Identifier{shortened(f.db.schema.name), shortened(table)}, columns, pgx.CopyFromSlice(rows, row))
	return err
}

// EndKind makes the indexes of the kind.
func (f *Fill) EndKind(ctx context.Context) error {
	var statements []statement
	for _, x := range f.kind.indexes {
		statements = append(statements, statement{sql: f.kind.indexed(x)})
	}
	statements = append(statements, statement{sql: "analyze " + f.kind.table},
		statement{sql: "insert into " + f.db.schema.table("meta") + " values ($1,'')", args: []any{metaWhole + f.kind.name}})
	return twice(f.do(ctx, statements...))
}

// Events copies events. They keep their cursors, and those that come later are above them.
func (f *Fill) Events(ctx context.Context, events []store.Event) error {
	if !f.begun {
		if err := f.beginEvents(ctx); err != nil {
			return err
		}
	}
	return f.copy(ctx, "event", []string{"xid", "n", "id", "at", "topic", "brand", "account", "about", "body", "sum"}, len(events), func(n int) ([]any, error) {
		e := events[n]
		var body any
		if len(e.Body) > 0 {
			body = e.Body
		}
		return []any{uint64(e.Cursor / perTransaction), int32(e.Cursor % perTransaction), int64(e.ID), e.At, e.Topic, e.Brand, int64(e.Account), aboutOf(e), body, eventSum(e)}, nil
	})
}

// beginEvents drops what a run before left.
func (f *Fill) beginEvents(ctx context.Context) error {
	f.begun = true
	table := f.db.schema.table
	return f.do(ctx, statement{sql: "drop index if exists " + table("event_account")}, statement{sql: "truncate " + table("event")},
		statement{sql: "truncate " + table("sequence")}, statement{sql: "truncate " + table("counter")})
}

// EndEvents makes their index, and writes numbers.
func (f *Fill) EndEvents(ctx context.Context) error {
	if !f.begun {
		if err := f.beginEvents(ctx); err != nil {
			return err
		}
	}
	table := f.db.schema.table
	tick, gone := int64(0), int64(0)
	if f.rest.Newest > 0 {
		tick = tickOf(f.rest.Newest) + 1
	}
	if f.rest.Events == 0 {
		gone = f.rest.Cursor
	}
	statements := []statement{
		{sql: f.db.schema.eventIndex()}, {sql: "analyze " + table("event")},
		{sql: "update " + table("mark") + " set n=case name when 'tick' then $1::bigint else $2 end where name in ('tick','gone')", args: []any{tick, gone}},
	}
	for name, n := range f.rest.Sequences {
		statements = append(statements, statement{sql: "insert into " + table("sequence") + " values ($1,$2)", args: []any{name, n}})
	}
	for name, n := range f.rest.Counters {
		statements = append(statements, statement{sql: "insert into " + table("counter") + " values ($1,0,$2)", args: []any{name, n}})
	}
	return f.do(ctx, statements...)
}

// Snapshot runs fn over what is filled so far.
func (f *Fill) Snapshot(ctx context.Context, fn func(transfer.Snapshot) error) error {
	return f.db.Snapshot(ctx, fn)
}

// End makes a store of the schema.
func (f *Fill) End(ctx context.Context) error {
	return f.db.alone(ctx, func(conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, "delete from "+f.db.schema.table("meta")+" where name=$1 or starts_with(name,$2)", metaFilling, metaWhole)
		if err != nil {
			return err
		}
		var kinds []kindLayout
		for _, k := range f.db.schema.inOrder {
			kinds = append(kinds, k.layout())
		}
		return f.db.say(ctx, conn, kinds)
	})
}
