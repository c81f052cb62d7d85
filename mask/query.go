package mask

import (
	"net/url"
	"strings"
)

// queryEdits are the edits of a query string in the language of TM Forum's lists:
// name=value, name.gt=value, name>value, alternatives behind a semicolon, groups in
// brackets. What is compared with an attribute that is named like a secret is hidden
// to the end of its part between two &, and so is what is compared with the value of
// a pair whose name the query does not say; besides what every text is looked through
// for.
func (m *Masker) queryEdits(text string) []edit {
	parts := strings.Split(text, "&")
	plain := make([]decoded, len(parts))
	named := map[string]bool{} // pairs whose name the query says, by the attribute they belong to
	secret := false
	for i, part := range parts {
		plain[i] = decode(part)
		_, behind := m.secretIn(plain[i].text)
		secret = secret || behind >= 0
		if attribute, _, equals := attributeOf(plain[i].text); equals {
			if of, is := leaf(attribute, "name"); is {
				named[of] = true
			}
		}
	}
	var edits []edit
	at := 0
	for i, part := range parts {
		for _, e := range m.partEdits(&plain[i], func(of string) bool { return named[of] && !secret }) {
			edits = append(edits, edit{at + plain[i].at[e.start], at + plain[i].at[e.end], e.text})
		}
		at += len(part) + 1
	}
	return edits
}

// partEdits are the edits of what stands between two &; harmless reports whether the
// name of a pair is said, and no secret's.
func (m *Masker) partEdits(p *decoded, harmless func(of string) bool) []edit {
	attribute, operand, _ := attributeOf(p.text)
	switch attribute {
	case "fields", "sort", "offset", "limit", "_": // names and counts
		if operand > 0 {
			return queryWritten(m.textEdits(p.text))
		}
	}
	hide := func(key string, from int) []edit {
		return []edit{{from, len(p.text), m.inQuery(key, p.text[from:])}}
	}
	if key, behind := m.secretIn(p.text); behind >= 0 && behind < len(p.text) {
		return hide(key, behind)
	}
	if operand > 0 && operand < len(p.text) {
		if of, is := leaf(attribute, "value"); is && !harmless(of) {
			return hide(attribute, operand)
		}
		for step := range strings.SplitSeq(attribute, ".") {
			if isCardName(step) && isCardPart(p.text[operand:]) && !m.kept(cardNumberKey) {
				return hide(cardNumberKey, operand)
			}
		}
		if m.isParameter(attribute, p.text[operand:]) {
			return hide(attribute, operand)
		}
	}
	return queryWritten(m.textEdits(p.text))
}

// secretIn finds the first word of a text that names a secret, and where what it is
// compared with begins; -1 for no such word.
func (m *Masker) secretIn(text string) (word string, behind int) {
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && isWordByte(text[end]) {
			end++
		}
		if word := text[start:end]; end-start > 1 && m.secretName(word) {
			return word, pastOperator(text, end)
		}
		start = end + 1
	}
	return "", -1
}

func isWordByte(c byte) bool { return isNameByte(c) && c != '.' && c != ':' }

// operators of the language, and as suffixes of an attribute.
const operators = "=<>!~"

var suffixes = []string{".eq", ".gt", ".gte", ".lt", ".lte", ".regex"}

// pastOperator is where the operand begins behind a step of an attribute that ends at p.
func pastOperator(text string, p int) int {
	end := p
	for end < len(text) && (text[end] == '.' || isWordByte(text[end])) {
		end++
	}
	if end < len(text) && strings.IndexByte(operators, text[end]) >= 0 {
		p = end
	}
	for p < len(text) && strings.IndexByte(operators, text[p]) >= 0 {
		p++
	}
	return p
}

// attributeOf is the attribute that a part of a query begins with, where what it is
// compared with begins, 0 when there is no operator, and whether it is to equal that.
func attributeOf(text string) (attribute string, operand int, equals bool) {
	end := strings.IndexAny(text, operators)
	if end < 0 {
		return text, 0, false
	}
	attribute, operand = strings.TrimLeft(text[:end], "(: \t\"'"), pastOperator(text, end)
	equals = strings.Trim(text[end:operand], "=") == ""
	for _, suffix := range suffixes {
		if name, found := strings.CutSuffix(attribute, suffix); found {
			return name, operand, equals && suffix == ".eq"
		}
	}
	return attribute, operand, equals
}

// leaf reports whether the last step of an attribute is name, and of what.
func leaf(attribute, name string) (of string, is bool) {
	dot := strings.LastIndexByte(attribute, '.')
	return attribute[:max(dot, 0)], strings.EqualFold(attribute[dot+1:], name)
}

// inQuery is what stands for a secret in a query.
func (m *Masker) inQuery(key, secret string) string {
	return escapeQuery(m.standIn(key, secret))
}

func queryWritten(edits []edit) []edit {
	for i := range edits {
		edits[i].text = escapeQuery(edits[i].text)
	}
	return edits
}

// escapeQuery leaves * as it is, which a query may hold (RFC 3986 2.2).
func escapeQuery(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2A", "*") }

// decoded is a part of a query without its escapes; at[i] is where text[i] stood, and
// at[len(text)] where the part ends.
type decoded struct {
	text string
	at   []int
}

func decode(part string) decoded {
	b := make([]byte, 0, len(part))
	at := make([]int, 0, len(part)+1)
	for i := 0; i < len(part); i++ {
		at = append(at, i)
		switch c := part[i]; {
		case c == '+':
			b = append(b, ' ')
		case c == '%' && i+2 < len(part) && isHex(part[i+1]) && isHex(part[i+2]):
			b = append(b, unhex(part[i+1])<<4|unhex(part[i+2]))
			i += 2
		default:
			b = append(b, c)
		}
	}
	return decoded{string(b), append(at, len(part))}
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
