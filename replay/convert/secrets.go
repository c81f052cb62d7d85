package convert

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
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
	values                 map[string]string    // variable by secret; the first of it
	names                  []string             // of variables that stand for secrets
	taken                  map[string]bool      // names of other variables
}

func newSecrets(contracts func(hookpoint string) *contract.Contract) *secrets {
	s := &secrets{mark: rand.Text(), numbers: map[[2]string]string{}, values: map[string]string{}, taken: map[string]bool{}}
	s.asked = mask.New(contracts, mask.Options{Value: s.variable})
	s.answered = mask.New(contracts, mask.Options{Value: s.ignored})
	s.plain = mask.New(contracts, mask.Options{Value: func(_, secret string) string {
		if isOpen(secret) {
			return secret
		}
		return "***"
	}})
	return s
}

var (
	openText    = regexp.MustCompile(`^(?:Basic |Bearer )?(?:\$\{[^{}]*\})+$`)
	placeholder = regexp.MustCompile(`\$\{([A-Za-z0-9_-]+)\}`)
)

// isOpen says that ${…} stands where a secret would: nothing is to be hidden.
func isOpen(secret string) bool { return openText.MatchString(strings.TrimSpace(secret)) }

// variable marks where the variable of a secret goes. What stands there already is a
// variable of a secret from now on.
func (s *secrets) variable(key, secret string) string {
	if isOpen(secret) {
		return placeholder.ReplaceAllStringFunc(secret, func(p string) string {
			name := p[2 : len(p)-1]
			s.open(name)
			return s.mark + name + "."
		})
	}
	name, ok := s.numbers[[2]string{key, secret}]
	if !ok {
		clean := strings.Trim(strings.ReplaceAll(fixture.FileName(strings.ToUpper(key)), "-", "_"), "_")
		name = clean
		for n := 2; s.taken[name] || slices.Contains(s.names, name); n++ {
			name = fmt.Sprintf("%s_%d", clean, n)
		}
		s.numbers[[2]string{key, secret}] = name
		s.names = append(s.names, name)
		s.note(name, secret)
	}
	return s.mark + name + "."
}

// open notes that a variable's value is a secret.
func (s *secrets) open(name string) {
	if s.taken[name] && !slices.Contains(s.names, name) {
		s.names = append(s.names, name)
	}
}

// note remembers which variable has a secret.
func (s *secrets) note(name, secret string) {
	if _, known := s.values[secret]; !known {
		s.values[secret] = name
	}
}

// known are the secrets, the longest first: a short one may be a part of it.
func (s *secrets) known() []string {
	return slices.SortedFunc(maps.Keys(s.values), func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
}

// ignored marks what of an answer does not count.
func (s *secrets) ignored(_, secret string) string {
	if isOpen(secret) {
		return secret
	}
	return s.mark + "xmlunit-ignore."
}

// placed is a masked text with ${…} for the marks.
func (s *secrets) placed(text []byte) []byte {
	out := text
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

// header is h without its secrets.
func (s *secrets) header(h http.Header) http.Header {
	if h == nil {
		return nil
	}
	out := http.Header{}
	for name, values := range s.asked.Header(h) {
		for _, v := range values {
			out[name] = append(out[name], string(s.placed([]byte(v))))
		}
	}
	return out
}

// target is a path and query without their secrets.
func (s *secrets) target(target string) string {
	return string(s.placed([]byte(s.asked.Target(target))))
}

// targetOf is the path and query of an address.
func targetOf(u *url.URL) string {
	target := u.EscapedPath()
	if target == "" {
		target = "/"
	}
	if u.RawQuery != "" {
		target += "?" + u.RawQuery
	}
	return target
}
