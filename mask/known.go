package mask

import (
	"bytes"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rator/workflow/contract"
)

// Known are secrets that are known from elsewhere, such as those of the request that a
// message answers. They are secrets wherever they stand.
type Known struct{ values []string }

// In are the secrets of a message, found as New(contracts, …) masks them.
func In(contracts func(hookpoint string) *contract.Contract, contentType string, body []byte) *Known {
	k := &Known{}
	New(contracts, Options{Value: func(_, secret string) string { k.Add(secret); return "" }}).Message(contentType, body)
	return k
}

// Add takes a secret, as it is or as XML writes it. What has less than 4 letters would
// hide too much else, and is not taken.
func (k *Known) Add(secret string) {
	const shortest = 4
	plain := html.UnescapeString(secret)
	for _, v := range []string{secret, plain, escape(plain)} {
		if utf8.RuneCountInString(v) >= shortest {
			k.values = append(k.values, v)
		}
	}
}

// Hide is a message with standIn for the secrets. Of XML that is in texts and attributes:
// no name, namespace or key becomes another.
func (k *Known) Hide(message []byte, standIn string) []byte {
	if !k.stand(message) {
		return message
	}
	text := string(message)
	if !strings.HasPrefix(strings.TrimLeft(text, "\xEF\xBB\xBF \t\r\n"), "<") {
		return []byte(k.hidden(text, standIn))
	}
	var b strings.Builder
	for rest, key := text, false; rest != ""; {
		if rest[0] != '<' {
			end := indexOr(rest, "<")
			if key {
				b.WriteString(rest[:end])
			} else {
				b.WriteString(k.hidden(rest[:end], standIn))
			}
			rest, key = rest[end:], false
			continue
		}
		end := markupLength(rest)
		tag := rest[:end]
		switch {
		case strings.HasPrefix(tag, "<!"):
			tag = tag[:2] + k.hidden(tag[2:], standIn)
		default:
			key = strings.HasPrefix(tag, "<key>")
			tag = k.attributes(tag, standIn)
		}
		b.WriteString(tag)
		rest = rest[end:]
	}
	return []byte(b.String())
}

func (k *Known) stand(message []byte) bool {
	for _, v := range k.values {
		if bytes.Contains(message, []byte(v)) {
			return true
		}
	}
	return false
}

// markupLength is how long a tag, a comment or a CDATA section is that text begins with.
func markupLength(text string) int {
	for begin, end := range map[string]string{"<!--": "-->", "<![CDATA[": "]]>"} {
		if strings.HasPrefix(text, begin) {
			return indexOr(text, end)
		}
	}
	return min(indexOr(text, ">")+1, len(text))
}

// indexOr is where part is in text, else where text ends.
func indexOr(text, part string) int {
	if at := strings.Index(text, part); at >= 0 {
		return at
	}
	return len(text)
}

// attributes hides the secrets in the attributes of a tag.
func (k *Known) attributes(tag, standIn string) string {
	parts := strings.SplitAfter(tag, "=")
	for i := 1; i < len(parts); i++ {
		name := parts[i-1][strings.LastIndexAny(parts[i-1], " \t\r\n")+1:]
		if strings.HasPrefix(name, "xmlns") || strings.HasSuffix(name, ":type=") || parts[i] == "" {
			continue
		}
		quote := parts[i][:1]
		value, after, ok := strings.Cut(parts[i][1:], quote)
		if ok {
			parts[i] = quote + k.hidden(value, standIn) + quote + after
		}
	}
	return strings.Join(parts, "")
}

// has reports whether a text is one of the secrets.
func (k *Known) has(text string) bool { return k != nil && slices.Contains(k.values, text) }

// hidden is a text with standIn for each secret in it. A short one is no part of a word
// or a number.
func (k *Known) hidden(text, standIn string) string {
	const anywhere = 12
	for _, v := range k.values {
		var b strings.Builder
		for {
			at := strings.Index(text, v)
			if at < 0 {
				break
			}
			before, _ := utf8.DecodeLastRuneInString(text[:at])
			after, _ := utf8.DecodeRuneInString(text[at+len(v):])
			b.WriteString(text[:at])
			if len(v) < anywhere && (inWord(before) || inWord(after)) {
				b.WriteString(v)
			} else {
				b.WriteString(standIn)
			}
			text = text[at+len(v):]
		}
		text = b.String() + text
	}
	return text
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
