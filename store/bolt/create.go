package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"rator/store"
)

// create makes a new store beside path, which takes its name when it is whole: what
// has that name is never half a store, whenever the machine stops.
func create(path string, o Options, infos []store.Info) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := f.Close(); err != nil {
		return err
	}
	d, err := openBolt(f.Name(), Options{Now: o.Now, Unsynced: o.Unsynced, InitialMmapSize: 1}, infos)
	if err != nil {
		return err
	}
	if err := errors.Join(d.migrate(infos), d.file.Close()); err != nil {
		return err
	}
	if err := Place(f.Name(), path, false); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil // another process was faster
}

// Place gives the whole and synced file temp, which lies in the same directory, the
// name path, and returns when that is durable. It fails with fs.ErrExist where there
// is a file of that name, unless it is to replace it: then the name is at every
// moment that of one of the two.
func Place(temp, path string, replace bool) error {
	if !replace {
		err := os.Link(temp, path)
		if err == nil {
			return errors.Join(os.Remove(temp), syncDirectory(filepath.Dir(path)))
		}
		if errors.Is(err, fs.ErrExist) {
			return err
		}
		if _, err := os.Lstat(path); err == nil { // not every file system has links
			return &fs.PathError{Op: "rename", Path: path, Err: fs.ErrExist}
		}
	}
	return errors.Join(os.Rename(temp, path), syncDirectory(filepath.Dir(path)))
}

func syncDirectory(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
