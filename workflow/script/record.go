package script

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.starlark.net/starlark"

	"rator/workflow/contract"
	"rator/workflow/value"
)

// record is a complex value in a script: a value.Tree that is read where it
// lies. What it may hold is known from a contract or from a component's Out; a
// key that is allowed and absent is None.
type record struct {
	name  string // of the thing, for messages: the key, or what gave it
	key   string // it stands under in the tree above; "" at the top
	tree  value.Tree
	shape shape
	run   *run
	// lists keeps what a key that repeats was read as.
	lists map[string]*starlark.List
}

// shape is what a record may hold.
type shape struct {
	// values declare the keys; nil lets any key be asked for.
	values []*contract.Value
	// siblings are the complex values that may stand in the same place, for an
	// item of a container of several kinds: their keys may be asked for too.
	siblings []*contract.Value
	// out are a component's keys, whose values are not declared further.
	out []string
}

func (s shape) open() bool { return s.values == nil && s.out == nil }

// find is the declaration of key: nil for one without, false for one that is
// not allowed.
func (s shape) find(key string) (*contract.Value, bool) {
	if s.open() || slices.Contains(s.out, key) {
		return nil, true
	}
	if v := contract.Find(s.values, key); v != nil {
		return v, true
	}
	for _, sibling := range s.siblings {
		if v := contract.Find(sibling.Values, key); v != nil {
			return v, true
		}
	}
	return nil, contract.Find(s.values, AnyKey) != nil
}

// keys are all that may be asked for.
func (s shape) keys() []string {
	keys := slices.Clone(s.out)
	for _, v := range s.values {
		keys = append(keys, v.Key)
	}
	for _, sibling := range s.siblings {
		for _, v := range sibling.Values {
			keys = append(keys, v.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// below is the shape of a complex value declared as v.
func below(v *contract.Value) shape {
	if v == nil || len(v.Values) == 0 {
		return shape{}
	}
	return shape{values: v.Values}
}

// declaredShape is that of a whole request or response; without values nothing
// may be asked for.
func declaredShape(values []*contract.Value) shape {
	if values == nil {
		values = []*contract.Value{}
	}
	return shape{values: values}
}

var (
	_ starlark.HasAttrs = (*record)(nil)
	_ starlark.Sequence = (*record)(nil)
)

// String tells no values: they may be secrets.
func (r *record) String() string       { return fmt.Sprintf("complex(%d keys)", len(r.tree)) }
func (*record) Type() string           { return "complex" }
func (*record) Freeze()                {}
func (r *record) Truth() starlark.Bool { return len(r.tree) > 0 }
func (r *record) Len() int             { return len(r.tree) }
func (r *record) AttrNames() []string  { return r.shape.keys() }
func (*record) Hash() (uint32, error) {
	return 0, errors.New("a complex value cannot be the key of a dict")
}

// Attr is record.KEY.
func (r *record) Attr(key string) (starlark.Value, error) {
	v, allowed := r.shape.find(key)
	if !allowed {
		return nil, fmt.Errorf("%s has no %s%s", r.name, key, contract.Suggest(key, r.shape.keys()))
	}
	if v != nil && v.List {
		return r.list(v)
	}
	e := r.tree.Get(key)
	if e == nil {
		return starlark.None, nil
	}
	return r.run.wrap(e, v, nil), nil
}

// list is a key that repeats, as a list that cannot be changed; empty when the
// key is absent.
func (r *record) list(v *contract.Value) (starlark.Value, error) {
	if list := r.lists[v.Key]; list != nil {
		return list, nil
	}
	var items []starlark.Value
	for e := range r.tree.All(v.Key) {
		if err := r.run.budget.take(150); err != nil {
			return nil, err
		}
		items = append(items, r.run.wrap(e, v, nil))
	}
	if err := r.run.budget.list(len(items)); err != nil {
		return nil, err
	}
	list := starlark.NewList(items)
	list.Freeze()
	if r.lists == nil {
		r.lists = map[string]*starlark.List{}
	}
	r.lists[v.Key] = list
	return list, nil
}

// child is what stands at tree[i].
func (r *record) child(i int) starlark.Value {
	v, _ := r.shape.find(r.tree[i].Key)
	return r.run.wrap(&r.tree[i], v, r.shape.values)
}

// Iterate walks what lies below, whatever the keys: the items of a container.
func (r *record) Iterate() starlark.Iterator { return &children{record: r} }

type children struct {
	record *record
	next   int
}

func (c *children) Next(item *starlark.Value) bool {
	if c.next == len(c.record.tree) {
		return false
	}
	*item = c.record.child(c.next)
	c.next++
	return true
}

func (*children) Done() {}

// wrap is an entry as a script sees it: null is None, and so is a scalar that
// scripts cannot compute with (a double INF). siblings are given for the child
// of a container.
func (r *run) wrap(e *value.Entry, v *contract.Value, siblings []*contract.Value) starlark.Value {
	if e.Null {
		return starlark.None
	}
	switch e.Type {
	case value.Complex:
		inside := below(v)
		inside.siblings = siblings
		return &record{name: e.Key, key: e.Key, tree: e.Items, shape: inside, run: r}
	case value.Long:
		n, err := value.ParseLong(e.Text)
		if err != nil {
			return starlark.None
		}
		return starlark.MakeInt64(n)
	case value.Double, value.Float:
		n, err := parseDecimal(e.Text)
		if err != nil {
			return starlark.None
		}
		return n
	case value.Boolean:
		b, err := value.ParseBoolean(e.Text)
		if err != nil {
			return starlark.None
		}
		return starlark.Bool(b)
	case value.Date:
		t, err := value.ParseDate(e.Text, r.zone)
		if err != nil {
			return starlark.None
		}
		return date{t, e.Text}
	}
	return starlark.String(e.Text)
}

// dateOf is a moment as a date of the call's zone.
func (r *run) dateOf(t time.Time) starlark.Value {
	t = t.In(r.zone)
	return date{t, value.FormatDate(t)}
}
