package server

import (
	"context"
	"fmt"
	"log/slog"

	"rator/card"
	"rator/store"
	"rator/store/address"
)

// cardKey is a key that card numbers in references were hashed with, as the store
// knows it.
type cardKey struct {
	store.Base
	Print string // card.Key.Print
}

var cardKeys = store.Define("card_key", nil, func(k *cardKey) *store.Base { return &k.Base })

// NoteCardKey has the store know its key. Where it knows another, the same reference has another
// hash under each, so one that was recorded may be taken again: of a store in a database, at
// which servers of several machines may aim, that is an error, else a warning.
func NoteCardKey(st store.Store, at string, key *card.Key, file string, log *slog.Logger) error {
	others, known := 0, false
	err := st.Update(context.Background(), func(tx store.Tx) (err error) {
		if known, others, err = KnowsKey(tx, key); err != nil || known {
			return err
		}
		if others > 0 && address.Is(at) {
			return fmt.Errorf("the key in %s is not the one that store %s was served with: PINs would be unreadable, and card numbers taken twice; give --tmf-pin-key the file of that server", file, address.Shown(at))
		}
		return cardKeys.Insert(tx, &cardKey{Print: key.Print()})
	})
	if err == nil && others > 0 {
		log.Warn("the store was served with another key file: a reference that looks like a card number may be taken though it was recorded with the other key; bring the right file back", "file", file)
	}
	return err
}

// KnowsKey reports whether a store was served with a key, which may be nil, and with how
// many others.
func KnowsKey(tx store.Tx, key *card.Key) (known bool, others int, err error) {
	for k, err := range cardKeys.Scan(tx) {
		if err != nil {
			return false, 0, err
		}
		if key != nil && k.Print == key.Print() {
			known = true
		} else {
			others++
		}
	}
	return known, others, nil
}
