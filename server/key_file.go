package server

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rator/card"
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
