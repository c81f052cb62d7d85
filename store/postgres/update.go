package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"rator/failure"
	"rator/store"
)

// Update runs fn, and again when what it read was changed meanwhile or the database could
// not take what it wrote, for so long that a caller waits.
func (d *DB) Update(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if d.closed.Load() {
		return store.ErrClosed
	}
	var done Done
	t, err := d.tries(ctx, fn, &done)
	if err != nil || t.writes() {
		d.room.note(err)
	}
	if observe := d.options.Observe; observe != nil {
		done.Update, done.Err = true, err
		observe(done)
	}
	if err == nil {
		t.runAfter()
	}
	return err
}

func (d *DB) tries(ctx context.Context, fn func(store.Tx) error, done *Done) (*tx, error) {
	for p := newPatience(time.Now().Add(giveUp)); ; done.Retries++ {
		t, err := d.try(ctx, fn, p.end, done)
		switch {
		case err == nil || errors.Is(err, store.ErrOutcomeUnknown) || !repeats(err):
			return t, told(err)
		case p.over():
			return t, told(fmt.Errorf("store: tried for %s: %w", giveUp, err))
		}
		done.Causes = append(done.Causes, cause(err))
		p.pause(err)
	}
}

// cause is why a transaction is tried again, in a word.
func cause(err error) string {
	var said *pgconn.PgError
	switch {
	case errors.Is(err, errMoved) || errors.As(err, &said) && said.Code == codeMoved:
		return "moved"
	case said != nil:
		return said.Code
	}
	return "connection"
}

// try runs fn once, and commits.
func (d *DB) try(ctx context.Context, fn func(store.Tx) error, end time.Time, done *Done) (t *tx, err error) {
	t = &tx{db: d, base: newBase(ctx, d, false), own: newOwn(), fresh: map[store.ID]bool{}, updates: true, now: d.now()}
	t.base.assumes = done.Retries == 0
	defer func() {
		t.end()
		if err != nil && !errors.Is(err, store.ErrOutcomeUnknown) {
			t.failed()
		}
		done.Trips += t.base.done.Trips
		done.Statements += t.base.done.Statements
	}()
	if err = fn(t); err == nil {
		err = t.told.Finish(t)
	}
	if t.base.err != nil {
		return t, t.base.err // whatever fn made of it
	}
	if err == nil && t.writes() {
		return t, t.commit(end)
	}
	if moved := t.settled(); moved != nil {
		return t, moved
	}
	return t, err
}

// settled says whether what the transaction read, and writes nothing for, is of one state
// that is not older than the transaction.
func (t *tx) settled() error {
	if t.base.asked < 2 && len(t.base.copied) == 0 && !t.base.assumed {
		return nil
	}
	b := t.batch(false)
	if len(b.statements) == 0 {
		return nil
	}
	return t.send(b)
}

// send sends a batch.
func (t *tx) send(b *batch) error {
	t.base.done.Trips++
	t.base.done.Statements += len(b.statements)
	err := t.base.finish(b.statements)
	if err != nil && len(t.base.copied) > 0 {
		t.db.stable.forget()
	}
	return err
}

// commit writes what the transaction wrote. What became of it, it tries to find out until end.
func (t *tx) commit(end time.Time) error {
	b := t.batch(true)
	stable := t.wroteStable()
	t.db.stable.begin(stable)
	sent := time.Now()
	err := t.send(b)
	t.db.ids.drop(err)
	if lost(err) {
		err = t.db.outcome(t.base.ctx, b.witness, end, err)
		b.versions = nil // whatever it is, somebody reads them
	} else if err != nil {
		b.versions = nil
	}
	t.db.stable.end(stable, b.versions)
	if s := t.db.standby; s != nil && err == nil {
		s.acknowledged(mark{witness: b.witness, sent: sent})
	}
	return err
}

// Codes of PostgreSQL, and one of ours.
const (
	codeMoved = "RTR01" // raised by the schema's sure()
	codeLate  = "RTR02" // raised by the schema's recent()
	codeLost  = "RTR03" // raised by the schema's held()
	codeFull  = "53100"
	codeTaken = "23505"
)

// repeating are the codes after which the same may go through.
var repeating = map[string]bool{
	codeMoved: true,
	codeLate:  true,
	codeTaken: true, // a unique value was taken meanwhile
	"40001":   true, // serialization failure
	"40P01":   true, // deadlock
	"55P03":   true, // a lock was not to be had
	"57014":   true, // a statement took too long
	"57P01":   true, // the server, or the connection, is shut down
	"57P02":   true, // the server crashed
	"57P03":   true, // the server starts
	"53300":   true, // too many connections
	"25006":   true, // a standby, which is about to be none
}

// repeats says whether a transaction that failed by err is worth another try: nothing of it
// is kept.
func repeats(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		return repeating[said.Code] || said.Code[:2] == "08"
	}
	return errors.Is(err, errMoved) || errors.Is(err, errNotCommitted) || errors.As(err, new(*unreached)) || errors.As(err, new(*broken))
}

// told is what callers are told of what the database failed with.
func told(err error) error {
	var said *pgconn.PgError
	switch {
	case errors.As(err, &said) && said.Code == codeFull:
		return store.Full.Because(err)
	case said != nil && said.Code == codeLost:
		return fmt.Errorf("%w: %w", store.ErrLeaseLost, err)
	case repeats(err):
		return failure.TryAgain.Because(err)
	}
	return err
}
