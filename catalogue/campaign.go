package catalogue

import (
	"slices"
	"time"

	"rator/store"
)

// Campaign is an offer for subscriptions of some products in some period; its
// bundles change how their usage is rated (rator-api.md 5.3).
type Campaign struct {
	Entry
	Code        string   `key:"CODE"`
	Description string   `key:"DESCRIPTION"`
	Products    []string `key:"PRODUCTS"` // codes of product configurations
	Bundles     []string `key:"BUNDLES"`  // kinds of bundle it attaches, bundleKinds
	Period
}

// bundleKinds are the kinds of bundle a campaign may attach (rator-api.md 5.3).
var bundleKinds = []string{"DURATION", "EVENT", "DATA", "FORWARD", "COUNTER"}

// campaigns are the campaigns kept.
var campaigns = define[Campaign]("campaign", unknownCampaign)

func (m *Campaign) code() string { return m.Code }

// CampaignsOf gives the campaigns of a product that run at a time, oldest id
// first; retired ones do not run.
func CampaignsOf(tx store.Tx, brand *Brand, product *ProductConfig, at time.Time) ([]*Campaign, error) {
	all, err := listed(tx, campaigns, brand.Key)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m *Campaign) bool {
		return m.Retired || !m.holds(at) || !slices.Contains(m.Products, product.Code)
	}), nil
}

func (m *Campaign) check(c *checker, o *Offer) {
	e := &m.Entry
	c.named(e)
	c.code(e, "code", m.Code)
	if len(m.Products) == 0 {
		c.mistake(e, "products", `products is missing; name at least one product configuration, such as ["POST_PAID"]`)
	}
	c.references(e, "products", "product_config", m.Products, codes(o.ProductConfigs))
	for i, kind := range m.Bundles {
		if slices.Contains(m.Bundles[:i], kind) {
			c.mistake(e, "bundles", "%s is there twice in bundles", kind)
		} else if kind == "" || !slices.Contains(bundleKinds, kind) {
			c.mistake(e, "bundles", "bundle %q must be one of DURATION, EVENT, DATA, FORWARD, COUNTER%s", kind, suggest(kind, bundleKinds))
		}
	}
	m.Period.check(c, e)
}
