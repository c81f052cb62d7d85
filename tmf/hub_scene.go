package tmf

import (
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// view is a resource of a dialect that hubs are about.
type view struct {
	dialect  *dialect.Dialect
	resource *dialect.Resource
	homes    []string // addresses of the dialect as the hubs have it, one for each origin
}

func viewsOf(hubs []*Hub) []view {
	var all []view
	for _, h := range hubs {
		for _, r := range h.resources() {
			i := slices.IndexFunc(all, func(v view) bool { return v.resource == r })
			if i < 0 {
				i, all = len(all), append(all, view{dialect: h.dialect(), resource: r})
			}
			v := &all[i]
			if !slices.ContainsFunc(v.homes, func(home string) bool { return v.call(home).origin() == v.call(h.home()).origin() }) {
				v.homes = append(v.homes, h.home())
			}
		}
	}
	return all
}

// home is the address of the hub's dialect as its listener's client has it.
func (h *Hub) home() string { return h.Origin + h.BasePath }

func (v *view) call(home string) *Call {
	return &Call{Dialect: v.dialect, Resource: v.resource, Home: home}
}

// stateView is at what there is to see of subjects in one state of the store.
type stateView struct {
	tx    store.Tx
	brand *catalogue.Brand
	views map[string][]view // by resource

	order []resourceKey
	about map[resourceKey]ownership
	shown map[resourceKey]map[string]Item // by dialect, at its first home
	whole map[resourceKey]reader          // makes all of it
	part  map[resourceKey]bool            // shown is not all of it
}

type resourceKey struct{ resource, id string }

// ownership is what of the business a resource is, and of which customer, where it is of
// one.
type ownership struct{ object, account store.ID }

// reader reads a resource; nil for none.
type reader func(*Work) (*Snapshot, error)

// look shows what views have of the subjects in two states of the store.
func look(before, after store.Tx, brand *catalogue.Brand, views []view, s *subjects) (was, is *stateView, err error) {
	l := [2]*stateView{}
	for i, tx := range []store.Tx{before, after} {
		l[i] = &stateView{
			tx: tx, brand: brand, views: map[string][]view{},
			about: map[resourceKey]ownership{}, shown: map[resourceKey]map[string]Item{}, whole: map[resourceKey]reader{}, part: map[resourceKey]bool{},
		}
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
	return l[0], l[1], nil
}

// see takes in a resource that read gives, if there are views of it. whole is what gives
// all of it, where read leaves out what is the same before and after; nil: read does.
func (l *stateView) see(resource string, read, whole reader) error {
	seen := map[string]*Snapshot{} // by origin
	for _, v := range l.views[resource] {
		call := v.call(v.homes[0])
		t, item, err := l.item(call, seen, read)
		if t == nil || err != nil {
			return err
		}
		s := resourceKey{resource, t.ID}
		if l.shown[s] == nil {
			l.order = append(l.order, s)
			l.about[s], l.shown[s] = ownership{t.Object, t.Account}, map[string]Item{}
			l.whole[s], l.part[s] = read, whole != nil
			if whole != nil {
				l.whole[s] = whole
			}
		}
		l.shown[s][v.dialect.Name] = item
	}
	return nil
}

// item reads a resource, once for each origin, and shows it.
func (l *stateView) item(call *Call, seen map[string]*Snapshot, read reader) (*Snapshot, Item, error) {
	u := &Work{tx: l.tx, brand: l.brand, Call: call}
	t, known := seen[call.origin()]
	if !known {
		var err error
		if t, err = read(u); t == nil || err != nil {
			return nil, Item{}, err
		}
		seen[call.origin()] = t
	}
	item, err := t.Item(u)
	return t, item, err
}

// documents are those of a change that views have, whole; shown is what is kept of one.
func (l *stateView) documents(c *keptChange, shown func(jsondoc.Value) jsondoc.Value) ([]keptDocument, error) {
	s := resourceKey{c.Resource, c.Thing}
	seen := map[string]*Snapshot{}
	var all []keptDocument
	for _, v := range l.views[c.Resource] {
		if c.named(v.dialect, v.resource) == "" {
			continue
		}
		for i, home := range v.homes {
			item := l.shown[s][v.dialect.Name]
			if i > 0 || l.part[s] {
				var err error
				if _, item, err = l.item(v.call(home), seen, l.whole[s]); err != nil {
					return nil, err
				}
			}
			if c.What == store.Deleted {
				item.Modified = c.At
			}
			all = append(all, keptDocument{v.dialect.Name, v.call(home).origin(), item.Modified, shown(item.Document).Append(nil)})
		}
	}
	return all, nil
}

// group shows a billing group, and each of the ways in which it pays. whole gives all of
// the group, where w lacks siblings.
func (l *stateView) group(w *customer.Whole, g *customer.BillingGroup, whole reader) error {
	err := l.see("customerAccount", func(u *Work) (*Snapshot, error) { return ReadAccount(u, w, g) }, whole)
	if err != nil {
		return err
	}
	err = l.see("paymentMean", func(u *Work) (*Snapshot, error) { return ReadMean(u, w, g) }, nil)
	if err != nil {
		return err
	}
	for _, r := range w.RechargeTickets {
		if r.BillingGroup != g.ID {
			continue
		}
		if err := l.see("paymentMean", func(u *Work) (*Snapshot, error) { return ReadTicket(u, w, r) }, nil); err != nil {
			return err
		}
	}
	return nil
}

// made shows what clients made and no billing group has.
func (l *stateView) made(w writing) error {
	read := ReadFreeMean
	if w.resource == "customerAccount" {
		read = ReadWaitingAccount
	}
	return l.see(w.resource, func(u *Work) (*Snapshot, error) { return read(u, w.object) }, nil)
}
