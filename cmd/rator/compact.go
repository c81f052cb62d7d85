package main

import (
	"errors"
	"fmt"
	"os"

	"rator/server"
	"rator/store"
	"rator/store/address"
)

type compactCommand struct {
	storeFlag
	To string `arg:"" help:"File to write."`
}

func (c *compactCommand) Help() string {
	return `A store's file never gets smaller: what is deleted or rewritten leaves room that is used again. The copy
has no such room. It is of one moment, also while a server has the store and changes it, is read as rator verify
does, and takes its name when it is whole; an existing file is not replaced. Beside it there must be room
for a usual backup meanwhile. To serve it, stop the server first, so that nothing comes after the
copy, and put it in the store's place with rator restore --replace.

  rator compact --store rator.db compact.db`
}

func (c *compactCommand) Run(t *terminal) error {
	if err := c.find(t); err != nil {
		return err
	}
	if address.Is(c.Store) {
		return misused(errors.New("a store in a database has no file that could be compact: PostgreSQL frees its room by itself (autovacuum), or by VACUUM; rator backup writes a compact file of it"))
	}
	usual, err := fresh(c.To)
	if err != nil {
		return err
	}
	defer os.Remove(usual.Name())
	defer usual.Close()
	told := &shownProgress{out: t.err}
	defer told.end()
	if err := (&backupCommand{storeFlag: c.storeFlag}).copyShown(t, usual, told); err != nil {
		return err
	}
	told.end()
	before, err := usual.Stat()
	if err != nil {
		return err
	}
	small, err := fresh(c.To)
	if err != nil {
		return err
	}
	defer os.Remove(small.Name())
	defer small.Close()
	shown := newProgress(t.err, megabytes(before.Size()), 0)
	shown.noun, shown.bad = "MB", ""
	size, err := server.CompactStore(t.ctx, usual.Name(), small.Name(), func(copied int64) { shown.set(megabytes(copied), 0) })
	shown.end()
	if err != nil {
		return err
	}
	read := &shownProgress{out: t.err}
	defer read.end()
	if err := durable(store.Telling(t.ctx, read.show), t, small); err != nil {
		return err
	}
	if err := server.PlaceStore(small.Name(), c.To, false); err != nil {
		return err
	}
	read.end()
	_, err = fmt.Fprintf(t.out, "%s: %d bytes, of %d\n", c.To, size, before.Size())
	return err
}

func megabytes(n int64) int { return int(n >> 20) }
