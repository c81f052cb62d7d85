package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rator/server"
	"rator/store"
	"rator/store/address"
)

type backupCommand struct {
	storeFlag
	To string `arg:"" help:"File to write; - for standard output."`
}

func (c *backupCommand) Help() string {
	return `The copy is consistent, also while a server has the store and changes it. It is written
beside the target and takes its name when it is whole; an existing file is not replaced. Of a store in a
database too it is a file, which rator serves as it is, or brings back with rator restore.

  rator backup --store rator.db rator-2026-11-22.db
  rator backup --store postgres://rator@db.example.net/rator rator-2026-11-22.db`
}

func (c *backupCommand) Run(t *terminal) error {
	if c.To == "-" {
		return c.copy(t, t.out)
	}
	f, err := fresh(c.To)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	defer f.Close()
	shown := &shownProgress{out: t.err}
	defer shown.end()
	if err := c.copyShown(t, f, shown); err != nil {
		return err
	}
	if err := durable(store.Telling(t.ctx, shown.show), t, f); err != nil {
		return err
	}
	if err := server.PlaceStore(f.Name(), c.To, false); err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	shown.end()
	if err == nil {
		fmt.Fprintf(t.out, "%s: %d bytes\n", c.To, size)
	}
	return err
}

// fresh makes a file beside one that is not there, to be given its name.
func fresh(path string) (*os.File, error) {
	if _, err := os.Stat(path); err == nil {
		return nil, misused(fmt.Errorf("%s exists; name a new file", path))
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return nil, unreachable(err)
	}
	return f, nil
}

// copyShown is copy that shows how far it is. The file may have room at its end that is not
// copied.
func (c *backupCommand) copyShown(t *terminal, f *os.File, shown *shownProgress) error {
	to := io.Writer(f)
	if err := c.find(t); err != nil {
		return err
	}
	if address.Is(c.Store) {
		return reached(server.BackupDatabase(store.Telling(t.ctx, shown.show), c.Store, f.Name()))
	}
	if info, err := os.Stat(c.Store); err == nil {
		to = shown.counted(to, info.Size())
	}
	return c.copy(t, to)
}

func (c *backupCommand) copy(t *terminal, to io.Writer) error {
	return c.read(t, to, nil, []string{"backup", "-"}, func(st store.Store) error {
		_, err := st.Backup(t.ctx, to)
		return err
	})
}

// durable has a copy written to the disk, and meanwhile reads all of it.
func durable(ctx context.Context, t *terminal, f *os.File) error {
	letGarbageGather(t)
	synced := make(chan error, 1)
	go func() { synced <- f.Sync() }()
	err := whole(ctx, f.Name())
	if err != nil {
		err = fmt.Errorf("the copy is not whole, so it was dropped: %w", err)
	}
	return errors.Join(err, <-synced)
}

// whole opens a copy and reads all of it.
func whole(ctx context.Context, file string) error {
	st, closeStore, err := server.OpenForReading(ctx, file)
	if err != nil {
		return err
	}
	_, err = undamaged(ctx, st)
	return errors.Join(err, closeStore())
}

// undamaged reads all of a store, and fails with the first thing that is wrong in its
// records and where they lie. What the business finds wrong in them is another matter.
func undamaged(ctx context.Context, st store.Store) (records int64, err error) {
	var first error
	records, err = st.Verify(ctx, func(fault error) {
		if first == nil {
			first = fault
		}
	})
	return records, errors.Join(err, first)
}
