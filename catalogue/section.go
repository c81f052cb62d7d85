package catalogue

import "rator/store"

// section is one list of an offer, such as its rate plans: what is done with its
// objects when a file is read, imported and exported.
type section interface {
	inherit(o *Offer) // what objects have of their brand
	check(c *checker, o *Offer)
	merge(tx store.Tx, o *Offer, from schedule, changes *Changes) error
	read(tx store.Tx, o *Offer) error
}

// sections are all lists of an offer, in the order in which they are imported. A
// new kind of object is a line here and a field of Offer.
var sections = []section{
	&list[RatePlan, *RatePlan]{"code", ratePlans, func(o *Offer) *[]*RatePlan { return &o.RatePlans }},
	&list[NumberSeries, *NumberSeries]{"code", NumberSerieses, func(o *Offer) *[]*NumberSeries { return &o.NumberSeries }},
	options{},
	&list[ProductConfig, *ProductConfig]{"code", ProductConfigs, func(o *Offer) *[]*ProductConfig { return &o.ProductConfigs }},
	&list[ChargeItem, *ChargeItem]{"code", chargeItems, func(o *Offer) *[]*ChargeItem { return &o.ChargeItems }},
	&list[Tax, *Tax]{"code", taxes, func(o *Offer) *[]*Tax { return &o.Taxes }},
	&list[Device, *Device]{"meid", devices, func(o *Offer) *[]*Device { return &o.Devices }},
	&list[Coverage, *Coverage]{"zip", coverages, func(o *Offer) *[]*Coverage { return &o.Coverages }},
	&list[Campaign, *Campaign]{"code", campaigns, func(o *Offer) *[]*Campaign { return &o.Campaigns }},
	&list[Handset, *Handset]{"article", handsets, func(o *Offer) *[]*Handset { return &o.Handsets }},
}

// list is a section that is flat.
type list[T any, P thing[T]] struct {
	key  string // of the business key in a file
	kind *store.Kind[T]
	in   func(o *Offer) *[]P
}

// inheritor is an object that has more of its offer than the brand.
type inheritor interface{ inherit(o *Offer) }

func (l *list[T, P]) inherit(o *Offer) {
	for _, x := range *l.in(o) {
		x.entry().Brand = o.Key
		if i, ok := any(x).(inheritor); ok {
			i.inherit(o)
		}
	}
}

func (l *list[T, P]) check(c *checker, o *Offer) { checkAll(c, o, l.key, *l.in(o)) }

func (l *list[T, P]) merge(tx store.Tx, o *Offer, from schedule, changes *Changes) error {
	return merge(tx, l.kind, o.Key, *l.in(o), from, changes)
}

func (l *list[T, P]) read(tx store.Tx, o *Offer) error {
	all, err := listed(tx, l.kind, o.Key)
	for _, x := range all {
		*l.in(o) = append(*l.in(o), x)
	}
	return err
}

// options are the section whose objects stand one below the other.
type options struct{}

func (options) inherit(o *Offer) {
	for _, option := range flat(o.Options) {
		option.Brand = o.Key
		option.carryPrices()
		for _, sub := range option.SubOptions {
			sub.Parent = option.CatalogueID
		}
	}
}

func (options) check(c *checker, o *Offer) {
	all := flat(o.Options)
	checkAll(c, o, "option_key", all)
	checkExclusiveGroups(c, all)
}

func (options) merge(tx store.Tx, o *Offer, from schedule, changes *Changes) error {
	return merge(tx, Options, o.Key, flat(o.Options), from, changes)
}

func (options) read(tx store.Tx, o *Offer) (err error) {
	o.Options, err = OptionTree(tx, &o.Brand)
	return err
}

// checkAll checks objects, and that no two have one business key.
func checkAll[T any, P thing[T]](c *checker, o *Offer, key string, all []P) {
	seen := map[string]*Entry{}
	for _, x := range all {
		c.unique(seen, x.entry(), key, x.code())
		x.check(c, o)
	}
}
