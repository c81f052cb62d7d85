package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
	"strings"
	"time"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// The first algorithm of fingerprints was over the values as the contract check of its
// time left them: with defaults, and scalars in the form of their types. That check is
// frozen here, as far as it shows in a fingerprint; nothing else may use it. It can go
// when no store has answers that were kept by it (KeptFor).

// firstFingerprint is the fingerprint by the first algorithm.
func (q *question) firstFingerprint() string {
	h := sha256.New()
	field(h, q.hookpoint)
	firstDigest(h, q.rules, firstTree(q.rules, q.values))
	return hex.EncodeToString(h.Sum(nil))
}

func firstDigest(h hash.Hash, rules []*contract.Value, values value.Tree) {
	for _, e := range byKey(values) {
		rule := contract.Find(rules, e.Key)
		if isUnhashed(rule) {
			continue
		}
		field(h, e.Key)
		switch {
		case e.Null:
			h.Write([]byte{0})
		case e.Type == value.Complex:
			h.Write([]byte{1})
			firstDigest(h, below(rule), e.Items)
			h.Write([]byte{2})
		default:
			h.Write([]byte{3, byte(e.Type)})
			field(h, e.Text)
		}
	}
}

// firstTree is a level of values as the check left it.
func firstTree(rules []*contract.Value, in value.Tree) value.Tree {
	out := make(value.Tree, 0, len(in))
	for _, e := range in {
		if e.Odd { // then of no type, and null
			e = value.OfNull(e.Key, value.Bare)
		}
		rule := contract.Find(rules, e.Key)
		if rule == nil {
			out = append(out, firstUndeclared(&e))
		} else {
			out = append(out, firstEntry(rule, &e))
		}
	}
	for _, rule := range rules {
		if rule.HasDef && in.Get(rule.Key) == nil {
			out = append(out, firstDefault(rule))
		}
	}
	return out
}

func firstDefault(rule *contract.Value) value.Entry {
	return value.Entry{Key: rule.Key, Type: rule.Type, Text: rule.Default}
}

func firstUndeclared(e *value.Entry) value.Entry {
	switch {
	case e.Type == value.Complex, e.Type == value.Bare && len(e.Items) > 0:
		return value.Of(e.Key, firstTree(nil, e.Items)...)
	case e.Type == value.Bare:
		return value.Entry{Key: e.Key, Type: value.String, Text: e.Text, Null: e.Null}
	}
	return *e
}

func firstEntry(rule *contract.Value, e *value.Entry) value.Entry {
	complexGiven := e.Type == value.Complex || e.Type == value.Bare && len(e.Items) > 0
	switch {
	case e.Null, complexGiven && len(e.Items) == 0 && rule.Type != value.Complex, !complexGiven && e.Text == "" && rule.Type == value.Complex:
		if rule.HasDef {
			return firstDefault(rule)
		}
		return value.OfNull(e.Key, rule.Type)
	case complexGiven != (rule.Type == value.Complex):
		return *e // refused, so no answer of it was kept
	case complexGiven:
		return value.Of(e.Key, firstTree(rule.Values, e.Items)...)
	}
	text, ok := firstScalar(rule.Type, e.Text)
	if !ok {
		return value.OfNull(e.Key, rule.Type)
	}
	return value.Entry{Key: e.Key, Type: rule.Type, Text: text}
}

func firstScalar(t value.Type, literal string) (string, bool) {
	switch t {
	case value.Long:
		n, err := value.ParseLong(literal)
		return strconv.FormatInt(n, 10), err == nil
	case value.Double:
		_, err := value.ParseDouble(literal)
		return strings.Trim(literal, " \t\r\n"), err == nil
	case value.Boolean:
		b, err := value.ParseBoolean(literal)
		return strconv.FormatBool(b), err == nil
	case value.Date:
		return strings.Trim(literal, " \t\r\n"), firstIsDate(literal)
	}
	return literal, true
}

// firstIsDate is what the first check took for a date: more than an xs:dateTime.
func firstIsDate(literal string) bool {
	text := strings.Trim(literal, " \t\r\n")
	for _, layout := range []string{
		"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02Z07:00", "2006-01-02",
		"2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	} {
		if _, err := time.Parse(layout, text); err == nil {
			return true
		}
	}
	day, rest, ok := strings.Cut(text, "T24:00:00")
	if !ok || strings.Trim(rest, ".0") != strings.TrimLeft(rest, ".0") {
		return false
	}
	return firstIsDate(day + "T00:00:00" + strings.TrimLeft(rest, ".0"))
}
