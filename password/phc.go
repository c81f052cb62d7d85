package password

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// parameters are the costs written in a hash. memory is in KiB.
type parameters struct {
	memory, passes uint32
	lanes          uint8
}

// phc is a hash taken apart (the PHC string format).
type phc struct {
	parameters
	salt, hash []byte
}

// Bounds of hashes taken from elsewhere: one check must not take gigabytes or minutes.
const (
	maxMemory = 256 << 10 // KiB
	maxPasses = 16
	maxBytes  = 64 // of salt and of key
)

var (
	errNotHash = errors.New("not an argon2id hash ($argon2id$v=19$m=…,t=…,p=…$salt$key)")
	encoding   = base64.RawStdEncoding.Strict()
)

func (h phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes,
		encoding.EncodeToString(h.salt), encoding.EncodeToString(h.hash))
}

// parse reads a PHC string. It takes the one spelling String writes, so that a
// text is never a hash by accident.
func parse(s string) (phc, error) {
	var h phc
	parts := strings.Split(s, "$")
	if len(parts) != 6 {
		return h, errNotHash
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); err != nil {
		return h, errNotHash
	}
	var saltErr, hashErr error
	h.salt, saltErr = encoding.DecodeString(parts[4])
	h.hash, hashErr = encoding.DecodeString(parts[5])
	switch {
	case saltErr != nil || hashErr != nil || h.String() != s:
		return h, errNotHash
	case h.passes < 1 || h.passes > maxPasses || h.lanes < 1 || h.memory < 8*uint32(h.lanes) || h.memory > maxMemory:
		return h, fmt.Errorf("argon2id costs m=%d,t=%d,p=%d are out of bounds", h.memory, h.passes, h.lanes)
	case len(h.salt) < 8 || len(h.salt) > maxBytes || len(h.hash) < 16 || len(h.hash) > maxBytes:
		return h, errNotHash
	}
	return h, nil
}
