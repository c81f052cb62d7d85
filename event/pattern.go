package event

import (
	"fmt"
	"slices"
	"strings"
)

// Pattern says which topics somebody wants to hear of: the name of one, or a text in
// which * stands for any run of characters, such as customer.* or *. No pattern is of a
// topic that holds a secret; its name is.
type Pattern string

// Match reports whether the pattern is of the topic.
func (p Pattern) Match(topic string) bool {
	if string(p) == topic {
		return true
	}
	if !p.wild() || slices.Contains(internal, topic) {
		return false
	}
	if t := ByName(topic); t != nil && t.Secret() {
		return false
	}
	return p.fits(topic)
}

// internal are topics by which older versions told their own hubs of what other events
// tell everybody. Stores may have them still.
var internal = []string{"tmf.changed", "tmf.deleted"}

func (p Pattern) wild() bool { return strings.Contains(string(p), "*") }

func (p Pattern) fits(topic string) bool {
	parts := strings.Split(string(p), "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(topic) < len(first)+len(last) || !strings.HasPrefix(topic, first) || !strings.HasSuffix(topic, last) {
		return false
	}
	rest := topic[len(first) : len(topic)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

// Patterns are what somebody wants to hear of; none are as the pattern *.
type Patterns []Pattern

// Match reports whether one of the patterns is of the topic.
func (p Patterns) Match(topic string) bool {
	if len(p) == 0 {
		return Pattern("*").Match(topic)
	}
	return slices.ContainsFunc(p, func(one Pattern) bool { return one.Match(topic) })
}

// PatternError says what is wrong with a pattern.
type PatternError struct{ Text, Why string }

func (e *PatternError) Error() string { return fmt.Sprintf("topic %.128q: %s", e.Text, e.Why) }

// What patterns somebody may give.
const (
	MostPatterns = 64
	mostPattern  = 128 // bytes of one, as a topic's name
)

// ParsePatterns reads patterns. Those that no declared topic fits are a *PatternError;
// also are further topics that there are: those that a site declares.
func ParsePatterns(texts []string, also ...string) (Patterns, error) {
	if len(texts) > MostPatterns {
		return nil, &PatternError{texts[MostPatterns], fmt.Sprintf("there are %d before it, which is all there may be", MostPatterns)}
	}
	known := slices.Clone(also)
	for _, t := range Topics() {
		known = append(known, t.Name)
	}
	slices.Sort(known)
	var all Patterns
	for _, text := range texts {
		p := Pattern(text)
		if len(text) > mostPattern {
			return nil, &PatternError{text, fmt.Sprintf("it has more than %d bytes", mostPattern)}
		}
		if !slices.ContainsFunc(known, p.Match) {
			return nil, &PatternError{text, p.unmatched(known)}
		}
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all, nil
}

// unmatched says why a pattern is of no topic, and what there is that begins like it.
func (p Pattern) unmatched(known []string) string {
	switch {
	case p == "":
		return "it is empty; * stands for every topic"
	case slices.ContainsFunc(known, p.fits):
		return "what it fits holds a secret, and is told only to who names it: " + strings.Join(those(known, p.fits), ", ")
	}
	area, _, _ := strings.Cut(string(p), ".")
	near := those(known, func(topic string) bool { return strings.HasPrefix(topic, strings.TrimRight(area, "*")+".") })
	if len(near) == 0 {
		return "there is none such; rator events topics lists them"
	}
	return "there is none such; there are " + strings.Join(near, ", ")
}

func those(topics []string, are func(string) bool) (those []string) {
	for _, t := range topics {
		if are(t) {
			those = append(those, t)
		}
	}
	return those
}
