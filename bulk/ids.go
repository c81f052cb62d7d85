package bulk

import (
	"reflect"

	"rator/store"
)

// ids gives ids of ours in the place of stand-ins: first to all that is kept, in the order
// of the lists, which are oldest first; then wherever one of them is named.
func (f *filling) ids() {
	v := reflect.ValueOf(f.c).Elem()
	all := f.c.names.all
	now := store.FirstIDAt(f.tx.Now())
	var named []*store.ID // the places where stand-ins are named
	walk := idWalk{do: func(w *idWalk, m *member, field reflect.Value) error {
		switch id := store.ID(field.Int()); {
		case !m.own && id < 0:
			named = append(named, field.Addr().Interface().(*store.ID))
		case !m.own:
		case 0 < id && id < now:
		case id > 0:
			f.failed(w.path.String(), store.CheckLoaded(id, f.tx.Now()))
		default:
			given, err := f.tx.NextID()
			all[-id-1].given = given
			field.SetInt(int64(given))
			return err
		}
		return nil
	}}
	if f.failed("", walk.below(linePlan(), nil, v)) {
		return
	}
	for _, id := range named {
		*id = all[-*id-1].given
	}
}

// idWalk goes through all ids of a line.
type idWalk struct {
	path trail
	do   func(w *idWalk, m *member, field reflect.Value) error
}

// below goes through those of a value, which is of a member.
func (w *idWalk) below(p *plan, m *member, v reflect.Value) error {
	if !p.ids || p.pointer && v.IsNil() {
		return nil
	}
	if p.pointer {
		v = v.Elem()
	}
	switch p.form {
	case id:
		return w.do(w, m, v)
	case list:
		for n := range v.Len() {
			if err := w.step(step{n: n}, p.each, m, v.Index(n)); err != nil {
				return err
			}
		}
	case object:
		for n := range p.members {
			m := &p.members[n]
			if !m.plan.ids {
				continue
			}
			if err := w.step(step{name: m.name}, m.plan, m, m.at(v)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *idWalk) step(s step, p *plan, m *member, v reflect.Value) error {
	w.path = append(w.path, s)
	err := w.below(p, m, v)
	w.path = w.path[:len(w.path)-1]
	return err
}

// Things are the paths of all that is kept of a customer, by the ids.
func (c *Customer) Things() map[store.ID]string {
	all := map[store.ID]string{}
	walk := idWalk{do: func(w *idWalk, m *member, field reflect.Value) error {
		if m.own {
			all[store.ID(field.Int())] = w.path[:len(w.path)-1].String()
		}
		return nil
	}}
	_ = walk.below(linePlan(), nil, reflect.ValueOf(c).Elem()) // which fails where do does
	return all
}
