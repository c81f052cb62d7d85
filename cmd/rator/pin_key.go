package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rator/tmf"
)

// pinKeyOf is where the key of a store's PINs lies when nobody says otherwise.
func pinKeyOf(store string) string { return store + ".pin-key" }

// openPINs reads the key that PINs are encrypted with, and makes a file with a new
// one, for its owner only, where there is none.
func openPINs(file string) (*tmf.PINs, error) {
	pins, err := readPINs(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = makePINKey(file); err == nil {
			pins, err = readPINs(file)
		}
	}
	return pins, err
}

// readPINs reads a key of 64 hexadecimal digits. It fails with fs.ErrNotExist where
// there is no file.
func readPINs(file string) (*tmf.PINs, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("key of PINs: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != tmf.PINKeyBytes {
		return nil, fmt.Errorf("key of PINs: %s does not hold %d hexadecimal digits; bring the right file back, or name another one with --tmf-pin-key", file, 2*tmf.PINKeyBytes)
	}
	return tmf.NewPINs(key)
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
