package tmf

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
	"time"

	"rator/card"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// fingerprint is what makes two requests with one id the same request: a hash of
// method, path and document. It is kept for days, and whoever has the store has
// everything that it is made with; so what nobody may find by trying is not in it:
// card numbers but for their last digits, verification codes and track data, also
// of requests that are refused for them, and PINs. The request's id is its key, so
// that equal documents do not show as equal.
func fingerprint(requestID, method, path string, doc jsondoc.Value) [sha256.Size]byte {
	mac := hmac.New(sha256.New, []byte(requestID))
	var n [8]byte
	for _, s := range []string{method, path, withoutSecrets(doc).String()} {
		binary.BigEndian.PutUint64(n[:], uint64(len(s)))
		mac.Write(n[:])
		mac.Write([]byte(s))
	}
	return [sha256.Size]byte(mac.Sum(nil))
}

// withoutSecrets is a document, or a JSON Patch, without what a fingerprint must
// not tell.
func withoutSecrets(v jsondoc.Value) jsondoc.Value {
	switch v.Kind() {
	case jsondoc.String, jsondoc.Number:
		if card.Holds(v.Text()) {
			return jsondoc.Text(card.Mask(v.Text()))
		}
	case jsondoc.Array:
		items := make([]jsondoc.Value, len(v.Items()))
		for i, item := range v.Items() {
			items[i] = withoutSecrets(item)
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		return objectWithoutSecrets(v)
	}
	return v
}

func objectWithoutSecrets(v jsondoc.Value) jsondoc.Value {
	members := make([]jsondoc.Member, len(v.Members()))
	for i, m := range v.Members() {
		named := m.Name
		if m.Name == "value" { // of a pair, or of an operation of a JSON Patch
			path := v.TextIn("path")
			named = v.TextIn("name") + path[strings.LastIndexByte(path, '/')+1:]
			if strings.Contains(strings.ToLower(path), cardMember) {
				m.Value = maskedCard(m.Value)
			}
		}
		switch {
		case isSecretName(named):
			m.Value = jsondoc.Value{}
		case strings.EqualFold(m.Name, cardMember):
			m.Value = maskedCard(m.Value)
		}
		members[i] = jsondoc.MemberOf(card.Mask(m.Name), withoutSecrets(m.Value))
	}
	return jsondoc.ObjectOf(members...)
}

// cardMember holds a card, letter case aside.
const cardMember = "creditcard"

func isSecretName(name string) bool {
	return strings.EqualFold(name, "pin") || card.Verifies(name)
}

// maskedCard is a card, or a part of one, with every longer number masked: what
// stands there is a card's, whether it passes the check or not.
func maskedCard(v jsondoc.Value) jsondoc.Value {
	switch v.Kind() {
	case jsondoc.String, jsondoc.Number:
		if _, _, when := dialect.ParseInstant(v.Text(), time.UTC); when {
			return v
		}
		return jsondoc.Text(card.MaskNumber(v.Text()))
	case jsondoc.Array:
		items := slices.Clone(v.Items())
		for i := range items {
			items[i] = maskedCard(items[i])
		}
		return jsondoc.ArrayOf(items...)
	case jsondoc.Object:
		members := slices.Clone(v.Members())
		for i := range members {
			members[i].Value = maskedCard(members[i].Value)
		}
		return jsondoc.ObjectOf(members...)
	}
	return v
}
