package store

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// MaxKeyLength is how many bytes the value of a Key may have.
	MaxKeyLength = 16 << 10
	// OrderedKeyLength is how many bytes of a value put it in order. An index of a database
	// has room for little more: it has the rest as a sum. Longer values are found and taken
	// as others are, and a Range with a prefix of any length gives those that begin with it;
	// but those that differ only in what follows come in an order of the driver's.
	OrderedKeyLength = 2000
)

// Key is a record's place in one index; a record has at most one in each. An
// empty value is no place.
type Key struct {
	Index  string
	Value  string
	Unique bool
	Append bool // see Index.Append
	Common bool // see Index.Common
}

// Check says as a *KeyError what keeps a record of kind from having the key:
// every engine takes UTF-8 without NUL, of at most MaxKeyLength bytes.
func (k Key) Check(kind string) error {
	var reason string
	switch {
	case len(k.Value) > MaxKeyLength:
		reason = fmt.Sprintf("%d bytes are too long, at most %d are allowed", len(k.Value), MaxKeyLength)
	case strings.IndexByte(k.Value, 0) >= 0:
		reason = "a NUL character is not allowed"
	case !utf8.ValidString(k.Value):
		reason = "it is not UTF-8"
	default:
		return nil
	}
	return &KeyError{Kind: kind, Index: k.Index, Reason: reason}
}

// KeyError says that a value cannot be the key of an index.
type KeyError struct{ Kind, Index, Reason string }

func (e *KeyError) Error() string {
	return fmt.Sprintf("store: %s: index %s: %s", e.Kind, e.Index, e.Reason)
}

// Compose joins parts to one index value so that equal parts give equal values
// and the first parts are a prefix.
func Compose(parts ...string) string { return strings.Join(parts, "\x1f") }

// TimeKey is a time as an index value: in order of time, to the microsecond.
func TimeKey(t time.Time) string { return t.UTC().Format("20060102150405.000000") }
