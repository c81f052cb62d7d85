package catalogue

import "rator/store"

// RatePlan is a price list for usage; a subscription has one (rator-api.md 2.2).
// Its CatalogueID is RATE_PLAN_ID.
type RatePlan struct {
	Entry
	Code        string `key:"CODE"`
	Description string `key:"DESCRIPTION"`
}

// ratePlans are the rate plans kept.
var ratePlans = define[RatePlan]("rate_plan", UnknownRatePlan)

func (r *RatePlan) code() string { return r.Code }

// RatePlanByCode finds a rate plan of a brand, or fails with UNKNOWN_RATE_PLAN.
func RatePlanByCode(tx store.Tx, brand *Brand, code string) (*RatePlan, error) {
	return findByCode(tx, ratePlans, brand, code)
}

// RatePlanByID finds a rate plan of a brand by its RATE_PLAN_ID, or fails with
// UNKNOWN_RATE_PLAN.
func RatePlanByID(tx store.Tx, brand *Brand, id string) (*RatePlan, error) {
	return findByID(tx, ratePlans, UnknownRatePlan, brand, id)
}

func (r *RatePlan) check(c *checker, _ *Offer) {
	c.named(&r.Entry)
	c.code(&r.Entry, "code", r.Code)
}
