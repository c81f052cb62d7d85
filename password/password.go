// Package password turns passwords into argon2id hashes and checks them. What
// is kept is the PHC string only ($argon2id$v=19$m=19456,t=2,p=1$salt$key);
// nothing in here remembers, logs or compares a password itself.
//
// Every room may use it; it knows none.
package password

import (
	"crypto/rand"
	"crypto/subtle"

	"golang.org/x/crypto/argon2"
)

// cost is what new hashes are made with: OWASP's first recommendation for
// argon2id, 19 MiB and two passes.
var cost = parameters{memory: 19456, passes: 2, lanes: 1}

const saltBytes, keyBytes = 16, 32

// Hash gives the PHC string of a password, with a salt of its own. It takes
// tens of milliseconds.
func Hash(plain string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	return phc{cost, salt, newHashes.key(cost, plain, salt, keyBytes)}.String(), nil
}

// Verify reports whether plain is the password that hash was made of, in a time
// that does not depend on the answer. A hash that is not one is an error.
func Verify(hash, plain string) (bool, error) { return Queue("").Verify(hash, plain) }

// Queue is the name of a queue for the slots that hashes are made in: passwords of one
// purpose do not wait for all those of another. Verify has "", Hash one of its own.
type Queue string

const newHashes Queue = "new hashes"

// Verify is as the function; it waits in the queue q.
func (q Queue) Verify(hash, plain string) (bool, error) {
	h, err := parse(hash)
	if err != nil {
		return false, err
	}
	key := q.key(h.parameters, plain, h.salt, len(h.hash))
	return subtle.ConstantTimeCompare(key, h.hash) == 1, nil
}

// IsHash reports whether s is a hash that Verify would take.
func IsHash(s string) bool {
	_, err := parse(s)
	return err == nil
}

// Dummy is a hash that no password fits. Verifying against it when a name is
// unknown costs what a wrong password costs, so that time does not tell which.
func Dummy() string {
	return phc{cost, make([]byte, saltBytes), make([]byte, keyBytes)}.String()
}

// key makes a hash once there is a slot for it.
func (q Queue) key(p parameters, plain string, salt []byte, length int) []byte {
	slots.Take(string(q), nil)
	defer slots.Give()
	return argon2.IDKey([]byte(plain), salt, p.passes, p.memory, p.lanes, uint32(length))
}
