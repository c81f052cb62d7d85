package store

import (
	"errors"
	"fmt"

	"rator/failure"
)

var (
	// ErrAbsent: no such record.
	ErrAbsent = errors.New("store: no such record")
	// ErrStale: the record changed since it was read.
	ErrStale = errors.New("store: record changed since it was read")
	// ErrReadOnly: a write inside View, or to a store that was opened for reading.
	ErrReadOnly = errors.New("store: write in a read-only transaction")
	// ErrSumInUpdate: a Sum that an Update would have to be repeated for, whatever
	// others add meanwhile.
	ErrSumInUpdate = errors.New("store: Sum in an Update; ask in a View")
	// ErrNested: an Update begun inside an Update's closure, which would wait for
	// itself. Hand the Tx on instead.
	ErrNested = errors.New("store: Update inside Update; use the Tx at hand")
	// ErrOutcomeUnknown: the commit failed in a way that leaves open whether it
	// is durable. Repeat with the same request id.
	ErrOutcomeUnknown = errors.New("store: outcome unknown")
	// ErrNoWrites: an earlier sync failed, so this process takes no more writes.
	ErrNoWrites = errors.New("store: a sync failed")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store: closed")
)

// IsAnswer reports whether an error of a Tx is an answer to what it was asked: it changes
// nothing and leaves the Tx usable. Any other is the driver's own.
func IsAnswer(err error) bool {
	switch {
	case err == ErrAbsent: // what most are
		return true
	case errors.Is(err, ErrAbsent), errors.Is(err, ErrStale), errors.Is(err, ErrReadOnly), errors.Is(err, ErrSumInUpdate):
		return true
	}
	var (
		taken *TakenError
		key   *KeyError
		text  *TextError
		bad   *BadRecordError
	)
	return errors.As(err, &taken) || errors.As(err, &key) || errors.As(err, &text) || errors.As(err, &bad)
}

// NoWrites is ErrNoWrites as callers of every face are told it, with BUSY: the same
// request is taken after the restart.
func NoWrites() error {
	return &failure.Error{Code: failure.TryAgain, Detail: "the server takes no changes until it is restarted", Cause: ErrNoWrites}
}

// TakenError says which unique index already has the value; the index is "id"
// when a record of that id exists.
type TakenError struct{ Index, Value string }

func (e *TakenError) Error() string { return fmt.Sprintf("store: %s %q is taken", e.Index, e.Value) }

// BadRecordError says that a record is damaged: its checksum or format is wrong,
// or it and its indexes disagree. The record is never returned as data.
type BadRecordError struct {
	Kind   string
	ID     ID
	Reason string
}

func (e *BadRecordError) Error() string {
	return fmt.Sprintf("store: %s %s: %s", e.Kind, e.ID, e.Reason)
}

// Panic is what Update panics with when fn panicked on a goroutine of the
// driver: what fn panicked with, and where.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// Unwrap gives what fn panicked with if that was an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
