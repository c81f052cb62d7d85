package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rator/card"
	"rator/tmf"
)

// keys are what the key file of a store gives, which lies outside of it.
type keys struct {
	pins  *tmf.PINs // PINs are encrypted with
	cards *card.Key // card numbers in references are hashed with
}

// pinKeyOf is where the key of a store's PINs lies when nobody says otherwise.
func pinKeyOf(store string) string { return store + ".pin-key" }

// openKeyFile reads a key file, and makes one with a new key, for its owner only, where
// there is none.
func openKeyFile(file string) (keys, error) {
	k, err := readKeyFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makePINKey(file); err == nil {
			k, err = readKeyFile(file)
		}
	}
	return k, err
}

// readKeyFile reads a key of 64 hexadecimal digits. It fails with fs.ErrNotExist where
// there is no file.
func readKeyFile(file string) (k keys, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return k, fmt.Errorf("key of PINs: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != tmf.PINKeyBytes {
		return k, fmt.Errorf("key of PINs: %s does not hold %d hexadecimal digits; bring the right file back, or name another one with --tmf-pin-key", file, 2*tmf.PINKeyBytes)
	}
	k.cards = card.NewKey(key)
	k.pins, err = tmf.NewPINs(key)
	return k, err
}

// makePINKey is on the disk before the first PIN that needs it.
func makePINKey(file string) error {
	key := make([]byte, tmf.PINKeyBytes)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	text := []byte(hex.EncodeToString(key) + "\n")
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("key of PINs: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}
