package hub

import (
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
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
		for _, r := range h.Resources() {
			i := slices.IndexFunc(all, func(v view) bool { return v.resource == r })
			if i < 0 {
				i, all = len(all), append(all, view{dialect: h.dialect(), resource: r})
			}
			v := &all[i]
			if !slices.ContainsFunc(v.homes, func(home string) bool { return v.call(home).Origin() == v.call(h.home()).Origin() }) {
				v.homes = append(v.homes, h.home())
			}
		}
	}
	return all
}

// home is the address of the hub's dialect as its listener's client has it.
func (h *Hub) home() string { return h.Origin + h.BasePath }

func (v *view) call(home string) *resource.Call {
	return &resource.Call{Dialect: v.dialect, Resource: v.resource, Home: home}
}

// stateView is at what there is to see of subjects in one state of the store.
type stateView struct {
	tx    store.Tx
	brand *catalogue.Brand
	views map[string][]view // by resource

	order []resourceKey
	about map[resourceKey]ownership
	shown map[resourceKey]map[string]resource.Item // by dialect, at its first home
	whole map[resourceKey]reader                   // makes all of it
	part  map[resourceKey]bool                     // shown is not all of it
}

type resourceKey struct{ resource, id string }

// ownership is what of the business a resource is, and of which customer, where it is of
// one.
type ownership struct{ object, account store.ID }

// reader reads a resource; nil for none.
type reader func(*resource.Work) (*resource.Snapshot, error)

// look shows what views have of the subjects in two states of the store.
func look(before, after store.Tx, brand *catalogue.Brand, views []view, s *subjects) (was, is *stateView, err error) {
	l := [2]*stateView{}
	for i, tx := range []store.Tx{before, after} {
		l[i] = &stateView{
			tx: tx, brand: brand, views: map[string][]view{},
			about: map[resourceKey]ownership{}, shown: map[resourceKey]map[string]resource.Item{}, whole: map[resourceKey]reader{}, part: map[resourceKey]bool{},
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
func (l *stateView) see(kind string, read, whole reader) error {
	seen := map[string]*resource.Snapshot{} // by origin
	for _, v := range l.views[kind] {
		call := v.call(v.homes[0])
		t, item, err := l.item(call, seen, read)
		if t == nil || err != nil {
			return err
		}
		s := resourceKey{kind, t.ID}
		if l.shown[s] == nil {
			l.order = append(l.order, s)
			l.about[s], l.shown[s] = ownership{t.Object, t.Account}, map[string]resource.Item{}
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
func (l *stateView) item(call *resource.Call, seen map[string]*resource.Snapshot, read reader) (*resource.Snapshot, resource.Item, error) {
	u := &resource.Work{Tx: l.tx, Brand: l.brand, Call: call}
	t, known := seen[call.Origin()]
	if !known {
		var err error
		if t, err = read(u); t == nil || err != nil {
			return nil, resource.Item{}, err
		}
		seen[call.Origin()] = t
	}
	item, err := t.Item(u)
	return t, item, err
}

// documents are those of a change that views have, whole; shown is what is kept of one.
func (l *stateView) documents(c *KeptChange, shown func(jsondoc.Value) jsondoc.Value) ([]KeptDocument, error) {
	s := resourceKey{c.Resource, c.Thing}
	seen := map[string]*resource.Snapshot{}
	var all []KeptDocument
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
			all = append(all, KeptDocument{v.dialect.Name, v.call(home).Origin(), item.Modified, shown(item.Document).Append(nil)})
		}
	}
	return all, nil
}

// group shows a billing group, and each of the ways in which it pays. whole gives all of
// the group, where w lacks siblings.
func (l *stateView) group(w *customer.Whole, g *customer.BillingGroup, whole reader) error {
	err := l.see("customerAccount", func(u *resource.Work) (*resource.Snapshot, error) { return resource.ReadAccount(u, w, g) }, whole)
	if err != nil {
		return err
	}
	err = l.see("paymentMean", func(u *resource.Work) (*resource.Snapshot, error) { return resource.ReadMean(u, w, g) }, nil)
	if err != nil {
		return err
	}
	for _, r := range w.RechargeTickets {
		if r.BillingGroup != g.ID {
			continue
		}
		if err := l.see("paymentMean", func(u *resource.Work) (*resource.Snapshot, error) { return resource.ReadTicket(u, w, r) }, nil); err != nil {
			return err
		}
	}
	return nil
}

// made shows what clients made and no billing group has.
func (l *stateView) made(w writing) error {
	read := resource.ReadFreeMean
	if w.resource == "customerAccount" {
		read = resource.ReadWaitingAccount
	}
	return l.see(w.resource, func(u *resource.Work) (*resource.Snapshot, error) { return read(u, w.object) }, nil)
}
