package catalogue

import (
	"regexp"
	"slices"

	"github.com/shopspring/decimal"

	"rator/store"
)

// ProductConfig is what PRODUCT_CODE names: how customers of a product are
// billed and which services they get (rator-api.md 2.6). Its CatalogueID is
// PRODUCT_ID.
type ProductConfig struct {
	Entry
	Code             string           `key:"CODE"`
	Description      string           `key:"DESCRIPTION"`
	BillingGroupType BillingGroupType `key:"BILLING_GROUP_TYPE"`
	Currency         string           `key:"CURRENCY"`      // ISO 4217; the brand's unless given
	BillingCycle     BillingCycle     `key:"BILLING_CYCLE"` // only and always for POST_PAID
	CreditDays       int              `key:"CREDIT_DAYS"`   // from invoice to due date; only for POST_PAID
	RatePlan         string           `key:"RATE_PLAN"`     // code of a rate plan
	// ServiceTypes are the codes a service may have. A service created without
	// one is of the first.
	ServiceTypes []string `key:"SERVICE_TYPES"`
	// NumberSeries, when given, serves services of the first type that come
	// without a number; services of the other types may have none.
	NumberSeries string `key:"NUMBER_SERIES"`
	Limits
}

// BillingGroupType says how a billing group pays (rator-api.md 2.5).
type BillingGroupType string

// The billing group types.
const (
	PostPaid        BillingGroupType = "POST_PAID"
	PrePaidAdvanced BillingGroupType = "PRE_PAID_ADVANCED"
	PrePaidCard     BillingGroupType = "PRE_PAID_CARD"
)

// Enumeration is a text of which there are some values only, as BillingGroupType is: whoever reads one
// from outside asks it for them.
type Enumeration interface{ Values() []string }

// Values are all types, for who reads one from outside.
func (BillingGroupType) Values() []string {
	return []string{string(PostPaid), string(PrePaidAdvanced), string(PrePaidCard)}
}

// BillingCycle says how often a post-paid billing group is invoiced.
type BillingCycle string

// The billing cycles.
const (
	Weekly    BillingCycle = "WEEKLY"
	Monthly   BillingCycle = "MONTHLY"
	Quarterly BillingCycle = "QUARTERLY"
	Yearly    BillingCycle = "YEARLY"
)

// Values are all cycles, for who reads one from outside.
func (BillingCycle) Values() []string {
	return []string{string(Weekly), string(Monthly), string(Quarterly), string(Yearly)}
}

// ProductConfigs are the product configurations kept.
var ProductConfigs = define[ProductConfig]("product_config", UnknownProductCode)

func (p *ProductConfig) code() string { return p.Code }

// ProductConfigByCode finds a brand's product configuration by PRODUCT_CODE,
// retired ones too, or fails with UNKNOWN_PRODUCT_CODE.
func ProductConfigByCode(tx store.Tx, brand *Brand, code string) (*ProductConfig, error) {
	return findByCode(tx, ProductConfigs, brand, code)
}

// ListProductConfigs gives every product configuration of a brand, retired ones too.
func ListProductConfigs(tx store.Tx, brand *Brand) ([]*ProductConfig, error) {
	return listed(tx, ProductConfigs, brand.Key)
}

// SoldProductConfigs gives the product configurations of a brand that are sold.
func SoldProductConfigs(tx store.Tx, brand *Brand) ([]*ProductConfig, error) {
	all, err := ListProductConfigs(tx, brand)
	return slices.DeleteFunc(all, func(p *ProductConfig) bool { return p.Retired }), err
}

var serviceType = regexp.MustCompile(`^[A-Z][A-Z0-9_]{0,31}$`)

// MaxCreditDays are the most that a customer may have to pay an invoice.
const MaxCreditDays = 365

// inherit gives a product that names no currency its brand's.
func (p *ProductConfig) inherit(o *Offer) {
	if !p.source.has("currency") {
		p.Currency = o.Currency
	}
}

func (p *ProductConfig) check(c *checker, o *Offer) {
	e := &p.Entry
	c.named(e)
	c.code(e, "code", p.Code)
	c.oneOf(e, "billing_group_type", string(p.BillingGroupType), string(PostPaid), string(PrePaidAdvanced), string(PrePaidCard))
	if e.source.has("currency") {
		c.currency(e, p.Currency)
	}
	c.reference(e, "rate_plan", p.RatePlan, codes(o.RatePlans))
	if e.source.has("number_series") {
		c.reference(e, "number_series", p.NumberSeries, codes(o.NumberSeries))
	}
	if p.BillingGroupType == PostPaid {
		c.oneOf(e, "billing_cycle", string(p.BillingCycle), string(Weekly), string(Monthly), string(Quarterly), string(Yearly))
	} else {
		for _, key := range []string{"billing_cycle", "credit_days"} {
			if e.source.has(key) {
				c.mistake(e, key, "%s is for %s only: a prepaid billing group gets no invoice", key, PostPaid)
			}
		}
	}
	if p.CreditDays < 0 || p.CreditDays > MaxCreditDays {
		c.mistake(e, "credit_days", "credit_days must be 0 to %d, not %d", MaxCreditDays, p.CreditDays)
	}
	p.Limits.check(c, e, p.Currency)
	if len(p.ServiceTypes) == 0 {
		c.mistake(e, "service_types", `service_types is missing; name at least one, such as ["CDMA"]`)
	}
	seen := map[string]bool{}
	for _, s := range p.ServiceTypes {
		if !serviceType.MatchString(s) {
			c.mistake(e, "service_types", "service type %q must be capitals, digits and _", s)
		} else if seen[s] {
			c.mistake(e, "service_types", "service type %s is there twice", s)
		}
		seen[s] = true
	}
}

// Limits bound what an account may take; a brand has them for all products, a
// product configuration for its own subscriptions. Embed it.
type Limits struct {
	MaxSubscriptions int             `key:"MAX_SUBSCRIPTIONS"` // of an account, terminated ones aside; 0 = no limit
	CreditLimit      decimal.Decimal `key:"CREDIT_LIMIT"`      // how much an account may owe and still add a subscription; 0 = no limit
}

func (l Limits) check(c *checker, e *Entry, currency string) {
	if l.MaxSubscriptions < 0 {
		c.mistake(e, "max_subscriptions", "max_subscriptions must not be negative; leave it out for no limit")
	}
	c.price(e, "credit_limit", l.CreditLimit, currency)
}
