package bolt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"rator/store"
)

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = time.Second

// ErrOlder is what Open for reading refuses a file with whose indexes an older
// version wrote: opened for writing once, it gets those of this one.
var ErrOlder = errors.New("its indexes are of an older version; open it for writing once")

// Open opens the file at path, or makes it where there is none, with a place for
// every Kind defined so far. It refuses a file that another process has open, that
// is cut off or damaged in its structure, that is no store, as an empty one, or
// whose format is unknown, and leaves it as it is. When a kind's list of indexes
// changed since the file was written, Open builds its indexes anew; it refuses when
// that finds a value twice in a unique one.
func Open(path string, o Options) (*DB, error) {
	return open(path, o, store.Infos())
}

func open(path string, o Options, infos []store.Info) (*DB, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !o.ReadOnly {
		err = create(path, o, infos)
	}
	if err == nil {
		ctx := context.Background()
		if o.Walked != nil {
			ctx = store.Telling(ctx, o.Walked)
		}
		err = inspect(ctx, path)
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	d, err := openBolt(path, o, infos)
	if err == nil {
		err = d.load(infos)
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	if o.ReadOnly {
		close(d.stopped)
	} else {
		go d.write(newWriter(d))
	}
	return d, nil
}

// openBolt has bbolt open the file, and runs no writer yet.
func openBolt(path string, o Options, infos []store.Info) (*DB, error) {
	file, err := openFile(path, &bbolt.Options{
		ReadOnly:        o.ReadOnly,
		InitialMmapSize: cmp.Or(o.InitialMmapSize, 1<<30),
		NoFreelistSync:  true,
		FreelistType:    bbolt.FreelistMapType,
		NoSync:          o.Unsynced,
	})
	if err != nil {
		return nil, err
	}
	d := &DB{
		file:    file,
		path:    path,
		options: o,
		kinds:   map[string]*kind{},
		queue:   make(chan *request),
		closing: make(chan struct{}),
		stopped: make(chan struct{}),
		commit:  (*bbolt.Tx).Commit,
		waits:   usualWaits,
	}
	now := settled{}
	for _, info := range infos {
		d.kinds[info.Name] = newKind(info)
		if info.Stable {
			now[info.Name] = store.NewCopies()
		}
	}
	d.settled.Store(&now)
	return d, nil
}

func openFile(path string, o *bbolt.Options) (*bbolt.DB, error) {
	o.Timeout = lockWait
	var opened os.FileInfo
	o.OpenFile = func(name string, flag int, mode os.FileMode) (*os.File, error) {
		f, err := os.OpenFile(name, flag&^os.O_CREATE, mode)
		if err == nil && opened == nil {
			opened, err = f.Stat()
		}
		return f, err
	}
	file, err := openDamaged(path, o)
	if err == nil {
		if err = stillAt(path, opened); err != nil {
			return nil, errors.Join(err, file.Close())
		}
	}
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, errHeld
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrChecksum):
		return nil, fmt.Errorf("it is no store, or its first pages are damaged; restore a backup: %w", err)
	}
	return file, err
}

// inspect looks at the structure of a file before bbolt is let at it for
// writing: bbolt trusts page numbers and offsets, and ends the process over a
// wrong one. Of one that was closed (mark.go) it looks at the length only.
func inspect(ctx context.Context, path string) error {
	stat, err := os.Stat(path)
	if err != nil {
		return err
	}
	if stat.Size() == 0 {
		return errors.New("it is empty, so it is no store; restore a backup, or remove it to have a new store made")
	}
	file, err := openFile(path, &bbolt.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	var first error
	closed := marked(file)
	err = file.View(func(tx *bbolt.Tx) error {
		// Looked up under the lock: another process may have made it grow.
		if stat, err = os.Stat(path); err != nil {
			return err
		}
		if stat.Size() < tx.Size() {
			return fmt.Errorf("it is cut off: %d of %d bytes are there; restore a whole backup", stat.Size(), tx.Size())
		}
		if closed {
			return nil
		}
		if sound, _, err := (&walk{path: path, tx: tx}).sound(ctx); sound || err != nil {
			return err
		}
		return checkPages(path, tx, func(fault error) { first = cmp.Or(first, fault) })
	})
	if err == nil && first != nil {
		err = fmt.Errorf("it is damaged, restore a backup: %w", first)
	}
	return errors.Join(err, file.Close())
}

// load reads the layout and brings it up to the kinds of the program. It closes
// the file when that cannot be.
func (d *DB) load(infos []store.Info) error {
	err := d.file.View(func(tx *bbolt.Tx) (err error) {
		d.layout, err = readLayout(tx)
		return err
	})
	if err == nil && !d.options.ReadOnly && marked(d.file) {
		err = d.unmark()
	}
	if err == nil {
		err = d.migrate(infos)
	}
	if err == nil {
		err = d.clock.Resume(d.layout.newest)
	}
	if err != nil {
		return errors.Join(err, d.file.Close())
	}
	return nil
}

// openDamaged is bbolt.Open, which panics over some pages that a disk has lost.
func openDamaged(path string, o *bbolt.Options) (file *bbolt.DB, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			file, err = nil, fmt.Errorf("its list of free pages is damaged; restore a backup: %v", cause)
		}
	}()
	return bbolt.Open(path, 0o600, o)
}
