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
	var (
		some []scanned
		last bool
		err  error
	)
	if g.indexed {
		ids := g.ids[:min(limit, len(g.ids))]
		some, err = g.named(u, ids)
		g.ids = g.ids[len(ids):]
		last = len(g.ids) == 0
	} else {
		some, err = g.following(u, limit)
		last = g.after == nil
	}
	if err != nil {
		return nil, false, err
	}
	items, err := g.look(u, some)
	return items, last, err
}

// scanned is a customer that may match, with what clients wrote of it; nil is nothing.
type scanned struct {
	*customer.Partial
	overlay *overlay
}

// following are the next customers of the list.
func (g *customerScan) following(u *Work, limit int) ([]scanned, error) {
	all, next, err := customer.Partials(u.Tx, u.Brand, g.after, limit)
	if err != nil {
		return nil, err
	}
	some := make([]scanned, len(all))
	for i := range all {
		some[i].Partial = &all[i]
		if some[i].overlay, err = g.written.of(u.Tx, all[i].Account.ID); err != nil {
			return nil, err
		}
	}
	g.after = next
	return some, nil
}

// named are the customers with these ids that are listed.
func (g *customerScan) named(u *Work, ids []store.ID) ([]scanned, error) {
	var b store.Batch
	asked := make([]scanned, len(ids))
	for i, id := range ids {
		asked[i].Partial = customer.AskPartial(&b, u.Tx, id)
		askOverlay(&b, u.Call.Resource.Name, id, &asked[i].overlay)
	}
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	some := asked[:0]
	for _, s := range asked {
		listed, err := s.Listed(u.Brand)
		if err != nil {
			return nil, err
		}
		if listed {
			some = append(some, s)
		}
	}
	return some, nil
}

// look gives the items of customers but those that the prefilter keeps back. What clients
// wrote counts where it says something of what is wanted.
func (g *customerScan) look(u *Work, some []scanned) ([]Item, error) {
	var plain []*customer.Partial
	for i := range some {
		if o := some[i].overlay; o != nil && !slices.ContainsFunc(o.Names, g.names.has) {
			some[i].overlay = nil
		}
		if some[i].overlay == nil {
			plain = append(plain, some[i].Partial)
		}
	}
	if err := customer.ReadAhead(u.Tx, plain, g.prefilter.parts()); err != nil {
		return nil, err
	}
	var (
		items []Item
		open  []scanned // the customers of items that are still to be made
		which []int
	)
	for _, s := range some {
		item := Item{ID: CustomerPrefix + s.Account.ID.String()}
		if s.overlay == nil {
			passes, sure, err := g.prefilter.passes(s.Partial)
			if err != nil {
				return nil, err
			}
			if !passes {
				continue
			}
			item.Taken = sure && g.prefiltered
		}
		if !item.Taken {
			open, which = append(open, s), append(which, len(items))
		}
		items = append(items, item)
	}
	documents, err := g.documents(u, open)
	for i, doc := range documents {
		items[which[i]].Document = doc
	}
	return items, err
}

// documents are of customers, as far as is wanted.
func (g *customerScan) documents(u *Work, of []scanned) ([]jsondoc.Value, error) {
	neutral, err := g.projections(u, of)
	if err != nil {
		return nil, err
	}
	for i, s := range of {
		if s.overlay != nil {
			if neutral[i], err = s.overlay.only(g.names.has).compose(neutral[i], g.mapping.optional()...); err != nil {
				return nil, err
			}
		}
		neutral[i] = g.mapping.show(g.dialect, u.Brand.Zone(), neutral[i])
	}
	return neutral, nil
}

// projections are what the business knows of customers, as far as is wanted.
func (g *customerScan) projections(u *Work, of []scanned) ([]jsondoc.Value, error) {
	all := make([]jsondoc.Value, len(of))
	if g.parts == 0 {
		for i := range all {
			all[i] = jsondoc.ObjectOf()
		}
		return all, nil
	}
	partials := make([]*customer.Partial, len(of))
	for i, s := range of {
		partials[i] = s.Partial
	}
	read, err := customer.LoadPartials(u.Tx, partials, g.parts)
	if err != nil {
		return nil, err
	}
	paying := g.names.has("paymentMean")
	var means *meansRead
	if paying {
		if means, err = readMeans(u.Tx, new(store.Batch), read...); err != nil {
			return nil, err
		}
	}
	for i, w := range read {
		var refs []jsondoc.Value
		if paying {
			if refs, _, err = meanRefs(u, w, means); err != nil {
				return nil, err
			}
		}
		all[i] = projectAttributes(w, u.Brand, refs, g.names.has)
	}
	return all, nil
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
