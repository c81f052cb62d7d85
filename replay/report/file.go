package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// File is a report's file that comes whole or not at all: it is written beside its
// place, and put there by Commit.
type File struct {
	*os.File
	place string
	done  bool
}

// Create begins the file that will be at place; what is there stays until Commit.
func Create(place string) (*File, error) {
	f, err := os.CreateTemp(filepath.Dir(place), ".new-*")
	if err != nil {
		var at *os.PathError
		if errors.As(err, &at) {
			err = at.Err // the name of the temporary file helps nobody
		}
		return nil, fmt.Errorf("cannot write %s: %w", place, err)
	}
	return &File{File: f, place: place}, nil
}

// Commit puts the file into its place. After an error it is gone.
func (f *File) Commit() error {
	f.done = true
	err := errors.Join(f.Chmod(0o644), f.File.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.place)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// Close removes what was not committed; after Commit it does nothing.
func (f *File) Close() error {
	if f.done {
		return nil
	}
	f.done = true
	return errors.Join(f.File.Close(), os.Remove(f.Name()))
}
