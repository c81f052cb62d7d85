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

// fingerprint is what makes two requests with one id the same request: SHA-256
// of the hookpoint and its typed values in canonical order (by key, repeats in
// their order), in hex. CONTEXT counts with its brand only: the operator is in
// the kept reply's key, and password, language and request id say nothing about
// what is asked for. Passwords of customers are left out too: a plain hash of
// one must not be stored.
func fingerprint(hookpoint string, rules []*contract.Value, values value.Tree) string {
	h := sha256.New()
	field(h, hookpoint)
	digest(h, rules, values)
	return hex.EncodeToString(h.Sum(nil))
}

func digest(h hash.Hash, rules []*contract.Value, values value.Tree) {
	order := make([]int, 0, len(values))
	for i := range values {
		if values[i].Key != contextKey {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(values[a].Key, values[b].Key) })
	for _, i := range order {
		e := &values[i]
		rule := contract.Find(rules, e.Key)
		if rule != nil && rule.Secret == contract.Password {
			continue
		}
		field(h, e.Key)
		switch {
		case e.Null:
			h.Write([]byte{0})
		case e.Type == value.Complex:
			h.Write([]byte{1})
			var below []*contract.Value
			if rule != nil {
				below = rule.Values
			}
			digest(h, below, e.Items)
			h.Write([]byte{2})
		default:
			h.Write([]byte{3, byte(e.Type)})
			field(h, e.Text)
		}
	}
}

// field writes s with its length, so that no two lists of fields look alike.
func field(h hash.Hash, s string) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(s)))
	h.Write(n[:])
	h.Write([]byte(s))
}
