package main

import (
	"errors"
	"fmt"
	"os"
)

// The stores that commands find in the folder they run in.
const (
	usualStore = "rator.db"
	demoStore  = "demo.db" // of make run
)

// storeVariable of the environment names the store where --store does not.
const storeVariable = "RATOR_STORE"

// storeFlag is the flag of every command that needs a store.
type storeFlag struct {
	Store string `help:"Store file, or a database: postgres://USER@HOST/DATABASE. Default rator.db, or demo.db where only that is there." placeholder:"FILE|ADDRESS" env:"RATOR_STORE"`
}

// find sets the store that is meant where --store and RATOR_STORE name none, and says
// so when it is a demo's.
func (s *storeFlag) find(t *terminal) error {
	if s.Store != "" {
		return nil
	}
	var err error
	if s.Store, err = foundStore(); err == nil && s.Store == demoStore {
		fmt.Fprintf(t.err, "rator: store %s, for there is no %s here\n", demoStore, usualStore)
	}
	return err
}

// foundStore is rator.db, or demo.db where only that is in this folder. Where both are,
// nobody guesses: one of them may hold real customers.
func foundStore() (string, error) {
	is := func(file string) bool {
		_, err := os.Lstat(file)
		return err == nil
	}
	switch usual, demo := is(usualStore), is(demoStore); {
	case usual && demo:
		return "", misused(errors.New("rator.db and a demo's demo.db are both here; say with --store or RATOR_STORE which is meant"))
	case demo:
		return demoStore, nil
	}
	return usualStore, nil
}
