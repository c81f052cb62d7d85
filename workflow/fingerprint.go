package workflow

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
	"strings"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// question is what a request asks for: its hookpoint, and its values as they came, before
// defaults, zones and conversions, so that a later version that reads them otherwise
// still knows a repeated request.
type question struct {
	hookpoint string
	rules     []*contract.Value
	values    value.Tree
	// conceal stands in for the card numbers in a text: a plain hash of one must not be
	// stored. Nil leaves them.
	conceal func(text string) string

	print string // Fingerprint's, once it was asked for
}

// secondPrint begins the fingerprints of the second algorithm; those of the first have
// no mark.
const secondPrint = "2:"

// Fingerprint is what makes two requests with one id the same request: SHA-256 of the
// hookpoint and its values in canonical order (by key, repeats in their order), in hex,
// marked with the algorithm. Scalars count with their text and not with their type,
// which a repeat in the typed form does not say. CONTEXT counts with its brand only: the
// operator is in the kept reply's key, and password, language and request id say nothing
// about what is asked for.
func (q *question) Fingerprint() string {
	if q.print == "" {
		h := sha256.New()
		field(h, q.hookpoint)
		q.digest(h, q.rules, q.values)
		q.print = secondPrint + hex.EncodeToString(h.Sum(nil))
	}
	return q.print
}

// Is reports whether a request with that fingerprint, of whatever algorithm, asked for
// the same.
func (q *question) Is(fingerprint string) bool {
	if strings.HasPrefix(fingerprint, secondPrint) {
		return q.Fingerprint() == fingerprint
	}
	return q.firstFingerprint() == fingerprint
}

func (q *question) digest(h hash.Hash, rules []*contract.Value, values value.Tree) {
	for _, e := range byKey(values) {
		rule := contract.Find(rules, e.Key)
		if isUnhashed(rule) {
			continue
		}
		field(h, e.Key)
		switch {
		case e.Null:
			h.Write([]byte{0})
		case e.Type == value.Complex || len(e.Items) > 0:
			h.Write([]byte{1})
			q.digest(h, below(rule), e.Items)
			h.Write([]byte{2})
		default:
			h.Write([]byte{3})
			field(h, q.scalarPrint(e))
		}
	}
}

// isUnhashed reports whether values are left out of fingerprints: a plain hash of a
// customer's password must not be stored.
func isUnhashed(rule *contract.Value) bool { return rule != nil && rule.Secret == contract.Password }

// scalarPrint is what a fingerprint holds of a scalar.
func (q *question) scalarPrint(e *value.Entry) string {
	if q.conceal == nil {
		return e.Text
	}
	return q.conceal(e.Text)
}

// byKey are the entries of a level in canonical order, without CONTEXT.
func byKey(values value.Tree) []*value.Entry {
	order := make([]*value.Entry, 0, len(values))
	for i := range values {
		if values[i].Key != contextKey {
			order = append(order, &values[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *value.Entry) int { return strings.Compare(a.Key, b.Key) })
	return order
}

func below(rule *contract.Value) []*contract.Value {
	if rule == nil {
		return nil
	}
	return rule.Values
}

// field writes s with its length, so that no two lists of fields look alike.
func field(h hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	h.Write(n[:])
	h.Write([]byte(s))
}
