package mask

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"rator/card"
)

// schemes are how credentials in a value begin (RFC 7235), with the key of what
// follows.
var schemes = []struct{ name, key string }{{"bearer", "TOKEN"}, {"basic", "CREDENTIALS"}}

// schemeEdits hides what follows Bearer or Basic when text[start:end) is that and
// nothing else.
func (m *Masker) schemeEdits(text string, start, end int, escaped bool) []edit {
	start = skipBlank(text[:end], start)
	if start == end || text[start]|0x20 != 'b' {
		return nil
	}
	for _, s := range schemes {
		if end-start <= len(s.name) || !strings.EqualFold(text[start:start+len(s.name)], s.name) {
			continue
		}
		from := skipBlank(text[:end], start+len(s.name))
		token := strings.TrimRight(text[from:end], " \t\r\n")
		if from > start+len(s.name) && isCredential(token) && !m.kept(s.key) {
			return []edit{{from, from + len(token), m.written(s.key, token, escaped)}}
		}
	}
	return nil
}

// isCredential reports whether a text is what follows a scheme: a token (RFC 7235 token68)
// with letters and digits, of 8 characters or more, or of a name and a password as Basic
// has them (RFC 7617). A street or a tariff that begins so goes on with words.
func isCredential(s string) bool {
	if isTokenLike(s, 8) {
		return true
	}
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return err == nil && strings.IndexByte(string(plain), ':') >= 0
}

// mayHaveShape is false for a text in which shapeEdits finds nothing, as in most.
func mayHaveShape(text string) bool {
	start := skipBlank(text, 0)
	return start < len(text) && text[start]|0x20 == 'b' || hasURL(text) || mayHoldTrack(text) || mayHoldToken(text)
}

// A token of an operator (access.DrawToken) is one wherever it stands.
const (
	tokenPrefix = "rator_"
	tokenDigits = 43
)

// mayHoldToken is false for a text that holds no token of an operator.
func mayHoldToken(text string) bool {
	return len(text) >= len(tokenPrefix)+tokenDigits && strings.Contains(text, tokenPrefix)
}

// tokenEdits hides the tokens of operators in text[start:end).
func (m *Masker) tokenEdits(text string, start, end int, escaped bool) []edit {
	var edits []edit
	for !m.kept("TOKEN") {
		i := strings.Index(text[start:end], tokenPrefix)
		if i < 0 {
			break
		}
		from := start + i
		for start = from + len(tokenPrefix); start < end && isTokenDigit(text[start]); start++ {
		}
		if start-from == len(tokenPrefix)+tokenDigits {
			edits = append(edits, edit{from, start, m.written("TOKEN", text[from:start], escaped)})
		}
	}
	return edits
}

func isTokenDigit(c byte) bool {
	return isUpper(c) || isLower(c) || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// apart appends to edits those of others that touch none of them.
func apart(edits, others []edit) []edit {
	for _, o := range others {
		if !slices.ContainsFunc(edits, func(e edit) bool { return e.start < o.end && o.start < e.end }) {
			edits = append(edits, o)
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	return edits
}

// shapeEdits takes out of text[start:end) what is a secret by what it looks like,
// whatever its name is.
func (m *Masker) shapeEdits(text string, start, end int, escaped bool) []edit {
	if edits := m.schemeEdits(text, start, end, escaped); edits != nil {
		return edits
	}
	if mayHoldTrack(text[start:end]) && card.HoldsTrack(text[start:end]) && !m.kept(cardNumberKey) {
		return []edit{{start, end, m.written(cardNumberKey, text[start:end], escaped)}}
	}
	tokens := m.tokenEdits(text, start, end, escaped)
	if tokens == nil {
		return m.urlEdits(text, start, end, escaped)
	}
	return apart(m.urlEdits(text, start, end, escaped), tokens)
}

// mayHoldTrack is false for a text that holds no data of a card's magnetic stripe.
func mayHoldTrack(text string) bool {
	return len(text) >= 12 && (strings.IndexByte(text, '=') >= 0 || strings.IndexByte(text, '^') >= 0)
}

// textEdits are shapeEdits and cardEdits of a text without markup.
func (m *Masker) textEdits(text string) []edit {
	edits := append(m.shapeEdits(text, 0, len(text), false), m.cardEdits(text, 0, len(text), false)...)
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	return edits
}
