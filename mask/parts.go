package mask

import (
	"net/url"
	"strings"
)

// multipart masks each part of a message for itself. A part that is text in an
// encoding of its own, such as base64, is hidden as a whole.
func (m *Masker) multipart(hookpoint, boundary, text string) (string, bool) {
	var edits []edit
	mark := "--" + boundary
	for at := 0; at < len(text); {
		end := len(text)
		if next := strings.Index(text[at:], mark); next >= 0 {
			end = at + next
		}
		edits = append(edits, m.part(hookpoint, text, at, end)...)
		at = min(end+len(mark), len(text))
	}
	return apply(text, edits)
}

// part masks the part whose headers and body are text[start:end).
func (m *Masker) part(hookpoint, text string, start, end int) []edit {
	all := text[start:end]
	body, contentType, transfer := 0, "", ""
	first := true
	for line := range strings.Lines(all) {
		if start == 0 {
			break // what stands before the first part has no headers
		}
		body += len(line)
		line = strings.TrimRight(line, "\r\n")
		if line == "" && !first {
			break
		}
		first = false
		name, v, _ := strings.Cut(line, ":")
		switch {
		case strings.EqualFold(name, "Content-Type"):
			contentType = strings.TrimSpace(v)
		case strings.EqualFold(name, "Content-Transfer-Encoding"):
			transfer = strings.ToLower(strings.TrimSpace(v))
		}
	}
	content := strings.TrimRight(all[body:], "\r\n")
	if content == "" {
		return nil
	}
	at := start + body
	if transfer == "base64" || transfer == "quoted-printable" {
		if strings.Contains(contentType, "xml") || strings.Contains(contentType, "json") || strings.HasPrefix(contentType, "text/") || contentType == "" {
			return []edit{{at, at + len(content), m.whole(content)}}
		}
		return nil
	}
	// What a value includes (XOP) is its text, and may be a secret by the value's key.
	if kind, _, _ := strings.Cut(contentType, ";"); !strings.ContainsAny(content[:1], "<{[") && (kind == "" || strings.EqualFold(kind, "text/plain")) {
		return []edit{{at, at + len(content), m.whole(content)}}
	}
	if masked, changed := m.message(hookpoint, contentType, content); changed {
		return []edit{{at, at + len(content), masked}}
	}
	return nil
}

// form masks a body as browsers send it.
func (m *Masker) form(text string) (string, bool) {
	var edits []edit
	at := 0
	for pair := range strings.SplitSeq(text, "&") {
		name, v, ok := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		start := at + len(pair) - len(v)
		plain, err := url.QueryUnescape(v)
		if err != nil {
			plain = v
		}
		switch {
		case !ok || v == "":
		case m.isParameter(name, v):
			edits = append(edits, edit{start, start + len(v), url.QueryEscape(m.standIn(name, v))})
		case len(m.cardEdits(plain, 0, len(plain), false)) > 0:
			edits = append(edits, edit{start, start + len(v), url.QueryEscape(m.standIn(cardNumberKey, v))})
		case len(m.shapeEdits(plain, 0, len(plain), false)) > 0:
			masked, _ := apply(plain, m.shapeEdits(plain, 0, len(plain), false))
			edits = append(edits, edit{start, start + len(v), url.QueryEscape(masked)})
		}
		at += len(pair) + 1
	}
	return apply(text, edits)
}
