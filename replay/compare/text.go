package compare

import (
	"math"
	"strings"
	"time"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// scalar is what is known of a text.
type scalar struct {
	of       value.Type
	volatile bool
	message  bool // for people
}

// scalarOf takes the type that the message gives, else the contract's.
func scalarOf(v *contract.Value, said value.Type) scalar {
	s := scalar{of: said}
	if v != nil {
		s.volatile, s.message = v.Volatile, v == errorMessage
		if said == value.Bare {
			s.of = v.Type
		}
	}
	return s
}

// text compares two texts: placeholders first, then a volatile one by its shape,
// then numbers, truth values and dates by what they mean and anything else letter
// by letter, in which ids may be others if they are so everywhere.
func (c *comparison) text(at *step, place *Node, want, got string, s scalar) {
	if c.ignored(at) {
		return
	}
	if strings.Contains(want, "${") {
		e, err := expect(want, c.Variables)
		switch {
		case err != nil:
			if c.err == nil {
				c.err = unreadable(place, err)
			}
			return
		case e.pattern != nil:
			c.meets(at, place, e, want, got)
			return
		}
		if want = e.text; c.asWritten(e) == got {
			return
		}
		s.volatile = s.volatile && !e.given() // what a placeholder says is what is expected
	}
	if s.volatile && !c.named(want) {
		if !c.sameShape(want, got, s.of) {
			c.differ(at, Value, place, want, got)
			return
		}
		if len(want) != idDigits || !isID(want) {
			if c.volatile != nil && !isDate(want) {
				c.volatile(at.String(), want)
			}
			if c.IDs != nil && !isDate(want) {
				c.IDs.Note(want, got)
			}
			return
		}
		if c.IDs == nil {
			return
		}
	}
	if c.IDs != nil && !sameButIDs(want, got) {
		if live := c.IDs.exchanged(want); sameButIDs(live, got) {
			want = live
		}
	}
	switch {
	case want != got && (sameMeaning(want, got, s.of) || s.message && c.sameMessage(want, got)):
	case c.IDs == nil && want == got:
	case c.IDs == nil || !sameButIDs(want, got):
		c.differ(at, Value, place, want, got)
	default:
		c.learn(at, place, want, got)
	}
}

// named reports whether a request of the scenario, up to here, chose a value.
func (c *comparison) named(recorded string) bool { return c.IDs != nil && c.IDs.named[recorded] }

// asWritten is an expected text in which recorded ids alone are exchanged: what
// placeholders put in is live already, and may be equal to another recorded id.
func (c *comparison) asWritten(e *expectation) string {
	var b strings.Builder
	for _, p := range e.pieces {
		if p.given || c.IDs == nil {
			b.WriteString(p.text)
		} else {
			b.Write(replaceIDs([]byte(p.text), c.IDs.live, func(string, string) {}))
		}
	}
	return b.String()
}

func (c *comparison) meets(at *step, place *Node, e *expectation, want, got string) {
	taken, ok := e.meets(got)
	if !ok {
		c.differ(at, Value, place, want, got)
		return
	}
	for i, name := range e.captures {
		if c.Captured != nil {
			c.Captured(name, taken[i])
		}
	}
}

// sameShape compares what is volatile: an id by its digits, a date by being one,
// anything else by being there.
func (c *comparison) sameShape(want, got string, of value.Type) bool {
	switch {
	case isID(want):
		return isID(got)
	case of == value.Date || isDate(want):
		return isDate(want) == isDate(got) && (want == "") == (got == "")
	}
	return (want == "") == (got == "")
}

func isID(s string) bool {
	if len(s) != idDigits {
		return false
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// isDate is cheap for what is none.
func isDate(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) < len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return false
	}
	_, err := value.ParseDate(s, time.UTC)
	return err == nil
}

// sameMeaning reports whether two literals are the same number, truth value or
// instant. A date without a zone is another than one with.
func sameMeaning(want, got string, of value.Type) bool {
	switch of {
	case value.Long:
		w, err1 := value.ParseLong(want)
		g, err2 := value.ParseLong(got)
		return err1 == nil && err2 == nil && w == g
	case value.Double, value.Float:
		w, err1 := value.ParseDecimal(want)
		g, err2 := value.ParseDecimal(got)
		if err1 == nil && err2 == nil {
			return w.Equal(g)
		}
		x, err1 := value.ParseDouble(want)
		y, err2 := value.ParseDouble(got)
		return err1 == nil && err2 == nil && (x == y || math.IsNaN(x) && math.IsNaN(y))
	case value.Boolean:
		w, err1 := value.ParseBoolean(want)
		g, err2 := value.ParseBoolean(got)
		return err1 == nil && err2 == nil && w == g
	case value.Date:
		w, err1 := value.ParseDate(want, time.UTC)
		g, err2 := value.ParseDate(got, time.UTC)
		return err1 == nil && err2 == nil && w.Equal(g) && hasZone(want) == hasZone(got)
	}
	return false
}

// hasZone reports whether a date ends in Z or an offset.
func hasZone(date string) bool {
	date = strings.TrimSpace(date)
	n := len(date)
	return strings.HasSuffix(date, "Z") || n >= 6 && date[n-3] == ':' && (date[n-6] == '+' || date[n-6] == '-')
}

func isIgnore(text string) bool { return strings.TrimSpace(text) == "${"+placeIgnore+"}" }
