// Package catalogue holds what is sold and looked up: brands, product
// configurations, rate plans, options, charge items, number series. It is read
// from a TOML file and kept in the store. It knows no customer.
package catalogue

import "rator/store"

// Brand is one of the operator's brands; customers belong to exactly one.
type Brand struct {
	store.Base
	Key      string // BRAND_KEY
	BrandID  string // BRAND_ID, 18 digits
	Name     string
	Currency string // ISO 4217
	Country  string // ISO 3166-1 alpha-2
	Language string // CONTEXT.LANGUAGE code
}
