package soap

import (
	"rator/wire"
	"rator/workflow/value"
)

// content is what an element that may be an entry was found to hold.
type content struct {
	text     string // when it holds no elements
	elements bool
	null     bool // xsi:nil
}

// entry reads a values or value element and adds the entry it is to pending. A
// value of an entry without xsi:type can be a scalar or an entry; it is one
// when it holds elements. An element with neither key nor value is no entry.
func (d *decoder) entry(level int) (content, error) {
	declared, known, null := d.instance()
	found := content{null: null}
	reading := reading{
		Entry: value.Entry{Type: declared, Null: true},
		known: known, level: level, base: len(d.pending),
	}
	for {
		token, err := d.scanner.next()
		switch {
		case err != nil:
			return found, err
		case token == tokenText:
			found.text = d.scanner.text
			continue
		case token == tokenEnd:
			d.finish(&reading, found)
			return found, nil
		case !found.elements:
			found.elements = true
			if err := d.checkLevel(level); err != nil {
				return found, err
			}
		}
		if err := d.entryMember(&reading); err != nil {
			return found, err
		}
	}
}

// reading is an entry whose end tag was not read yet.
type reading struct {
	value.Entry
	known       bool // its xsi:type is absent or says what it is
	lost        bool // a value came that is none
	keySeen     bool
	valueSeen   bool // of a scalar
	level, base int  // base is where its items begin in pending
}

func (d *decoder) entryMember(e *reading) error {
	switch d.member() {
	case wire.Key:
		return d.once(&e.keySeen, d.textInto(&e.Key))
	case wire.Value:
	default:
		return d.scanner.skip()
	}
	if e.Type != value.Bare && e.Type != value.Complex {
		return d.once(&e.valueSeen, func() error {
			_, _, null := d.instance()
			text, elements, err := d.leaf()
			e.scalar(content{text, elements, null})
			return err
		})
	}
	inner, err := d.entry(e.level + 1)
	switch {
	case err != nil:
		return err
	case inner.elements:
		e.Type = value.Complex
	case e.Type == value.Complex:
	case e.valueSeen && !e.known:
		e.Text, e.Null, e.lost = "", true, true
	case e.valueSeen:
		return d.refuse("value is given twice: a list is a complexValueDTO")
	default:
		e.valueSeen = true
		e.scalar(inner)
	}
	return nil
}

// scalar takes what the value of a scalar holds. Elements are no scalar, and
// what does not read is null (soap-interop.md "Rules").
func (e *reading) scalar(c content) {
	switch {
	case c.null:
	case c.elements:
		e.lost = true
	default:
		e.Text, e.Null = c.text, false
	}
}

// finish makes the entry whole and adds it to pending.
func (d *decoder) finish(e *reading, found content) {
	items := d.take(e.base)
	switch {
	case e.Type == value.Complex:
		e.Text, e.Null = "", false
		if !found.null {
			e.Items = items
		}
	case found.null:
		e.Text, e.Null = "", true
	}
	e.odd(found.null)
	if e.keySeen || len(e.Items) > 0 || e.Type != value.Complex && !e.Null {
		d.pending = append(d.pending, e.Entry)
	}
}

// odd marks what does not go with its xsi:type.
func (e *reading) odd(null bool) {
	e.Odd = !null && (e.lost || !e.known && !e.Null)
	if e.Odd && e.Type == value.Complex && len(e.Items) == 0 {
		e.Type, e.Null = value.Bare, true
	}
}

// typedEntry reads an element that is named by its key: with elements in it it
// is complex, else a scalar whose type is the contract's.
func (d *decoder) typedEntry(level int) error {
	if err := d.checkLevel(level); err != nil {
		return err
	}
	e := value.Entry{Key: d.member()}
	if e.Key == "" {
		return d.scanner.skip()
	}
	_, _, e.Null = d.instance()
	base := len(d.pending)
	for {
		token, err := d.scanner.next()
		switch {
		case err != nil:
			return err
		case token == tokenText:
			e.Text = d.scanner.text
			continue
		case token == tokenStart:
			e.Type = value.Complex
			if err := d.typedEntry(level + 1); err != nil {
				return err
			}
			continue
		}
		items := d.take(base)
		switch {
		case e.Type == value.Complex:
			e.Text, e.Null, e.Items = "", false, items
		case e.Null:
			e.Text = ""
		}
		d.pending = append(d.pending, e)
		return nil
	}
}

func (d *decoder) checkLevel(level int) error {
	s := &d.scanner
	if level > s.limits.ValueDepth {
		return s.limitError(limitValueDepth, s.limits.ValueDepth, s.frames[len(s.frames)-1].offset)
	}
	return nil
}

// instance reads xsi:type and xsi:nil of the open element. known is false for a
// type that is neither the contract's nor one of XML Schema: such an entry is what
// its content looks like.
func (d *decoder) instance() (declared value.Type, known, null bool) {
	known = true
	for i := range d.scanner.attributes {
		a := &d.scanner.attributes[i]
		switch {
		case a.in.space != spaceXSI:
		case a.local == "type":
			declared, known = d.typeNamed(a.value)
		case a.local == "nil":
			text := trimSpace(a.value)
			null = text == "true" || text == "1"
		}
	}
	return declared, known, null
}

func (d *decoder) typeNamed(qname string) (value.Type, bool) {
	in, local, declared := d.scanner.qname(qname)
	if !declared || in.space != spaceContract {
		return value.OfSchema(in.uri, local)
	}
	return value.OfDTO(local)
}

// take moves the entries from base on out of pending, to stand side by side in
// the arena. It gives them as a tree that has no room behind it, so that who
// appends to it does not write on its neighbours.
func (d *decoder) take(base int) value.Tree {
	entries := d.pending[base:]
	if len(entries) == 0 {
		return nil
	}
	if cap(d.arena)-len(d.arena) < len(entries) {
		d.arena = make([]value.Entry, 0, max(len(entries), d.expectedEntries()))
	}
	start := len(d.arena)
	d.arena = append(d.arena, entries...)
	clear(entries) // pending outlives the message
	d.pending = d.pending[:base]
	return value.Tree(d.arena[start:len(d.arena):len(d.arena)])
}

// expectedEntries guesses from the length of what is left to read, and of what
// waits, how many entries will still need a place.
func (d *decoder) expectedEntries() int {
	const usualBytes = 88 // of an entry with its tags
	unread := len(d.scanner.message) - d.scanner.position
	return len(d.pending) + unread/usualBytes + 4
}
