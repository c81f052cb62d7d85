package compare

import (
	"maps"
	"slices"
	"strings"
)

// Note keeps that live came for the value recorded of a volatile key, such as a
// one-time token, so that later requests send live. Unlike an id it may change from
// answer to answer; the newest holds.
func (ids *IDs) Note(recorded, live string) {
	if recorded == "" {
		return
	}
	if ids.volatile == nil {
		ids.volatile = map[string]string{}
	}
	ids.volatile[recorded] = live
}

// Named notes what a recorded request says of itself: a value that the caller chose is
// compared as it is, also where its key is volatile. What an earlier answer introduced
// he did not choose.
func (ids *IDs) Named(request []byte) {
	if ids.named == nil {
		ids.named = map[string]bool{}
	}
	for start, end := range leaves(request) {
		text := unescape(request[start:end])
		if _, ok := ids.introduced(text); !ok && !isID(text) {
			ids.named[text], ids.named[digitsOf(text)] = true, true
		}
	}
}

// introduced is the live value of a recorded text that an answer had for a volatile key;
// a number may be spelled in another way, and stays so.
func (ids *IDs) introduced(recorded string) (live string, ok bool) {
	if live, ok = ids.volatile[recorded]; ok {
		return live, true
	}
	digits := digitsOf(recorded)
	if live, ok = ids.volatile[digits]; !ok || len(live) != len(digits) {
		return "", false
	}
	spelled := []byte(recorded)
	for i := range spelled {
		if isDigit(spelled[i]) {
			spelled[i], live = live[0], live[1:]
		}
	}
	return string(spelled), true
}

// digitsOf are the digits of a phone number in any spelling, as answers have them; what
// is none stays as it is.
func digitsOf(text string) string {
	if strings.Trim(text, "0123456789+-(). /") != "" {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// exchanged is a recorded text, such as a message for people, with the live values of
// volatile keys in it.
func (ids *IDs) exchanged(text string) string {
	var pairs []string
	for _, recorded := range slices.SortedFunc(maps.Keys(ids.volatile), func(a, b string) int { return len(b) - len(a) }) {
		if strings.Contains(text, recorded) {
			pairs = append(pairs, recorded, ids.volatile[recorded])
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
