package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"rator/store/address"
	"rator/store/bolt"
	"rator/store/postgres"
	"rator/store/transfer"
)

// fillingSuffix is what a file's name ends with until all of it is there.
const fillingSuffix = ".filling"

// MoveStore brings all of a store, in a file or a database, to another place, where nothing
// is, or what a run before left there. Nobody serves or changes the source meanwhile. It is
// transfer.Copy.
func MoveStore(ctx context.Context, from, to string, say func(string)) (done transfer.Done, err error) {
	source, release, err := sourceAt(ctx, from)
	if err != nil {
		return done, &OpenError{err}
	}
	defer func() { err = errors.Join(err, release()) }()
	if address.Is(to) {
		target, err := postgres.OpenFill(ctx, to, postgres.Options{Connections: 4, Name: "rator migrate"})
		if err != nil {
			return done, &OpenError{err}
		}
		done, err = transfer.Copy(ctx, source, target, say)
		return done, errors.Join(err, target.Close())
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return done, &OpenError{fmt.Errorf("%s exists; name a new file", to)}
	}
	part := to + fillingSuffix
	f, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return done, &OpenError{err}
	}
	if done, err = fillFile(ctx, source, part, say); err != nil {
		return done, err
	}
	return done, bolt.Place(part, to, false)
}

// sourceAt opens a store that nobody changes until release.
func sourceAt(ctx context.Context, place string) (source transfer.Source, release func() error, err error) {
	if address.Is(place) {
		st, err := postgres.Open(ctx, place, postgres.Options{Connections: 4, As: postgres.Owner, Name: "rator migrate"})
		if err != nil {
			return nil, nil, err
		}
		return st, st.Close, nil
	}
	var held io.Closer
	if held, err = bolt.Hold(place, true); err != nil {
		return nil, nil, fmt.Errorf("store %s: %w", place, err)
	}
	st, closeStore, err := OpenForReading(ctx, place)
	if err != nil {
		return nil, nil, errors.Join(err, held.Close())
	}
	return st.(transfer.Source), func() error { return errors.Join(closeStore(), held.Close()) }, nil
}

func fillFile(ctx context.Context, source transfer.Source, file string, say func(string)) (transfer.Done, error) {
	target, err := bolt.OpenFill(file)
	if err != nil {
		return transfer.Done{}, &OpenError{err}
	}
	done, err := transfer.Copy(ctx, source, target, say)
	return done, errors.Join(err, target.Close())
}

// BackupDatabase makes a store of a file that is empty, from a database that may be served.
func BackupDatabase(ctx context.Context, from, file string) error {
	st, err := postgres.Open(ctx, from, postgres.Options{Connections: 4, Name: "rator backup"})
	if err != nil {
		return &OpenError{err}
	}
	_, err = fillFile(ctx, st, file, func(string) {})
	return errors.Join(err, st.Close())
}

// Schema gives the statements that make the tables of a database, or, with its address, those
// that bring it to what this program needs.
func Schema(ctx context.Context, at string) ([]string, error) {
	says, err := postgres.Schema(ctx, at)
	if err != nil {
		return nil, &OpenError{err}
	}
	return says, nil
}
