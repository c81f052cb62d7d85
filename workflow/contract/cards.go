package contract

import (
	"slices"
	"strconv"

	"rator/card"
	"rator/workflow/value"
)

// Cards looks through the values of a request for what looks like the number of a
// payment card (security.md, "Card data"). What a key may hold is said by its
// attributes reference and identifier, or else by its name (card.KindOf).
type Cards struct {
	// Conceal gives a reference as it may be kept (card.Key). When nil, one that
	// looks like a card number is a broken rule as any text.
	Conceal func(reference string) string
	// Known are texts that were let through before, as identifiers.
	Known []string
	// Mask masks card numbers in texts (card.Mask) where they would be a broken rule.
	Mask bool
}

// Screened is what Cards.Screen found.
type Screened struct {
	Violations []Violation // at most 50; no path repeats a number
	Identified []string    // texts that look like card numbers, and are identifiers
	// Clear are the references that were concealed, as they came, by what they are now.
	Clear map[string]string
}

// cardRule is the rule that a card number breaks, wherever it stands.
const cardRule = "holds what looks like the number of a payment card"

// Screen gives a tree with its references concealed, and lists the card numbers in
// it: in texts and numbers, declared or not, and in names of keys. With vs nil all
// keys are told by their names. in is not modified; what needs no change is shared
// with the result.
func (c Cards) Screen(vs []*Value, in value.Tree) (value.Tree, Screened) {
	s := screening{Cards: c}
	out, _ := s.tree(vs, in, nil)
	return out, s.found
}

type screening struct {
	Cards
	found Screened
}

// spot is where a screening is: at in[i], below up.
type spot struct {
	up *spot
	in value.Tree
	i  int
}

func (s *screening) tree(vs []*Value, in value.Tree, up *spot) (out value.Tree, changed bool) {
	out = in
	for i := range in {
		entry, differs := s.entry(vs, in, i, up)
		if !differs {
			continue
		}
		if !changed {
			out, changed = slices.Clone(in), true
		}
		out[i] = entry
	}
	return out, changed
}

func (s *screening) entry(vs []*Value, in value.Tree, i int, up *spot) (entry value.Entry, differs bool) {
	entry = in[i]
	v := Find(vs, entry.Key)
	if up == nil && entry.Key == ContextKey { // whatever a contract says of it
		v = contextValue
	}
	if v == nil && card.Holds(entry.Key) {
		s.refuse(&spot{up, in, i})
	}
	if len(entry.Items) > 0 {
		var below []*Value
		if v != nil {
			below = v.Values
		}
		entry.Items, differs = s.tree(below, entry.Items, &spot{up, in, i})
		return entry, differs
	}
	if !looksLikeCard(&entry) {
		return entry, false
	}
	switch kind := kindOf(v, entry.Key); {
	case kind == card.Identifier && (v != nil && v.Cards == card.Identifier || card.Identifies(entry.Key, entry.Text)), slices.Contains(s.Known, entry.Text):
		s.found.Identified = append(s.found.Identified, entry.Text)
		return entry, false
	case kind == card.Reference && s.Conceal != nil && (entry.Type == value.String || entry.Type == value.Bare):
		clear := entry.Text
		entry.Text = s.Conceal(clear)
		if s.found.Clear == nil {
			s.found.Clear = map[string]string{}
		}
		s.found.Clear[entry.Text] = clear
		return entry, true
	case s.Mask:
		return value.OfString(entry.Key, card.Mask(entry.Text)), true
	}
	s.refuse(&spot{up, in, i})
	return entry, false
}

// looksLikeCard reports whether a scalar holds a card number.
func looksLikeCard(e *value.Entry) bool {
	switch {
	case e.Null:
		return false
	case e.Type == value.Long || e.Type == value.Double:
		return card.HoldsNumeral(e.Text)
	}
	return card.Holds(e.Text)
}

// kindOf is what a key holds, by its attributes or else by its name; v is nil where
// it is not declared.
func kindOf(v *Value, key string) card.Kind {
	if v == nil || v.Cards == card.Unsaid {
		return card.KindOf(key)
	}
	return v.Cards
}

func (s *screening) refuse(at *spot) {
	if len(s.found.Violations) < maxListed {
		s.found.Violations = append(s.found.Violations, Violation{string(at.appendPath(nil)), cardRule})
	}
}

// appendPath is as the path of a Violation; card numbers in keys are masked.
func (at *spot) appendPath(path []byte) []byte {
	if at.up != nil {
		path = append(at.up.appendPath(path), '/')
	}
	key, number, all := at.in[at.i].Key, 0, 0
	for i := range at.in {
		if at.in[i].Key == key {
			if all++; i <= at.i {
				number++
			}
		}
	}
	path = append(path, card.Mask(key)...)
	if all > 1 {
		path = append(path, "["+strconv.Itoa(number)+"]"...)
	}
	return path
}
