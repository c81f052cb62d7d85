package record

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"rator/mask"
)

// secrets puts placeholders where secrets stood. While a message is masked they
// are marks that cannot be in it; only when what else is in the message was
// escaped do they become ${…}.
type secrets struct {
	mark string
	key  []byte
	// numbers tells the secrets of a name apart, so that each gets a variable of
	// its own. Of a secret only a keyed hash is kept.
	numbers map[string]map[[sha256.Size]byte]int
	used    []string // variables of the message at hand
}

func newSecrets() *secrets {
	s := &secrets{mark: rand.Text(), key: make([]byte, 32), numbers: map[string]map[[sha256.Size]byte]int{}}
	rand.Read(s.key)
	return s
}

// variable stands for a secret of a request.
func (s *secrets) variable(key, secret string) string {
	name := variableName(key)
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(secret))
	sum := [sha256.Size]byte(mac.Sum(nil))
	if s.numbers[name] == nil {
		s.numbers[name] = map[[sha256.Size]byte]int{}
	}
	number := s.numbers[name][sum]
	if number == 0 {
		number = len(s.numbers[name]) + 1
		s.numbers[name][sum] = number
	}
	if number > 1 {
		name = fmt.Sprintf("%s_%d", name, number)
	}
	if !slices.Contains(s.used, name) {
		s.used = append(s.used, name)
	}
	return s.mark + name + "."
}

// ignored stands for a secret of an answer.
func (s *secrets) ignored(string, string) string { return s.mark + "xmlunit-ignore" + "." }

// variableName is a key as a variable: NEW_PASSWORD, X_API_KEY.
func variableName(key string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return r
		}
		return '_'
	}, key)
	const longest = 40
	if name = strings.Trim(name[:min(len(name), longest)], "_"); name == "" || name[0] <= '9' {
		name = "SECRET" + name
	}
	return name
}

// known are the secrets of a request, which its answer may say again.
func (r *Recorder) known(x *Exchange, asked []byte) *mask.Known {
	known := mask.In(r.options.Contracts, mediaOf(x.Request.Header.Get("Content-Type")), asked)
	if _, password, ok := (&http.Request{Header: x.Request.Header}).BasicAuth(); ok {
		known.Add(password)
	}
	return known
}

// placed is text with ${…} for each mark. A $ before one is written as a
// reference, for $${ would be no placeholder.
func (s *secrets) placed(text []byte) []byte {
	mark := []byte(s.mark)
	if !bytes.Contains(text, mark) {
		return text
	}
	var out []byte
	for {
		before, after, found := bytes.Cut(text, mark)
		out = append(out, before...)
		if !found {
			return out
		}
		name, rest, _ := bytes.Cut(after, []byte("."))
		if len(out) > 0 && out[len(out)-1] == '$' {
			out = append(out[:len(out)-1], "&#36;"...)
		}
		out = append(out, "${"+strings.Replace(string(name), "xmlunit-", "xmlunit.", 1)+"}"...)
		text = rest
	}
}

// maskers are the ways a message is masked.
func (r *Recorder) maskers() {
	o := r.options
	options := func(value func(key, secret string) string) mask.Options {
		return mask.Options{Keep: o.Keep, Value: value}
	}
	r.asked = mask.New(o.Contracts, options(r.secrets.variable))
	r.answered = mask.New(o.Contracts, options(r.secrets.ignored))
	r.plain = mask.New(o.Contracts, options(nil))
}
