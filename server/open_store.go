package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rator/clock"
	"rator/store"
	"rator/store/address"
	"rator/store/bolt"
	"rator/tmf/hub"
)

// OpenUnserved opens a store that no server has, by its own clock; one in a database, which
// may have a server, as well. Migrating is told how far new indexes are.
func OpenUnserved(ctx context.Context, file string, clk *clock.Clock, migrating func(kind string, records int64)) (store.Store, func() error, error) {
	if address.Is(file) {
		return openBeside(ctx, file, clk, migrating)
	}
	st, err := bolt.Open(file, bolt.Options{Now: clk.Now, Migrating: migrating, Walked: tellsWalk(ctx)})
	if err != nil {
		return nil, nil, err
	}
	if err := clk.Resume(ctx, st); err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	return hub.NoteChanges(st, nil), st.Close, nil
}

// OpenServed opens the store of a server that has a name. In a context of store.Telling it tells how far it
// is in one that was not closed, as the others do.
func OpenServed(ctx context.Context, file, name string, clk *clock.Clock, m *Metrics, standby Standby, migrating func(kind string, records int64)) (store.Store, error) {
	if address.Is(file) {
		return openDatabase(ctx, file, name, clk, m, standby, migrating)
	}
	st, err := bolt.Open(file, bolt.Options{Now: clk.Now, Observe: m.Committed, Migrating: migrating, Walked: tellsWalk(ctx)})
	if err != nil {
		return nil, err
	}
	return st, nil
}

func tellsWalk(ctx context.Context) func(store.Progress) {
	return func(p store.Progress) { store.Tell(ctx, p) }
}

// OpenForReading opens a store and leaves its file as it is. What an older version
// wrote cannot be read as it is: then a copy is brought up to date and read, which
// lies in the temporary directory until closeStore.
func OpenForReading(ctx context.Context, file string) (st store.Store, closeStore func() error, err error) {
	if address.Is(file) {
		return openBeside(ctx, file, &clock.Clock{}, nil)
	}
	db, err := bolt.Open(file, bolt.Options{ReadOnly: true, Walked: tellsWalk(ctx)})
	if err == nil {
		return db, db.Close, nil
	}
	if !errors.Is(err, bolt.ErrOlder) {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "rator-older-*")
	if err != nil {
		return nil, nil, err
	}
	copied, err := os.Create(filepath.Join(dir, filepath.Base(file)))
	if err == nil {
		err = errors.Join(CopyHeld(ctx, file, copied), copied.Close())
	}
	if err == nil {
		db, err = bolt.Open(copied.Name(), bolt.Options{Unsynced: true})
	}
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("store %s is of an older version, and its copy for reading fails (TMPDIR says where it lies): %w", file, err), os.RemoveAll(dir))
	}
	return db, func() error { return errors.Join(db.Close(), os.RemoveAll(dir)) }, nil
}

// CopyHeld copies the file of a store while nobody writes it.
func CopyHeld(ctx context.Context, file string, to io.Writer) error {
	from, err := bolt.Hold(file, true)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, store.Reader(ctx, from))
	return errors.Join(err, from.Close())
}

// HoldStore keeps every process from the store in a file until it is closed.
func HoldStore(file string) (io.Closer, error) {
	held, err := bolt.Hold(file, false)
	if err != nil {
		return nil, err
	}
	return held, nil
}

// CompactStore writes a store that nobody changes into an empty file, without the room that
// nothing takes; told is told how many bytes are copied.
func CompactStore(ctx context.Context, from, to string, told func(copied int64)) (size int64, err error) {
	return bolt.Compact(ctx, from, to, told)
}

// PlaceStore gives a whole copy of a store its name: what has that name is what had it
// before, or the copy.
func PlaceStore(copied, file string, replace bool) error { return bolt.Place(copied, file, replace) }

// OpenToFill opens a store that is made anew and missed by nobody when the machine fails
// meanwhile: who keeps it syncs its file afterwards.
func OpenToFill(file string, clk *clock.Clock) (store.Store, func() error, error) {
	st, err := bolt.Open(file, bolt.Options{Now: clk.Now, Unsynced: true})
	if err != nil {
		return nil, nil, err
	}
	return hub.NoteChanges(st, nil), st.Close, nil
}
