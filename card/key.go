package card

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
)

// Key makes hashes of card numbers: who has only what is kept can neither read one
// nor find it by trying. It lies outside of the store.
type Key struct{ secret []byte }

// NewKey is the key that a secret gives, of which others are made too: at least 32
// random bytes.
func NewKey(secret []byte) *Key {
	derived, err := hkdf.Key(sha256.New, secret, nil, "rator: card numbers in references", sha256.Size)
	if err != nil {
		panic(err) // only for keys that are too long, or short ones in FIPS mode
	}
	return &Key{derived}
}

// Conceal is a reference as it may be kept: each card number in it masked, with a
// keyed hash beside it, xxxxxx1234-hcbnm…, so that equal references stay equal and
// others differ. One without card numbers is itself, so it may be concealed twice.
func (k *Key) Conceal(reference string) string {
	return replaced(reference, func(number string) string { return MaskNumber(number) + "-" + k.hash("reference", number) })
}

// Print tells keys apart.
func (k *Key) Print() string { return k.hash("print", "") }

// hash has 32 letters: no digits, which may look like a card number themselves.
func (k *Key) hash(purpose, text string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(purpose + "\x00" + text))
	letters := make([]byte, 0, 32)
	for _, b := range mac.Sum(nil)[:16] {
		letters = append(letters, 'a'+b>>4, 'a'+b&15)
	}
	return string(letters)
}
