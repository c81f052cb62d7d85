package resource

import (
	"slices"

	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/query"
)

// customerScan goes through customers and makes of each no more than is asked
// for: often it is enough to look at single members of what is kept.
type customerScan struct {
	mapping   *customers
	dialect   *dialect.Dialect
	filter    *query.Filter
	names     *wantedNames
	parts     customer.Parts
	prefilter prefilter
	// prefiltered says that who comes through the prefilter is all that the filter takes, and
	// nothing else is wanted.
	prefiltered bool

	begun   bool
	indexed bool       // ids is all there may be
	ids     []store.ID // that are still to come
	after   []byte     // where the list goes on
	written overlayRun
}

func (c *customers) scan(call *Call, f *query.Filter, attributes []string) scan {
	g := &customerScan{mapping: c, dialect: call.Dialect, filter: f}
	g.names = &wantedNames{dialect: call.Dialect, shown: append(f.Attributes(), attributes...), known: map[string]bool{}}
	for name, parts := range PartsOf {
		if g.names.has(name) {
			g.parts |= parts
		}
	}
	var exact bool
	g.prefilter, exact = prefilterOf(f, call.Dialect)
	g.prefiltered = exact && len(attributes) == 0
	return g
}

// wantedNames are the neutral names of the attributes that a dialect shows under
// others.
type wantedNames struct {
	dialect *dialect.Dialect
	shown   []string
	known   map[string]bool // what was asked already
}

func (w *wantedNames) has(neutral string) bool {
	wanted, known := w.known[neutral]
	if !known {
		name := renamed(w.dialect, neutral)
		if w.dialect != dialect.V2014 && slices.Contains(asCharacteristics, neutral) {
			name = "characteristic"
		}
		wanted = slices.Contains(w.shown, name)
		if len(w.known) < query.MaxTerms {
			w.known[neutral] = wanted
		}
	}
	return wanted
}

func (g *customerScan) next(u *Work, limit int) ([]Item, bool, error) {
	if !g.begun {
		var err error
		if g.ids, g.indexed, err = g.mapping.lookUp(u, g.filter); err != nil {
			return nil, false, err
		}
		g.begun = true
	}
	var items []Item
	if g.indexed {
		some := g.ids[:min(limit, len(g.ids))]
		for _, id := range some {
			if err := g.named(u, id, &items); err != nil {
				return nil, false, err
			}
		}
		g.ids = g.ids[len(some):]
		return items, len(g.ids) == 0, nil
	}
	all, next, err := customer.Partials(u.Tx, u.Brand, g.after, limit)
	if err != nil {
		return nil, false, err
	}
	for i := range all {
		o, err := g.written.of(u.Tx, all[i].Account.ID)
		if err == nil {
			err = g.look(u, &all[i], o, &items)
		}
		if err != nil {
			return nil, false, err
		}
	}
	g.after = next
	return items, next == nil, nil
}

// named looks at the customer with an id, if it is listed.
func (g *customerScan) named(u *Work, id store.ID, items *[]Item) error {
	if is, err := customer.IsListed(u.Tx, u.Brand, id); err != nil || !is {
		return err
	}
	glimpse, err := customer.PartialOf(u.Tx, id)
	if err != nil {
		return err
	}
	o, err := OverlayOf(u.Tx, u.Call.Resource.Name, id)
	if err != nil {
		return err
	}
	return g.look(u, glimpse, o, items)
}

// look adds a customer to items unless the prefilter keeps it back. What clients wrote
// counts where it says something of what is wanted.
func (g *customerScan) look(u *Work, c *customer.Partial, o *overlay, items *[]Item) error {
	if o != nil && !slices.ContainsFunc(o.Names, g.names.has) {
		o = nil
	}
	item := Item{ID: CustomerPrefix + c.Account.ID.String()}
	if o == nil {
		passes, sure, err := g.prefilter.passes(c)
		if err != nil || !passes {
			return err
		}
		if item.Taken = sure && g.prefiltered; item.Taken {
			*items = append(*items, item)
			return nil
		}
	}
	neutral := jsondoc.ObjectOf()
	if g.parts != 0 {
		w, err := c.LoadSummary(g.parts)
		if err != nil {
			return err
		}
		var means []jsondoc.Value
		if g.names.has("paymentMean") {
			made, err := meansMadeFor(u.Tx, w)
			if err != nil {
				return err
			}
			if means, _, err = meanRefs(u, w, made); err != nil {
				return err
			}
		}
		neutral = projectAttributes(w, u.Brand, means, g.names.has)
	}
	if o != nil {
		var err error
		if neutral, err = o.only(g.names.has).compose(neutral, g.mapping.optional()...); err != nil {
			return err
		}
	}
	item.Document = g.mapping.show(g.dialect, u.Brand.Zone(), neutral)
	*items = append(*items, item)
	return nil
}

// only is the overlay as far as it says something of the attributes that are
// wanted.
func (o *overlay) only(wanted func(name string) bool) *overlay {
	part := *o
	part.Names = nil
	for _, name := range o.Names {
		if wanted(name) {
			part.Names = append(part.Names, name)
		}
	}
	return &part
}

// overlayRun finds what lies over customers that come in the order of their ids:
// it goes along with them, some overlays at a time.
type overlayRun struct {
	ahead []*overlay // not before the last customer
	after []byte
	ended bool
}

// of is nil when nothing lies over the customer.
func (r *overlayRun) of(tx store.Tx, object store.ID) (*overlay, error) {
	for {
		for len(r.ahead) > 0 && r.ahead[0].Object < object {
			r.ahead = r.ahead[1:]
		}
		switch {
		case len(r.ahead) > 0 && r.ahead[0].Object == object:
			return r.ahead[0], nil
		case len(r.ahead) > 0 || r.ended:
			return nil, nil
		}
		var err error
		if r.ahead, r.after, err = Overlays.Page(tx, byObject, store.Compose("customer", ""), r.after, scanPage); err != nil {
			return nil, err
		}
		r.ended = r.after == nil
	}
}
