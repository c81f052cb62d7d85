package convert

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rator/mask"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// secrets puts ${…} where secrets stood, a variable for each secret; in answers
// what is ignored. While a message is masked they are marks that cannot be in it.
type secrets struct {
	asked, answered, plain *mask.Masker
	mark                   string
	numbers                map[[2]string]string // variable by key and secret
	names                  []string
}

func newSecrets(contracts func(hookpoint string) *contract.Contract) *secrets {
	s := &secrets{mark: rand.Text(), numbers: map[[2]string]string{}}
	s.asked = mask.New(contracts, mask.Options{Value: s.variable})
	s.answered = mask.New(contracts, mask.Options{Value: func(string, string) string { return s.mark + "xmlunit-ignore." }})
	s.plain = mask.New(contracts, mask.Options{})
	return s
}

// variable marks where the variable of a secret goes.
func (s *secrets) variable(key, secret string) string {
	name, ok := s.numbers[[2]string{key, secret}]
	if !ok {
		clean := strings.Trim(strings.ReplaceAll(fixture.FileName(strings.ToUpper(key)), "-", "_"), "_")
		name = clean
		for n := 2; slices.Contains(s.names, name); n++ {
			name = fmt.Sprintf("%s_%d", clean, n)
		}
		s.numbers[[2]string{key, secret}] = name
		s.names = append(s.names, name)
	}
	return s.mark + name + "."
}

// placed is a masked text as a fixture's: with ${…} for the marks, and nothing else
// that looks like one.
func (s *secrets) placed(text []byte) []byte {
	out := []byte(fixture.Escape(string(text)))
	for {
		at := bytes.Index(out, []byte(s.mark))
		if at < 0 {
			return out
		}
		name, rest, _ := bytes.Cut(out[at+len(s.mark):], []byte("."))
		put := "${" + strings.Replace(string(name), "xmlunit-", "xmlunit.", 1) + "}"
		before := out[:at]
		if bytes.HasSuffix(before, []byte("$")) { // $${ would be no placeholder
			before = append(bytes.Clone(before[:at-1]), "&#36;"...)
		}
		out = slices.Concat(before, []byte(put), rest)
	}
}

func (s *secrets) header(h http.Header) http.Header {
	out := http.Header{}
	for name, values := range s.asked.Header(h) {
		for _, v := range values {
			out[name] = append(out[name], string(s.placed([]byte(v))))
		}
	}
	return out
}

// target is a path and query without the secrets of the query.
func (s *secrets) target(u *url.URL) string {
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if u.RawQuery != "" {
		target += "?" + string(s.asked.Message("application/x-www-form-urlencoded", []byte(u.RawQuery)))
	}
	return string(s.placed([]byte(target)))
}
