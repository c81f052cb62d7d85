package catalogue

import (
	"cmp"
	"reflect"
	"slices"

	"rator/charset"
)

// File is a whole catalogue file, checked.
type File struct {
	Brands []*Offer `key:"BRAND"`
	name   string   // for messages
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
	f := &File{name: name}
	if root := parse(c, charset.Text(src)); root != nil {
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
		o.Brand.check(c, o)
		for _, s := range sections {
			s.inherit(o)
		}
		for _, s := range sections {
			s.check(c, o)
		}
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
