package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"rator/card"
	"rator/store"
	"rator/store/address"
	"rator/tmf/resource"
)

// Keys are what the key file of a store gives, which lies outside of it.
type Keys struct {
	PINs  *resource.PINs // PINs are encrypted with
	Cards *card.Key      // card numbers in references are hashed with
}

// KeyFileOf is where the key of a store's PINs lies when nobody says otherwise.
func KeyFileOf(store string) string { return store + ".pin-key" }

// OpenKeyFile reads a key file, and makes one with a new key, for its owner only, where
// there is none.
func OpenKeyFile(file string) (Keys, error) {
	k, err := ReadKeyFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makePINKey(file); err == nil {
			k, err = ReadKeyFile(file)
		}
	}
	return k, err
}

// ReadKeyFile reads a key of 64 hexadecimal digits. It fails with fs.ErrNotExist where
// there is no file.
func ReadKeyFile(file string) (k Keys, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return k, fmt.Errorf("key of PINs: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != resource.PINKeyBytes {
		return k, fmt.Errorf("key of PINs: %s does not hold %d hexadecimal digits; bring the right file back, or name another one with --tmf-pin-key", file, 2*resource.PINKeyBytes)
	}
	k.Cards = card.NewKey(key)
	k.PINs, err = resource.NewPINs(key)
	return k, err
}

// makePINKey is on the disk before the first PIN that needs it.
func makePINKey(file string) error {
	key := make([]byte, resource.PINKeyBytes)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	text := []byte(hex.EncodeToString(key) + "\n")
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("key of PINs: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

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
