package scratch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"time"

	"rator/server"
	"rator/store"
	"rator/store/bolt"
)

// places are where scratch stores lie, files or Databases: each is named by a text.
type places interface {
	// fresh is a place where nothing is.
	fresh(ctx context.Context) (place string, err error)
	// prepared is told that what is to be copied is in a place now, which nobody has open.
	prepared(ctx context.Context, place string) error
	// copied is a place with what another has, which nobody has open; dir may be "".
	copied(ctx context.Context, from, dir string) (place string, err error)
	open(ctx context.Context, place string, now func() time.Time, m *server.Metrics) (store.Store, error)
	remove(ctx context.Context, place string) error
}

// files are places in a folder, each the name of a file.
type files struct{ dir string }

func (f files) fresh(context.Context) (string, error) {
	file, err := os.CreateTemp(f.dir, "prepared-*.db")
	if err != nil {
		return "", err
	}
	return file.Name(), errors.Join(file.Close(), os.Remove(file.Name())) // an empty file is no store
}

func (files) prepared(context.Context, string) error { return nil }

func (f files) copied(_ context.Context, from, dir string) (string, error) {
	file, err := os.CreateTemp(cmp.Or(dir, f.dir), "scratch-*.db")
	if err != nil {
		return "", err
	}
	if err := errors.Join(file.Close(), copyFile(from, file.Name())); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

func copyFile(from, to string) error {
	prepared, err := os.Open(from)
	if err != nil {
		return err
	}
	defer prepared.Close()
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, prepared)
	return errors.Join(err, f.Close())
}

func (files) open(_ context.Context, place string, now func() time.Time, m *server.Metrics) (store.Store, error) {
	return bolt.Open(place, bolt.Options{Now: now, Observe: m.Committed, Unsynced: true, InitialMmapSize: 1 << 26})
}

func (files) remove(_ context.Context, place string) error { return os.RemoveAll(place) }
