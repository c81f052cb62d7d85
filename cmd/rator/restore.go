package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"rator/access"
	"rator/server"
	"rator/store"
	"rator/store/address"
)

type restoreCommand struct {
	Store   string `help:"Store file to make (default ${default}), or a database in which no store is." default:"rator.db" placeholder:"FILE|ADDRESS" env:"RATOR_STORE"`
	File    string `arg:"" help:"Backup to restore; it stays as it is."`
	Replace bool   `help:"Replace the store that is there; no server may have it." env:"-"`
}

func (c *restoreCommand) Help() string {
	return `Copies the backup beside the store's place, reads all of the copy as rator verify does, and only then
gives it the store's name: what has that name is the store from before, or the whole new one. A backup
that is damaged or cut off is refused. Breaches of business rules are told and restored: they were in
the store when it was backed up. The key of PINs is no part of a backup; when there are PINs that the
key beside the store does not open, it is said which file is missing.

  rator restore --store rator.db rator-2026-11-22.db
  rator restore --store rator.db --replace rator-2026-11-22.db`
}

func (c *restoreCommand) Run(t *terminal) error {
	if address.Is(c.Store) {
		return c.toDatabase(t)
	}
	target := c.Store
	if resolved, err := filepath.EvalSymlinks(target); err == nil {
		target = resolved
	}
	release, err := c.free(target)
	if err != nil {
		return err
	}
	defer release()
	f, err := os.CreateTemp(filepath.Dir(target), filepath.Base(target)+".part-*")
	if err != nil {
		return unreachable(err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := roomFor(c.File, filepath.Dir(target)); err != nil {
		return err
	}
	if err := server.CopyHeld(t.ctx, c.File, f); err != nil {
		return unreachable(fmt.Errorf("%s: %w", c.File, err))
	}
	if err := f.Sync(); err != nil {
		return err
	}
	records, err := c.examine(t, f.Name(), target)
	if err != nil {
		return fmt.Errorf("%s is not whole, so nothing was restored: %w", c.File, err)
	}
	if err := server.PlaceStore(f.Name(), target, c.Replace); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s: %d records restored from %s\n", c.Store, records, c.File)
	return err
}

// toDatabase restores to a database in which no store is, or what a run before left.
func (c *restoreCommand) toDatabase(t *terminal) error {
	if c.Replace {
		return misused(errors.New("--replace: a store in a database is not replaced; drop its schema, or name another one with search_path"))
	}
	if _, err := c.examine(t, c.File, c.File); err != nil {
		return fmt.Errorf("%s is not whole, so nothing was restored: %w", c.File, err)
	}
	return (&migrateCommand{From: c.File, To: c.Store}).Run(t)
}

// free sees to it that nothing is lost at the target: there is nothing, or it is to
// be replaced, and then no process has it or gets it until release.
func (c *restoreCommand) free(target string) (release func(), err error) {
	at, err := os.Stat(target)
	if errors.Is(err, fs.ErrNotExist) {
		return func() {}, nil
	}
	if err != nil {
		return nil, unreachable(err)
	}
	if from, err := os.Stat(c.File); err == nil && os.SameFile(from, at) {
		return nil, misused(fmt.Errorf("%s is the store itself", c.File))
	}
	if !c.Replace {
		return nil, misused(fmt.Errorf("%s exists; name another --store, or replace it with --replace", c.Store))
	}
	held, err := server.HoldStore(target)
	if err != nil {
		return nil, unreachable(fmt.Errorf("store %s: %w", c.Store, err))
	}
	return func() { held.Close() }, nil
}

// roomFor fails when a copy of the file has no room in dir.
func roomFor(file, dir string) error {
	at, err := os.Stat(file)
	var room syscall.Statfs_t
	if err == nil {
		err = syscall.Statfs(dir, &room)
	}
	if err != nil {
		return unreachable(err)
	}
	if free := int64(room.Bavail) * int64(room.Bsize); at.Size() > free {
		return fmt.Errorf("%s has %d bytes and %s room for %d; nothing was restored", file, at.Size(), dir, free)
	}
	return nil
}

// examine reads all of a copy. It fails when that is damaged, and says what else is to
// be known before it is served as target.
func (c *restoreCommand) examine(t *terminal, file, target string) (records int64, err error) {
	st, closeStore, err := server.OpenForReading(t.ctx, file)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, closeStore()) }()
	if records, err = undamaged(t.ctx, st); err != nil {
		return 0, err
	}
	faults := 0
	_, err = server.VerifyBusiness(t.ctx, st, access.Anchor{}, func(fault error) {
		faults++
		fmt.Fprintln(t.out, fault)
	})
	if faults > 0 {
		fmt.Fprintf(t.err, "rator: warning: %d faults, which were in the store when it was backed up; rator verify tells them again\n", faults)
	}
	return records, errors.Join(err, tellPINs(t, st, server.KeyFileOf(target)))
}

// tellPINs warns of PINs that the key in a file does not open, or that have none.
func tellPINs(t *terminal, st store.Store, keyFile string) error {
	k, _ := server.ReadKeyFile(keyFile) // no key reads none
	return st.View(t.ctx, func(tx store.Tx) error {
		kept, closed, err := k.PINs.Kept(tx)
		if closed > 0 {
			fmt.Fprintf(t.err, "rator: warning: the store has %d PINs, of which %d cannot be read with %s; backups do not have the key: bring the file of that name from beside the store that was backed up, or name it with --tmf-pin-key, before the store is served\n", kept, closed, keyFile)
		}
		return err
	})
}
