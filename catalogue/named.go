package catalogue

import (
	"rator/failure"
	"rator/store"
)

// named finds an object of a brand by what a caller wrote where an id is asked for:
// its catalogue id, else its key. No text can be both: ids are digits, and keys
// begin with a letter.
func named[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], unknown *failure.Code, brand *Brand, name string) (*T, error) {
	if idShape.MatchString(name) {
		return findByID[T, P](tx, kind, unknown, brand, name)
	}
	return findByCode[T, P](tx, kind, brand, name)
}

// ProductConfigNamed finds a brand's product configuration by PRODUCT_ID or
// PRODUCT_CODE, or fails with UNKNOWN_PRODUCT_CODE.
func ProductConfigNamed(tx store.Tx, brand *Brand, name string) (*ProductConfig, error) {
	return named(tx, ProductConfigs, UnknownProductCode, brand, name)
}

// RatePlanNamed finds a brand's rate plan by RATE_PLAN_ID or code, or fails with
// UNKNOWN_RATE_PLAN.
func RatePlanNamed(tx store.Tx, brand *Brand, name string) (*RatePlan, error) {
	return named(tx, ratePlans, UnknownRatePlan, brand, name)
}

// OptionNamed finds a brand's option by ID or OPTION_KEY, or fails with
// UNKNOWN_PRODUCT_OPTION.
func OptionNamed(tx store.Tx, brand *Brand, name string) (*Option, error) {
	return named(tx, Options, UnknownProductOption, brand, name)
}

// ChargeItemNamed finds a brand's charge item by CHARGE_ITEM_ID or code, or fails
// with UNKNOWN_CHARGE_ITEM.
func ChargeItemNamed(tx store.Tx, brand *Brand, name string) (*ChargeItem, error) {
	return named(tx, chargeItems, UnknownChargeItem, brand, name)
}

// BrandNamed finds a brand by BRAND_ID or BRAND_KEY, or fails with UNKNOWN_BRAND.
func BrandNamed(tx store.Tx, name string) (*Brand, error) {
	index := byBrand
	if idShape.MatchString(name) {
		index = byID
	}
	b, err := Brands.By(tx, index, name)
	return inZone(tx, b, err)
}

// longestStart finds the object whose code is the longest start of text: the
// tables of devices and coverage name single things and whole ranges alike. What
// is retired is passed over. When there is none it fails with unknown.
func longestStart[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], unknown *failure.Code, brand *Brand, text string) (*T, error) {
	for n := len(text); n > 0; n-- {
		x, err := findByCode[T, P](tx, kind, brand, text[:n])
		switch {
		case failure.CodeOf(err) == unknown:
		case err != nil:
			return nil, err
		case !P(x).entry().Retired:
			return x, nil
		}
	}
	return nil, unknown.With("%s", text)
}
