package option

import (
	"maps"
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// ChangeRatePlan gives a subscription that is not TERMINATED another rate plan of
// the brand, by its RATE_PLAN_ID or code, and says which it had. Options stay as they
// are. It fails with UNKNOWN_RATE_PLAN, NO_LONGER_SOLD, SAME_RATE_PLAN,
// ORDER_PENDING, and OPTION_NOT_IN_RATE_PLAN for an option of the subscription
// that the other plan does not have.
func ChangeRatePlan(tx store.Tx, brand *catalogue.Brand, subscription store.ID, ratePlan string) (from string, err error) {
	sub, _, err := customer.ChangeableSubscription(tx, brand, subscription)
	if err != nil {
		return "", err
	}
	plan, err := catalogue.RatePlanNamed(tx, brand, ratePlan)
	if err != nil {
		return "", err
	}
	if err := plan.CheckSold(); err != nil {
		return "", err
	}
	if plan.CatalogueID == sub.RatePlanID {
		return "", SameRatePlan.With("%s %s", plan.CatalogueID, plan.Code)
	}
	held, err := customer.OpenOptions(tx, sub)
	if err != nil {
		return "", err
	}
	for _, id := range slices.Sorted(maps.Keys(held)) {
		option, err := catalogue.OptionByID(tx, brand, id)
		if err != nil {
			return "", err
		}
		if err := inRatePlan(tx, brand, option, plan); err != nil {
			return "", err
		}
	}
	from = sub.RatePlanID
	return from, sub.SetRatePlan(tx, brand, plan)
}

// inRatePlan fails with OPTION_NOT_IN_RATE_PLAN.
func inRatePlan(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option, plan *catalogue.RatePlan) error {
	offered, err := option.OfferedIn(tx, brand, plan)
	if err == nil && !offered {
		return NotInRatePlan.With("%s, %s", option.OptionKey, plan.Code)
	}
	return err
}
