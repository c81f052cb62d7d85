package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"rator/store"
)

// statement is one of a batch, and who reads what it gives.
type statement struct {
	sql   string
	args  []any
	begin func()               // before the first row, also when it is sent once more; nil = nothing is to be done
	read  func(pgx.Rows) error // of each row; nil = it gives none, or none that matters
	done  func() error         // after the last row; nil = nothing is to be done
}

// trip runs statements with a connection of a pool, in one trip.
func (d *DB) trip(ctx context.Context, pool *pgxpool.Pool, statements []statement) error {
	conn, err := d.acquire(ctx, pool)
	if err != nil {
		return err
	}
	defer conn.Release()
	return send(ctx, conn.Conn(), statements)
}

// acquire gets a connection of a pool. A server that is not to be reached is an
// *unreached.
func (d *DB) acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conn, err := pool.Acquire(ctx)
	switch {
	case err == nil:
		return conn, nil
	case d.closed.Load():
		return nil, store.ErrClosed
	}
	return nil, &unreached{err}
}

// unreached says that nothing was sent to a server.
type unreached struct{ err error }

func (e *unreached) Error() string { return "store: no connection to the database: " + e.err.Error() }
func (e *unreached) Unwrap() error { return e.err }

// broken says that a connection broke, after something may have been sent.
type broken struct{ err error }

func (e *broken) Error() string {
	return "store: the connection to the database is lost: " + e.err.Error()
}
func (e *broken) Unwrap() error { return e.err }

// send runs statements in one trip. Without BEGIN they are one transaction of the
// database, as all is that a client sends until it waits. It fails with what the server
// said, a *pgconn.PgError, with what a statement's own functions did, or as *broken; then
// the connection is closed.
func send(ctx context.Context, conn *pgx.Conn, statements []statement) error {
	var batch pgx.Batch
	for _, s := range statements {
		batch.Queue(s.sql, s.args...)
	}
	results := conn.SendBatch(ctx, &batch)
	var own, failed error
	for _, s := range statements {
		if own, failed = s.take(results); own != nil || failed != nil {
			break
		}
	}
	if err := results.Close(); failed == nil {
		failed = err
	}
	var said *pgconn.PgError
	if failed != nil && !errors.As(failed, &said) {
		_ = conn.Close(ctx) // of what is broken
		return &broken{failed}
	}
	if own != nil {
		return own
	}
	return failed
}

// take reads what the statement gave: own is what its functions failed with.
func (s statement) take(results pgx.BatchResults) (own, failed error) {
	rows, err := results.Query()
	if err != nil {
		return nil, err
	}
	if s.begin != nil {
		s.begin()
	}
	for own == nil && rows.Next() {
		if s.read != nil {
			own = s.read(rows)
		}
	}
	rows.Close()
	if err := rows.Err(); err != nil || own != nil {
		return own, err
	}
	if s.done != nil {
		own = s.done()
	}
	return own, nil
}

// Ask is a statement about what lies beside the records of a store.
type Ask struct {
	SQL  string
	Args []any
	Row  func(scan func(into ...any) error) error // of each row; nil = it gives none
}

// Table is the name of a table of the schema, as statements say it.
func (d *DB) Table(name string) string { return d.schema.table(name) }

// Beside runs statements about what lies beside the records, as one transaction of the
// database, in one trip. What it writes is not safe yet from a crash of the database of
// the next second.
func (d *DB) Beside(ctx context.Context, asks ...Ask) error {
	var statements []statement
	for _, a := range asks {
		s := statement{sql: a.SQL, args: a.Args}
		if a.Row != nil {
			s.read = func(rows pgx.Rows) error { return a.Row(rows.Scan) }
		}
		statements = append(statements, s)
	}
	return d.trip(ctx, d.aside, statements)
}
