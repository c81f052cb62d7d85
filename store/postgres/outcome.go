package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"rator/store"
)

// A batch that writes has a witness, a row of a number that no other has. Where its answer
// is lost, whoever sent it tries to write such a row that says that it was not committed. One
// of the two is there in the end: where it is the batch's, that was committed; where not, it
// never will be, also when the server has yet to read it. While nobody knows, the server has
// the second one wait.

// newWitness is a number that no other batch has, in order of time.
func newWitness() int64 { return time.Now().UnixNano()&^(1<<20-1) | rand.Int64N(1<<20) }

// witnessesBefore is below which witnesses are of no use: nobody asks for so long.
func witnessesBefore() int64 { return time.Now().Add(-time.Hour).UnixNano() }

// errNotCommitted is what an Update hears whose answer was lost, and which was not
// committed: it is run again.
var errNotCommitted = errors.New("store: the connection was lost before the commit")

// lost says whether err leaves open what became of a batch.
func lost(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		// What ends a connection may come while a commit is under way.
		return said.Code == "57P01" || said.Code == "57P02" || said.Code[:2] == "08"
	}
	return errors.As(err, new(*broken))
}

// outcome finds out what became of a batch whose answer was lost by err: nil, it was
// committed; errNotCommitted; or store.ErrOutcomeUnknown, when no server answers until end.
func (d *DB) outcome(ctx context.Context, witness int64, end time.Time, err error) error {
	for p := newPatience(end); ; {
		committed, asked := d.witnessed(ctx, witness)
		switch {
		case asked == nil && committed:
			return nil
		case asked == nil:
			return fmt.Errorf("%w: %w", errNotCommitted, err)
		case p.over():
			return fmt.Errorf("%w: %w; asked for it: %w", store.ErrOutcomeUnknown, err, asked)
		}
		p.pause(asked)
	}
}

// witnessed says whether a batch was committed, and sees to it that it never is if not.
func (d *DB) witnessed(ctx context.Context, witness int64) (committed bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, d.pool.Config().ConnConfig) // none that broke with the other
	if err != nil {
		return false, &unreached{err}
	}
	defer func() { _ = conn.Close(ctx) }() // it was for one question
	table := d.schema.table("witness")
	insert := "insert into " + table + " values ($1,false) on conflict do nothing"
	err = send(ctx, conn, []statement{
		{sql: insert, args: []any{witness}},
		{sql: "select committed from " + table + " where try=$1", args: []any{witness}, read: func(rows pgx.Rows) error { return rows.Scan(&committed) }},
		// A backend that is ended while it waits for a synchronous standby leaves its commit
		// on the primary alone. What is written after it waits as well, and is there when all
		// before it is.
		{sql: insert, args: []any{newWitness()}},
	})
	return committed, err
}
