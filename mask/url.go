package mask

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Address is the address of a server as it may be shown: *** for the password before its
// host, and for parameters whose names say that they are secrets.
func Address(text string) string {
	m := New(nil, Options{})
	edits := m.urlEdits(text, 0, len(text), false)
	if !strings.Contains(text, afterScheme) {
		edits = m.parameters(text, 0, len(text), false)
	}
	masked, _ := apply(text, edits)
	return masked
}

// Target is the path and query of a request without the secrets of their parameters.
func (m *Masker) Target(target string) string {
	path, query, found := strings.Cut(target, "?")
	path, _ = apply(path, m.parameters(path, 0, len(path), false))
	if found {
		query, _ = m.form(query)
		path += "?" + query
	}
	return path
}

const afterScheme = "://"

// hasURL reports whether there is a :// in a text. Few texts have a / in them.
func hasURL(text string) bool {
	for {
		i := strings.IndexByte(text, '/')
		if i < 0 {
			return false
		}
		if i > 0 && text[i-1] == ':' && i+1 < len(text) && text[i+1] == '/' {
			return true
		}
		text = text[i+1:]
	}
}

// urlEdits takes the secrets out of the URLs in text[start:end) (RFC 3986 section 3);
// escaped says that it is XML text.
func (m *Masker) urlEdits(text string, start, end int, escaped bool) []edit {
	var edits []edit
	for at := start; ; {
		i := strings.Index(text[at:end], afterScheme)
		if i < 0 {
			return edits
		}
		begin := at + i + len(afterScheme)
		stop := begin
		for stop < end && strings.IndexByte(" \t\r\n\"\\<>", text[stop]) < 0 {
			stop++
		}
		var found []edit
		for inner := begin; inner <= stop; { // a parameter may be another URL
			found = append(found, m.userinfo(text, inner, stop, escaped)...)
			next := strings.Index(text[inner:stop], afterScheme)
			if next < 0 {
				break
			}
			inner += next + len(afterScheme)
		}
		found = append(found, m.parameters(text, begin+authorityLength(text[begin:stop]), stop, escaped)...)
		slices.SortStableFunc(found, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
		edits = append(edits, found...)
		at = stop
	}
}

// userinfo hides the password before the host of what text[start:end) begins with, or
// the token that stands for both.
func (m *Masker) userinfo(text string, start, end int, escaped bool) []edit {
	length := authorityLength(text[start:end])
	at := strings.LastIndexByte(text[start:start+length], '@')
	if at < 0 {
		return nil
	}
	user, password, parted := strings.Cut(text[start:start+at], ":")
	from := start + at - len(password)
	switch {
	case parted:
	case isTokenLike(user, 16):
		from = start
	default:
		return nil
	}
	if m.kept(urlPassword) || from == start+at {
		return nil
	}
	return []edit{{from, start + at, m.written(urlPassword, text[from:start+at], escaped)}}
}

// urlPassword is the key of a password in a URL.
const urlPassword = "PASSWORD"

// authorityLength is how long what stands between :// and the path is. A password may
// have characters in it that should have been encoded.
func authorityLength(rest string) int {
	length := strings.IndexAny(rest, "/?#;")
	if length < 0 {
		length = len(rest)
	}
	if strings.IndexByte(rest[:length], '@') >= 0 {
		return length
	}
	_, port, _ := strings.Cut(rest[:length], ":")
	later := strings.LastIndexByte(rest, '@')
	if later < 0 || strings.Trim(port, "0123456789") == "" || strings.HasPrefix(rest, "[") {
		return length
	}
	return later + 1
}

// parameters hides those of the path and the query in text[start:end) that are secrets
// by their names.
func (m *Masker) parameters(text string, start, end int, escaped bool) []edit {
	var edits []edit
	ends := `/?;&#"`
	for begin := start; begin < end; {
		stop := begin
		for stop < end && strings.IndexByte("?&;#", text[stop]) < 0 {
			stop++
		}
		if equals := strings.IndexByte(text[begin:stop], '='); equals > 0 {
			name := text[begin : begin+equals]
			name = strings.Trim(name[strings.LastIndexByte(name, '/')+1:], " \t\"")
			from := begin + equals + 1
			to := from
			for to < end && strings.IndexByte(ends, text[to]) < 0 {
				to++
			}
			if from < to && m.isParameter(name, text[from:to]) {
				edits = append(edits, edit{from, to, m.written(name, text[from:to], escaped)})
				stop = to
			}
		}
		if stop < end && text[stop] != ';' {
			ends = `&#"`
		}
		begin = stop + 1
	}
	return edits
}

// isParameter reports whether a parameter is a secret.
func (m *Masker) isParameter(name, v string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	if m.kept(name) {
		return false
	}
	lower := strings.ToLower(name)
	switch {
	case lower == "sig", strings.HasSuffix(lower, "signature"):
		return true
	case lower == "key":
		return isTokenLike(v, 16)
	}
	return m.secretName(name) || strings.HasSuffix(lower, "subscription-key")
}

// written is what stands for a secret in a text.
func (m *Masker) written(key, secret string, escaped bool) string {
	if escaped {
		return m.secretText(key, secret)
	}
	return m.standIn(key, secret)
}

// isTokenLike reports whether a text is one token (RFC 7235 token68) of so many characters
// or more, with letters and digits: no word, no number and no short code.
func isTokenLike(s string, shortest int) bool {
	letters, digits := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case isUpper(c) || isLower(c):
			letters = true
		case '0' <= c && c <= '9':
			digits = true
		case strings.IndexByte("-._~+/=", c) < 0:
			return false
		}
	}
	return len(s) >= shortest && letters && digits
}
