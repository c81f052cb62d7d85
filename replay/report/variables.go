package report

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rator/replay"
)

// valued hides the values of secret variables too, wherever they stand: in an
// expectation, and in what a server says of what it was sent.
type valued struct {
	replay.Secrets
	values []valueOf // the longest first: a short one may be a part of it
}

// valueOf is the value of a secret variable, and what is shown for it.
type valueOf struct{ secret, shown string }

// Given is secrets that hide the values of secret variables too, wherever they stand: of
// those that are named like one, or like a secret of one of the operations.
func Given(secrets replay.Secrets, variables map[string]string, operations ...string) replay.Secrets {
	var values []valueOf
	for name, v := range variables {
		if shown := secretOf(secrets, lastWord(name), v, operations); shown != v {
			values = append(values, valueOf{v, shown})
			if escaped := escapeName(v); escaped != v {
				values = append(values, valueOf{escaped, shown})
			}
		}
	}
	if values == nil {
		return secrets
	}
	slices.SortFunc(values, func(a, b valueOf) int {
		return cmp.Or(len(b.secret)-len(a.secret), strings.Compare(a.secret, b.secret))
	})
	return &valued{secrets, values}
}

// secretOf is a variable's value without what is secret in it.
func secretOf(secrets replay.Secrets, name, v string, operations []string) string {
	if shown := secrets.Value(name, v); shown != v || v == "" {
		return shown
	}
	const none = "x"
	for _, operation := range operations {
		if named := inPlace(name, none); string(secrets.Answer(operation, "text/xml", []byte(named))) != named {
			return secrets.Value("SECRET", v)
		}
	}
	return v
}

var numbered = regexp.MustCompile(`_\d+$`)

// lastWord is the key that a variable is named for: PASSWORD of PASSWORD_2 and of
// 03:USER/PASSWORD.
func lastWord(name string) string {
	return numbered.ReplaceAllString(name[strings.LastIndexAny(name, ":/.@]")+1:], "")
}

// Answer is a replay.Secrets'.
func (v *valued) Answer(operation, contentType string, body []byte) []byte {
	body = v.Secrets.Answer(operation, contentType, body)
	if text := string(body); body != nil {
		if clean := v.without(text); clean != text {
			return []byte(clean)
		}
	}
	return body
}

// Header is a replay.Secrets'.
func (v *valued) Header(h http.Header) http.Header {
	out := v.Secrets.Header(h).Clone()
	for _, values := range out {
		for i := range values {
			values[i] = v.without(values[i])
		}
	}
	return out
}

// without is a text without the values.
func (v *valued) without(text string) string {
	for i := range v.values {
		text = v.values[i].hiddenIn(text)
	}
	return text
}

// shortestSought is how long a secret is that is hidden in the middle of a word too.
const shortestSought = 4

// hiddenIn is a text with what is shown where the secret stood.
func (v *valueOf) hiddenIn(text string) string {
	if len(v.secret) >= shortestSought {
		return strings.ReplaceAll(text, v.secret, v.shown)
	}
	var b strings.Builder
	for {
		at := strings.Index(text, v.secret)
		if at < 0 {
			break
		}
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		rest := text[at+len(v.secret):]
		after, _ := utf8.DecodeRuneInString(rest)
		if b.WriteString(text[:at]); inWord(before) || inWord(after) {
			b.WriteString(v.secret)
		} else {
			b.WriteString(v.shown)
		}
		text = rest
	}
	b.WriteString(text)
	return b.String()
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
