package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// statement is one of a batch, and who reads what it gives.
type statement struct {
	sql  string
	args []any
	read func(pgx.Rows) error // of each row; nil = it gives none, or none that matters
	done func() error         // after the last row; nil = nothing is to be done
}

// send runs statements in one trip. Without BEGIN they are one transaction of the
// database, as all is that a client sends until it waits.
func send(ctx context.Context, conn *pgx.Conn, statements []statement) error {
	var batch pgx.Batch
	for _, s := range statements {
		batch.Queue(s.sql, s.args...)
	}
	results := conn.SendBatch(ctx, &batch)
	for _, s := range statements {
		if err := s.take(results); err != nil {
			return errors.Join(err, results.Close())
		}
	}
	return results.Close()
}

// take reads what the statement gave.
func (s statement) take(results pgx.BatchResults) error {
	rows, err := results.Query()
	if err != nil {
		return err
	}
	for err == nil && rows.Next() {
		if s.read != nil {
			err = s.read(rows)
		}
	}
	rows.Close()
	if err = errors.Join(err, rows.Err()); err == nil && s.done != nil {
		err = s.done()
	}
	return err
}
