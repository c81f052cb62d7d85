package main

import (
	"errors"
	"fmt"
	"os"

	"rator/server"
	"rator/store"
	"rator/store/address"
)

type migrateCommand struct {
	From string `help:"Store to bring over; nobody may serve it meanwhile, and it stays as it is." placeholder:"FILE|ADDRESS" required:"" env:"-"`
	To   string `help:"Where to: a new file, or a database in which no store is." placeholder:"FILE|ADDRESS" required:"" env:"-"`
}

func (c *migrateCommand) Help() string {
	return `Brings all that a store has into another place, from a file to a database of PostgreSQL, back, or from one
to another of its sort: customers, audit, kept replies, events and the cursors of who reads them,
numbers and ids. Then reads it again: count and sum of each kind are those of the source, or
it fails. Until the end the target is no store, and rator serve refuses it. Who stopped it, or had it
killed, gives the same command again: it goes on, and says with what. To begin anew, remove
FILE.filling, or drop the schema.

The key of PINs is a file beside the store, which does not come along: name it with --tmf-pin-key. Neither
does the call log.

  rator migrate --from rator.db --to postgres://rator@db.example.net/rator
  rator migrate --from postgres://rator@db.example.net/rator --to rator.db`
}

func (c *migrateCommand) Run(t *terminal) error {
	letGarbageGather(t)
	shown := &shownProgress{out: t.err}
	defer shown.end()
	done, err := server.MoveStore(store.Telling(t.ctx, shown.show), c.From, c.To, func(text string) {
		shown.clear()
		fmt.Fprintln(t.err, "rator:", text)
	})
	shown.end()
	if err != nil {
		return reached(err)
	}
	for _, text := range done.Texts {
		fmt.Fprintf(t.err, "rator: note: %s of %s %s has the character U+0000, which an older version kept: it came along, but SQL cannot read that text\n", text.Field, text.Kind, text.ID)
	}
	if key := server.KeyFileOf(c.From); !address.Is(c.From) && address.Is(c.To) {
		if _, err := os.Stat(key); err == nil {
			fmt.Fprintf(t.err, "rator: note: %s is the key of PINs: serve the database with --tmf-pin-key %s\n", key, key)
		}
	}
	_, err = fmt.Fprintf(t.out, "%s: %d records of %d kinds and %d events, all read again\n", address.Shown(c.To), done.Records, done.Kinds, done.Events)
	return err
}

// reached says with what code a command ends that could not open something.
func reached(err error) error {
	if open := new(server.OpenError); errors.As(err, &open) {
		return unreachable(err)
	}
	return err
}
