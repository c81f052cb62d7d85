package catalogue

import (
	"cmp"
	"reflect"
	"slices"
)

// File is a whole catalogue file, checked.
type File struct {
	Brands []*Offer `key:"BRAND"`
}

// Offer is a brand and everything it sells.
type Offer struct {
	Brand
	RatePlans      []*RatePlan      `key:"RATE_PLAN"`
	NumberSeries   []*NumberSeries  `key:"NUMBER_SERIES"`
	Options        []*Option        `key:"PRODUCT_OPTION"` // the top ones; others in SubOptions
	ProductConfigs []*ProductConfig `key:"PRODUCT_CONFIG"`
	ChargeItems    []*ChargeItem    `key:"CHARGE_ITEM"`
	Taxes          []*Tax           `key:"TAX"`
	Devices        []*Device        `key:"DEVICE"`
	Coverages      []*Coverage      `key:"COVERAGE"`
	Campaigns      []*Campaign      `key:"CAMPAIGN"`
	Handsets       []*Handset       `key:"HANDSET"`
}

// Load reads a catalogue file; name is for messages. It reports every mistake
// at once, in order of place. With any mistake there is no File; demo.toml shows
// what a file looks like.
func Load(name string, src []byte) (*File, []Mistake) {
	c := &checker{file: name, ids: map[string]*Entry{}}
	f := &File{}
	if root := parse(c, src); root != nil {
		decode(c, root, reflect.ValueOf(f).Elem())
		f.check(c)
	}
	if len(c.mistakes) == 0 {
		return f, nil
	}
	slices.SortStableFunc(c.mistakes, func(a, b Mistake) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	return nil, c.mistakes
}

func (f *File) check(c *checker) {
	if len(f.Brands) == 0 && len(c.mistakes) == 0 {
		c.at(1, 1, "the file has no brand; it starts with [[brand]]")
	}
	seen := map[string]*Entry{}
	for _, o := range f.Brands {
		c.unique(seen, &o.Entry, "key", o.Key)
		o.complete()
		o.check(c)
	}
}

// complete fills in what objects inherit: their brand, parent and currency.
func (o *Offer) complete() {
	for _, r := range o.RatePlans {
		r.Brand = o.Key
	}
	for _, s := range o.NumberSeries {
		s.Brand = o.Key
		s.complete(s.source)
	}
	for _, i := range o.ChargeItems {
		i.Brand = o.Key
	}
	for _, t := range o.Taxes {
		t.Brand = o.Key
	}
	for _, d := range o.Devices {
		d.Brand = o.Key
	}
	for _, v := range o.Coverages {
		v.Brand = o.Key
	}
	for _, m := range o.Campaigns {
		m.Brand = o.Key
	}
	for _, h := range o.Handsets {
		h.Brand = o.Key
	}
	for _, p := range o.ProductConfigs {
		p.Brand = o.Key
		if !p.source.has("currency") {
			p.Currency = o.Currency
		}
	}
	for _, option := range flat(o.Options) {
		option.Brand = o.Key
		for _, sub := range option.SubOptions {
			sub.Parent = option.CatalogueID
		}
	}
}

func (o *Offer) check(c *checker) {
	o.Brand.check(c)
	plans := map[string]*Entry{}
	for _, r := range o.RatePlans {
		c.unique(plans, &r.Entry, "code", r.Code)
		r.check(c)
	}
	series := map[string]*Entry{}
	for _, s := range o.NumberSeries {
		c.unique(series, &s.Entry, "code", s.Code)
		s.check(c)
	}
	options, all := map[string]*Entry{}, flat(o.Options)
	for _, option := range all {
		c.unique(options, &option.Entry, "option_key", option.OptionKey)
		option.check(c, &o.Brand, codes(o.RatePlans))
	}
	checkExclusiveGroups(c, all)
	products := map[string]*Entry{}
	for _, p := range o.ProductConfigs {
		c.unique(products, &p.Entry, "code", p.Code)
		p.check(c, o)
	}
	items := map[string]*Entry{}
	for _, i := range o.ChargeItems {
		c.unique(items, &i.Entry, "code", i.Code)
		i.check(c, &o.Brand)
	}
	o.checkTables(c)
}

// checkTables checks what is looked up and not sold, and the campaigns.
func (o *Offer) checkTables(c *checker) {
	taxes := map[string]*Entry{}
	for _, t := range o.Taxes {
		c.unique(taxes, &t.Entry, "code", t.Code)
		t.check(c)
	}
	devices := map[string]*Entry{}
	for _, d := range o.Devices {
		c.unique(devices, &d.Entry, "meid", d.MEID)
		d.check(c)
	}
	coverages := map[string]*Entry{}
	for _, v := range o.Coverages {
		c.unique(coverages, &v.Entry, "zip", v.ZIP)
		v.check(c)
	}
	campaigns := map[string]*Entry{}
	for _, m := range o.Campaigns {
		c.unique(campaigns, &m.Entry, "code", m.Code)
		m.check(c, o)
	}
	handsets := map[string]*Entry{}
	for _, h := range o.Handsets {
		c.unique(handsets, &h.Entry, "article", h.Article)
		h.check(c)
	}
}

// codes are the business keys of things, as references name them.
func codes[T any, P thing[T]](all []P) []string {
	var names []string
	for _, x := range all {
		names = append(names, x.code())
	}
	return names
}
