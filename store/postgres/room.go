package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// room is whether the database has some: a transaction that found none says so, until one
// that writes has gone through, or what tries it every few seconds.
type room struct {
	mu    sync.Mutex
	full  error // what found none; nil = there is some
	tried time.Time
}

// roomEach is how often room is looked for where there was none.
const roomEach = 5 * time.Second

// note takes in what a transaction that writes ended with.
func (r *room) note(err error) {
	var said *pgconn.PgError
	full := errors.As(err, &said) && said.Code == codeFull
	if err != nil && !full {
		return // it says nothing of the disk
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full = nil; full {
		r.full, r.tried = err, time.Now()
	}
}

// there says that there is none.
func (r *room) there() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full == nil {
		return nil
	}
	return fmt.Errorf("the database takes no changes until its disk has room again: %w", r.full)
}

// due says whether it is time to look for some.
func (r *room) due(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full == nil || now.Sub(r.tried) < roomEach {
		return false
	}
	r.tried = now
	return true
}

// tryRoom writes what takes some room, and undoes it.
func (d *DB) tryRoom(ctx context.Context) error {
	return d.trip(ctx, d.aside, []statement{
		{sql: "begin"},
		{sql: "insert into " + d.schema.table("witness") + " select -n, false from generate_series(1, 5000) n"},
		{sql: "rollback"},
	})
}
