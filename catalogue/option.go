package catalogue

import (
	"slices"

	"github.com/shopspring/decimal"

	"rator/store"
)

// Option is a product option: a plan or an add-on a subscription may take
// (rator-api.md 2.6). Options form a tree; one with sub-options is usually a
// heading, such as Tariff over the plans. Its CatalogueID is the ID clients send.
type Option struct {
	Entry
	OptionKey   string `key:"OPTION_KEY"` // stable code; hooks may be bound to it
	Label       string `key:"LABEL"`
	Description string `key:"DESCRIPTION"`
	// InitialPrice and RecurrentPrice are what the option costs from the beginning, until
	// the first of Prices; PriceOn says what it costs on a day.
	InitialPrice   decimal.Decimal `key:"INITIAL_PRICE"`           // once, in the brand's currency
	RecurrentPrice decimal.Decimal `key:"RECURRENT_PRICE"`         // each unit of Per
	Per            PriceUnit       `key:"PER" json:",omitempty"`   // "" = perCycle
	Prices         []*DatedPrice   `key:"PRICE" json:",omitempty"` // in order of days
	// ExclusiveGroup, when given, is shared by options of which a subscription
	// has one at most, wherever they stand in the tree.
	ExclusiveGroup string `key:"EXCLUSIVE_GROUP"`
	// ExclusiveSubOptions says that a subscription has one at most of the sub-options.
	ExclusiveSubOptions bool `key:"EXCLUSIVE_SUB_OPTIONS"`
	// RatePlans are the codes of the rate plans in which the option and those below
	// it are sold; none = all.
	RatePlans  []string  `key:"RATE_PLANS"`
	Parent     string    // CatalogueID of the option above; "" at the top
	SubOptions []*Option `key:"SUB_OPTION" json:"-"` // set by Load and OptionTree only
}

// Options are the product options kept.
var Options = define[Option]("product_option", UnknownProductOption)

func (o *Option) code() string { return o.OptionKey }

// OptionByID finds an option of a brand by its ID, retired ones too, or fails
// with UNKNOWN_PRODUCT_OPTION.
func OptionByID(tx store.Tx, brand *Brand, id string) (*Option, error) {
	return findByID(tx, Options, UnknownProductOption, brand, id)
}

// OptionTree gives the top options of a brand with their SubOptions, retired
// ones too.
func OptionTree(tx store.Tx, brand *Brand) ([]*Option, error) {
	all, err := listed(tx, Options, brand.Key)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*Option, len(all))
	for _, o := range all {
		byID[o.CatalogueID] = o
	}
	var top []*Option
	for _, o := range all {
		if parent := byID[o.Parent]; parent != nil {
			parent.SubOptions = append(parent.SubOptions, o)
		} else {
			top = append(top, o)
		}
	}
	return top, nil
}

// CheckExclusive fails with OPTIONS_EXCLUDE_EACH_OTHER, naming the two, when a
// subscription may not have all the options at once.
func CheckExclusive(tx store.Tx, brand *Brand, options []*Option) error {
	holder := map[string]*Option{} // of an exclusive group, or of a parent's one place
	for _, o := range options {
		places, err := exclusivePlaces(tx, brand, o)
		if err != nil {
			return err
		}
		for _, place := range places {
			if other := holder[place]; other != nil && other.CatalogueID != o.CatalogueID {
				return OptionsExcludeEachOther.With("%s and %s", other.OptionKey, o.OptionKey)
			}
			holder[place] = o
		}
	}
	return nil
}

// exclusivePlaces names what only one option of a subscription can hold.
func exclusivePlaces(tx store.Tx, brand *Brand, o *Option) ([]string, error) {
	var places []string
	if o.ExclusiveGroup != "" {
		places = append(places, "group "+o.ExclusiveGroup)
	}
	if o.Parent != "" {
		parent, err := OptionByID(tx, brand, o.Parent)
		if err != nil {
			return nil, err
		}
		if parent.ExclusiveSubOptions {
			places = append(places, "under "+o.Parent)
		}
	}
	return places, nil
}

// OptionsOf gives the top options that are sold in a rate plan, with those
// SubOptions that are: retired ones and ones of other plans are left out, with
// all below them.
func OptionsOf(tx store.Tx, brand *Brand, plan *RatePlan) ([]*Option, error) {
	top, err := OptionTree(tx, brand)
	return offered(top, plan.Code), err
}

func offered(options []*Option, plan string) []*Option {
	var sold []*Option
	for _, o := range options {
		if !o.Retired && (len(o.RatePlans) == 0 || slices.Contains(o.RatePlans, plan)) {
			o.SubOptions = offered(o.SubOptions, plan)
			sold = append(sold, o)
		}
	}
	return sold
}

// Below gives every option below o, to any depth, a parent before its sub-options.
func (o *Option) Below() []*Option { return flat(o.SubOptions) }

// OfferedIn reports whether an option and all above it are sold in a rate plan.
// Retirement is CheckSold's.
func (o *Option) OfferedIn(tx store.Tx, brand *Brand, plan *RatePlan) (bool, error) {
	for len(o.RatePlans) == 0 || slices.Contains(o.RatePlans, plan.Code) {
		if o.Parent == "" {
			return true, nil
		}
		parent, err := OptionByID(tx, brand, o.Parent)
		if err != nil {
			return false, err
		}
		o = parent
	}
	return false, nil
}

// flat gives options and all below them, a parent before its sub-options.
func flat(options []*Option) []*Option {
	var all []*Option
	for _, o := range options {
		all = append(append(all, o), flat(o.SubOptions)...)
	}
	return all
}

func (o *Option) check(c *checker, of *Offer) {
	e := &o.Entry
	c.named(e)
	c.code(e, "option_key", o.OptionKey)
	o.checkPrices(c, of.Currency)
	c.filled(e, "rate_plans")
	c.references(e, "rate_plans", "rate_plan", o.RatePlans, codes(of.RatePlans))
	if o.ExclusiveSubOptions && len(o.SubOptions) < 2 {
		c.mistake(e, "exclusive_sub_options", "%s has %d sub-options: nothing to exclude; give it two or drop exclusive_sub_options", o.OptionKey, len(o.SubOptions))
	}
}

// checkExclusiveGroups finds groups that exclude nothing: usually a misspelt name.
func checkExclusiveGroups(c *checker, options []*Option) {
	members := map[string][]*Option{}
	var names []string
	for _, o := range options {
		if o.ExclusiveGroup == "" {
			continue
		}
		if members[o.ExclusiveGroup] == nil {
			names = append(names, o.ExclusiveGroup)
		}
		members[o.ExclusiveGroup] = append(members[o.ExclusiveGroup], o)
	}
	for _, name := range names {
		if len(members[name]) == 1 {
			o := members[name][0]
			c.mistake(&o.Entry, "exclusive_group", "no other option is in exclusive group %s%s", name, suggest(name, without(names, name)))
		}
	}
}

// OptionGroup gives the one option of that id or key as OptionsOf gives it: nothing when
// the rate plan does not sell it. One that the brand does not have is
// UNKNOWN_PRODUCT_OPTION.
func OptionGroup(tx store.Tx, brand *Brand, plan *RatePlan, name string) ([]*Option, error) {
	wanted, err := OptionNamed(tx, brand, name)
	if err != nil {
		return nil, err
	}
	top, err := OptionsOf(tx, brand, plan)
	if err != nil {
		return nil, err
	}
	for _, o := range flat(top) {
		if o.CatalogueID == wanted.CatalogueID {
			return []*Option{o}, nil
		}
	}
	return nil, nil
}
