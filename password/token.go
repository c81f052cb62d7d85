package password

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
)

// A token stands in for a password once. It is drawn, never chosen, so that what
// is kept of it can be a plain hash: nobody finds 130 random bits by trying.

// NewToken gives a token of at least 26 letters and digits, A to Z and 2 to 7, and the
// hash to keep of it.
func NewToken() (token, hash string) {
	token = rand.Text()
	return token, tokenHash(token)
}

// IsToken reports whether hash was made of token, in a time that does not depend
// on the answer. No token fits the hash "".
func IsToken(hash, token string) bool {
	if hash == "" {
		hash = hex.EncodeToString(make([]byte, sha256.Size))
	}
	return subtle.ConstantTimeCompare([]byte(hash), []byte(tokenHash(token))) == 1
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
