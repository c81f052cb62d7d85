package contract

import (
	"cmp"
	"slices"
	"time"

	"rator/workflow/value"
)

// Options say how Check reads a tree.
type Options struct {
	// Request implies CONTEXT at the top where the contract does not declare it.
	Request bool
	// Zone is that of dates that come without one; nil is UTC.
	Zone *time.Location
	// Answer makes a double that does not read a broken rule: a script's infinity
	// must not become null in silence.
	Answer bool
}

// Check brings a tree into the shape of a contract and lists every rule it
// breaks. Scalars of another type are converted where they read cleanly ("5"
// for a long; any scalar is a string); one that does not parse, or is odd and does
// not fit, becomes null and a warning, as in JAXB (rator-api.md 6): so do INF and
// NaN, which no script can compute with. Dates come out as whole xs:dateTimes, those
// that are whole already with the literal they came with. Absent and null values get their
// default. Mandatory means given and not null; an empty string counts as given,
// and an optional one need not match pattern or enum, because clients send ""
// for unset texts. Entries with unknown keys are kept and counted. An entry
// without a type takes the contract's, else it is a string. A scalar that no contract
// declares is read as the type it came with.
//
// in is not modified; what needs no change is shared with the result.
func Check(vs []*Value, in value.Tree, o Options) (value.Tree, Report) {
	var path [maxNesting]step // most trees need no memory for it
	o.Zone = cmp.Or(o.Zone, time.UTC)
	c := checker{Options: o, path: path[:0]}
	out, _ := c.tree(vs, in)
	return out, c.report
}

type checker struct {
	Options
	report Report
	path   []step
}

// tree checks one level. changed says that out is a copy.
func (c *checker) tree(vs []*Value, in value.Tree) (out value.Tree, changed bool) {
	out = in
	var seen, given bits
	next := 0
	for i := range in {
		v, at := c.find(vs, in[i].Key, next)
		var entry value.Entry
		var differs bool
		switch {
		case v == nil:
			c.report.Unknown++
			entry, differs = c.undeclared(in, i)
		case seen.has(at) && !v.List:
			c.path = append(c.path, step{in, i, v})
			c.violation("may be given only once")
			c.path = c.path[:len(c.path)-1]
			continue
		default:
			broken := len(c.report.Violations)
			c.path = append(c.path, step{in, i, v})
			entry, differs = c.entry(v, &in[i])
			c.path = c.path[:len(c.path)-1]
			next = at + 1
			seen.set(at)
			if !entry.Null || len(c.report.Violations) > broken { // what is told already is not missing as well
				given.set(at)
			}
		}
		if differs {
			if !changed {
				out, changed = slices.Clone(in), true
			}
			out[i] = entry
		}
	}
	for at, v := range vs {
		switch {
		case given.has(at):
		case v.Mandatory:
			c.path = append(c.path, step{nil, 0, v})
			c.violation("is missing")
			c.path = c.path[:len(c.path)-1]
		case v.HasDef && !seen.has(at):
			if !changed {
				out, changed = slices.Clone(in), true
			}
			out = append(out, c.defaultEntry(v))
		}
	}
	return out, changed
}

// find looks for key from vs[next] on and then from the start: clients mostly
// send in the contract's order. CONTEXT, where implied, has no place in vs.
func (c *checker) find(vs []*Value, key string, next int) (*Value, int) {
	for i := next; i < len(vs); i++ {
		if vs[i].Key == key {
			return vs[i], i
		}
	}
	for i := range vs[:min(next, len(vs))] {
		if vs[i].Key == key {
			return vs[i], i
		}
	}
	if c.Request && len(c.path) == 0 && key == ContextKey {
		return contextValue, len(vs)
	}
	return nil, -1
}

// entry checks one declared entry; differs says that the result is not *e.
func (c *checker) entry(v *Value, e *value.Entry) (result value.Entry, differs bool) {
	complexGiven := isComplex(e)
	switch {
	case e.Odd && (e.Null || complexGiven != (v.Type == value.Complex) && (complexGiven || e.Text != "")):
		return c.unread(v, "holds no value that reads as "+v.Type.String()), true
	case e.Null, complexGiven && len(e.Items) == 0 && v.Type != value.Complex, !complexGiven && e.Text == "" && v.Type == value.Complex:
		if v.HasDef {
			return c.defaultEntry(v), true
		}
		return value.OfNull(e.Key, v.Type), !e.Null || e.Type != v.Type
	case v.Type == value.Complex && !complexGiven:
		c.violation("must be complex, not a " + e.Type.String() + " value")
		return *e, false
	case v.Type != value.Complex && complexGiven:
		c.violation("must be a " + v.Type.String() + " value, not complex")
		return *e, false
	case v.Type == value.Complex:
		items, changed := c.below(v, e.Items)
		if !changed && e.Type == value.Complex {
			return *e, false
		}
		return value.Of(e.Key, items...), true
	}
	return c.scalar(v, e)
}

func (c *checker) below(v *Value, items value.Tree) (value.Tree, bool) {
	if len(v.Values) == 0 {
		return c.open(items)
	}
	return c.tree(v.Values, items)
}

func (c *checker) scalar(v *Value, e *value.Entry) (result value.Entry, differs bool) {
	text, ok := readScalar(v.Type, e.Text)
	if !ok {
		return c.unread(v, typeRules[v.Type]), true
	}
	if text != "" || v.Mandatory {
		if rule := v.breaks(text); rule != "" {
			c.violation(rule)
		}
	}
	text = c.whole(v.Type, text)
	if text == e.Text && e.Type == v.Type {
		return *e, false
	}
	return value.Entry{Key: e.Key, Type: v.Type, Text: text}, true
}

// unread is the null that a value at the current path becomes because it does not
// read as v says. It breaks rule where there must be one.
func (c *checker) unread(v *Value, rule string) value.Entry {
	c.report.Warnings++
	if len(c.report.Unread) < maxListed {
		c.report.Unread = append(c.report.Unread, pathText(c.path))
	}
	if v.Mandatory || c.Answer && (v.Type == value.Double || v.Type == value.Float) {
		c.violation(rule)
	}
	return value.OfNull(v.Key, v.Type)
}

func (c *checker) defaultEntry(v *Value) value.Entry {
	return value.Entry{Key: v.Key, Type: v.Type, Text: c.whole(v.Type, v.Default)}
}

// violation lists a broken rule at the current path.
func (c *checker) violation(rule string) {
	if len(c.report.Violations) < maxListed {
		c.report.Violations = append(c.report.Violations, Violation{pathText(c.path), rule})
	}
}
