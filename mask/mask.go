// Package mask takes secrets out of messages before they are kept: values that a
// contract marks secret or whose names say so, credentials in headers, and the
// numbers of payment cards (security.md "Card data"). What is no secret stays byte
// for byte as it was, so that a masked message can still be sent and compared.
//
// It reads broken and cut-off messages too. Where it cannot tell, it hides.
package mask

import (
	"mime"
	"slices"
	"strings"
	"sync"

	"rator/workflow/contract"
)

// Options say what is hidden, and how.
type Options struct {
	// Keep are names of keys, elements, attributes and headers that are shown
	// although they are secret. CARD_NUMBER stands for card numbers.
	Keep []string
	// Text is what stands for the secret of a key; nil = *** for each. For a card
	// number the key is CARD_NUMBER, for a message that is hidden as a whole
	// MESSAGE.
	Text func(key string) string
	// Value is Text for who tells secrets apart: it is given the secret as well,
	// which it must not keep. nil = Text.
	Value func(key, secret string) string
	// Declared gives the names that are secrets' in JSON and in queries, beside those
	// that say so, as they are now; nil = none. XML has the contract of its hookpoint.
	Declared func() *Declared
}

// Keys of what has no key of its own, in Options.Text.
const (
	cardNumberKey = "CARD_NUMBER"
	wholeKey      = "MESSAGE"
)

// Masker masks messages; it may be used by many at a time.
type Masker struct {
	contracts func(hookpoint string) *contract.Contract
	keep      map[string]bool
	standIn   func(key, secret string) string // what stands for a secret
	declared  func() *Declared
	secrets   sync.Map // *contract.Contract: *secretsOf
	fullOnly  bool     // no document of XML is masked in one pass; for tests, which compare
}

// New is a masker that asks contracts for the contract of a hookpoint, which may
// say nil; contracts may be nil.
func New(contracts func(hookpoint string) *contract.Contract, o Options) *Masker {
	m := &Masker{contracts: contracts, keep: map[string]bool{}, standIn: o.Value, declared: o.Declared}
	if contracts == nil {
		m.contracts = func(string) *contract.Contract { return nil }
	}
	if m.standIn == nil {
		m.standIn = func(string, string) string { return "***" }
		if o.Text != nil {
			m.standIn = func(key, _ string) string { return o.Text(key) }
		}
	}
	for _, key := range o.Keep {
		m.keep[strings.ToUpper(key)] = true
	}
	return m
}

// Message is body without its secrets: the same slice when there is none. A
// request names its hookpoint; for an answer, which does not, use Answer.
func (m *Masker) Message(contentType string, body []byte) []byte {
	return m.Answer("", contentType, body)
}

// Answer is Message for the answer to a call of a hookpoint.
func (m *Masker) Answer(hookpoint, contentType string, body []byte) []byte {
	if len(body) == 0 {
		return body
	}
	text := string(body)
	masked, changed := m.message(hookpoint, contentType, text)
	if !changed || masked == text {
		return body
	}
	return []byte(masked)
}

// Append appends to what there is what Answer gives of a message.
func (m *Masker) Append(to []byte, hookpoint, contentType, message string) []byte {
	if !m.fullOnly && isPlainXML(contentType, message) {
		to, ok := m.appendOnePass(to, hookpoint, message)
		if !ok {
			masked, _ := m.full(hookpoint, message, 0)
			to = append(to, masked...)
		}
		return to
	}
	masked, _ := m.message(hookpoint, contentType, message)
	return append(to, masked...)
}

// isPlainXML reports whether message would mask a message as XML, byte by byte as it is.
func isPlainXML(contentType, text string) bool {
	media, charset, _ := mediaOf(contentType)
	return media == "text/xml" && strings.HasPrefix(text, "<") && encodingOf(charset, text) == bytewise
}

// mediaOf is the media type that a Content-Type names, with its parameters.
func mediaOf(contentType string) (media, charset, boundary string) {
	switch contentType { // which most have
	case "text/xml; charset=utf-8", "text/xml;charset=utf-8", "text/xml;charset=UTF-8", "text/xml; charset=UTF-8":
		return "text/xml", "utf-8", ""
	case "text/xml", "text/plain":
		return contentType, "", ""
	}
	media, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(contentType), ";")
	}
	return media, parameters["charset"], parameters["boundary"]
}

func (m *Masker) message(hookpoint, contentType, text string) (string, bool) {
	media, charset, boundary := mediaOf(contentType)
	if boundary != "" && strings.HasPrefix(media, "multipart/") {
		return m.multipart(hookpoint, boundary, text)
	}
	enc := encodingOf(charset, text)
	switch {
	case isOpaque(media, text):
		return text, false
	case enc == unreadable:
		return m.whole(text), true
	}
	plain, ok := enc.decode(text)
	if !ok {
		return m.whole(text), true
	}
	masked, changed := m.plain(hookpoint, media, plain, 0)
	if !changed {
		return text, false
	}
	return enc.encode(masked), true
}

// plain masks a text whose markup is in ASCII.
func (m *Masker) plain(hookpoint, media, text string, depth int) (string, bool) {
	const deepest = 4 // messages within messages
	if depth > deepest {
		return m.whole(text), true
	}
	switch begin := strings.TrimLeft(text, "\xEF\xBB\xBF \t\r\n"); {
	case media == "application/x-www-form-urlencoded":
		return m.form(text)
	case strings.HasPrefix(begin, "{"), strings.HasPrefix(begin, "["), strings.HasSuffix(media, "json") && !strings.HasPrefix(begin, "<"):
		return m.json(text, depth)
	}
	return m.xml(hookpoint, text, depth)
}

func (m *Masker) whole(text string) string { return m.standIn(wholeKey, text) }

// kept reports whether a name is to be shown.
func (m *Masker) kept(name string) bool { return len(m.keep) > 0 && m.keep[strings.ToUpper(name)] }

// secretsOf is what a contract says of secrets.
type secretsOf struct {
	keys  map[string]bool   // that it marks secret, wherever they stand
	asked []*contract.Value // what a request may have, CONTEXT too
}

func (m *Masker) secretsOf(c *contract.Contract) *secretsOf {
	if known, ok := m.secrets.Load(c); ok {
		return known.(*secretsOf)
	}
	said := &secretsOf{map[string]bool{}, append(slices.Clip(c.Request), contextOnly...)}
	var collect func(vs []*contract.Value)
	collect = func(vs []*contract.Value) {
		for _, v := range vs {
			if v.Secret != contract.NotSecret {
				said.keys[v.Key] = true
			}
			collect(v.Values)
		}
	}
	collect(c.Request)
	collect(c.Response)
	m.secrets.Store(c, said)
	return said
}

// edit replaces text[start:end).
type edit struct {
	start, end int
	text       string
}

// apply makes edits that are in order and do not overlap.
func apply(text string, edits []edit) (string, bool) {
	var b strings.Builder
	at := 0
	changed := false
	for _, e := range edits {
		if e.start < at || text[e.start:e.end] == e.text {
			continue
		}
		if !changed {
			b.Grow(len(text) + len(e.text)) // that of most secrets is shorter than they are
			changed = true
		}
		b.WriteString(text[at:e.start])
		b.WriteString(e.text)
		at = e.end
	}
	if !changed {
		return text, false
	}
	b.WriteString(text[at:])
	return b.String(), true
}

// appendApplied appends what apply gives.
func appendApplied(to []byte, text string, edits []edit) []byte {
	at := 0
	for _, e := range edits {
		if e.start < at || text[e.start:e.end] == e.text {
			continue
		}
		to = append(append(to, text[at:e.start]...), e.text...)
		at = e.end
	}
	return append(to, text[at:]...)
}
