package tmf

import (
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// view is a resource of a dialect that hubs are about.
type view struct {
	dialect  *Dialect
	resource *Resource
	home     string // the address of the dialect as the first of the hubs has it
}

func viewsOf(hubs []*Hub) []view {
	var all []view
	for _, h := range hubs {
		for _, r := range h.resources() {
			if !slices.ContainsFunc(all, func(v view) bool { return v.resource == r }) {
				all = append(all, view{h.dialect(), r, h.Origin + h.BasePath})
			}
		}
	}
	return all
}

// scene is what there is to see of subjects in one state of the store.
type scene struct {
	order    []sight
	accounts []store.ID                 // in the same order, of their customers, where there are any
	shown    map[sight]map[string]Value // documents by dialect
}

type sight struct{ resource, id string }

// look shows what views have of the subjects in two states of the store.
func look(before, after store.Tx, brand *catalogue.Brand, views []view, s *subjects) (was, is *scene, err error) {
	l := [2]*looking{}
	for i, tx := range []store.Tx{before, after} {
		l[i] = &looking{scene: scene{shown: map[sight]map[string]Value{}}, tx: tx, brand: brand, views: map[string][]view{}}
		for _, v := range views {
			l[i].views[v.resource.Name] = append(l[i].views[v.resource.Name], v)
		}
	}
	for _, id := range s.accounts {
		c, err := compare(l, id, s)
		if err == nil {
			err = c.customer()
		}
		if err == nil {
			err = c.groups()
		}
		if err != nil {
			return nil, nil, err
		}
	}
	for _, w := range s.written {
		for _, state := range l {
			if err := state.made(w); err != nil {
				return nil, nil, err
			}
		}
	}
	return &l[0].scene, &l[1].scene, nil
}

// looking is at one state of the store.
type looking struct {
	scene
	tx    store.Tx
	brand *catalogue.Brand
	views map[string][]view // by resource
}

// see takes in a resource that read gives, if there are views of it.
func (l *looking) see(resource string, read func(*Work) (*thing, error)) error {
	var t *thing
	for _, v := range l.views[resource] {
		u := &Work{tx: l.tx, brand: l.brand, Call: &Call{Dialect: v.dialect, Resource: v.resource, Home: v.home}}
		if t == nil {
			var err error
			if t, err = read(u); t == nil || err != nil {
				return err
			}
		}
		c := &collection{mapping: mappings[resource](&Business{})}
		_, item, err := c.item(u, t)
		if err != nil {
			return err
		}
		s := sight{resource, t.id}
		if l.shown[s] == nil {
			l.order, l.accounts = append(l.order, s), append(l.accounts, t.account)
			l.shown[s] = map[string]Value{}
		}
		l.shown[s][v.dialect.Name] = item.Document
	}
	return nil
}

// group shows a billing group, and each of the ways in which it pays.
func (l *looking) group(w *customer.Whole, g *customer.BillingGroup) error {
	err := l.see("customerAccount", func(u *Work) (*thing, error) { return accountMapping{}.thingOf(u, w, g) })
	if err != nil {
		return err
	}
	err = l.see("paymentMean", func(u *Work) (*thing, error) {
		made, err := meanMadeFor(u.tx, g.ID)
		switch {
		case err != nil:
			return nil, err
		case made != nil:
			return madeThing(u, made, w, g), nil
		case hasBank(g):
			return bankThing(u, w, g), nil
		}
		return nil, nil
	})
	if err != nil {
		return err
	}
	for _, r := range w.RechargeTickets {
		if r.BillingGroup != g.ID {
			continue
		}
		if err := l.see("paymentMean", func(u *Work) (*thing, error) { return ticketThing(u, w, r), nil }); err != nil {
			return err
		}
	}
	return nil
}

// made shows what clients made and no billing group has.
func (l *looking) made(w writing) error {
	return l.see(w.resource, func(u *Work) (*thing, error) {
		if w.resource == "customerAccount" {
			x, err := waitingAccounts.Get(u.tx, w.object)
			if isAbsent(err) || err == nil && x.Brand != l.brand.Key {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
			return x.thing(), nil
		}
		x, err := madeMeans.Get(u.tx, w.object)
		if isAbsent(err) || err == nil && (x.Brand != l.brand.Key || x.Group != 0) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return madeThing(u, x, nil, nil), nil
	})
}
