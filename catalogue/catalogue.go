// Package catalogue holds what is sold and looked up: brands, product
// configurations, rate plans, product options, charge items, number series,
// campaigns, handsets, and the tables of taxes, devices and coverage. It is read
// from a TOML file and kept in the store. It knows no customer.
//
// Every object has two names: its business key (a brand's key; a code within
// its brand) by which a file and other objects mean it, and the 18-digit id the
// file gives it, by which clients mean it (BRAND_ID, PRODUCT_ID, RATE_PLAN_ID, a
// product option's ID). Neither changes. What a file no longer lists is retired:
// customers who have it keep it, nobody new gets it.
package catalogue

import (
	"rator/failure"
	"rator/store"
)

// Entry is what every catalogue object has. Embed it.
type Entry struct {
	store.Base
	CatalogueID string `key:"ID"` // 18 digits, rator-api.md 2.1; store.Base.ID is internal
	Name        string `key:"NAME"`
	Brand       string // key of its brand; none for a brand itself
	Retired     bool   `key:"RETIRED"` // readable, no longer sold
	source      *node  // where a file says it; nil when read from the store
}

// CheckSold fails with NO_LONGER_SOLD when the object is retired.
func (e *Entry) CheckSold() error {
	if e.Retired {
		return NoLongerSold.With("%s %s", e.CatalogueID, e.Name)
	}
	return nil
}

func (e *Entry) entry() *Entry { return e }
func (e *Entry) brand() string { return e.Brand }

// thing is a pointer to a catalogue object.
type thing[T any] interface {
	*T
	entry() *Entry
	brand() string // key of its brand
	code() string  // business key within the brand
	check(c *checker, o *Offer)
}

// The indexes of every kind.
const (
	byID    = "catalogue_id"
	byCode  = "code" // brand and code
	byBrand = "brand"
)

func define[T any, P thing[T]](name string, unknown *failure.Code, more ...store.Index[T]) *store.Kind[T] {
	indexes := []store.Index[T]{
		{Name: byID, Value: func(x *T) string { return P(x).entry().CatalogueID }, Taken: IDTaken},
		{Name: byCode, Value: func(x *T) string { return store.Compose(P(x).brand(), P(x).code()) }, Taken: codeTaken},
		{Name: byBrand, Value: func(x *T) string { return P(x).brand() }},
	}
	return store.Define(name, unknown, func(x *T) *store.Base { return &P(x).entry().Base }, append(indexes, more...)...).Stable().Audited()
}

// findByCode finds an object of a brand by its key. An id in its place is unknown, too,
// and the failure says so.
func findByCode[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], brand *Brand, code string) (*T, error) {
	x, err := kind.By(tx, byCode, store.Compose(brand.Key, code))
	unknown := failure.CodeOf(err)
	if unknown == nil || !idShape.MatchString(code) {
		return x, err
	}
	other, absent := findByID[T, P](tx, kind, unknown, brand, code)
	if absent != nil {
		return nil, unknown.With("%s is an id, what is asked for is the key", code)
	}
	return nil, unknown.With("%s is the id of %s, what is asked for is the key", code, P(other).code())
}

// findByID treats an object of another brand as unknown.
func findByID[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], unknown *failure.Code, brand *Brand, id string) (*T, error) {
	x, err := kind.By(tx, byID, id)
	if err == nil && P(x).brand() != brand.Key {
		return nil, unknown.With("%s", id)
	}
	return x, err
}

// listed gives every object of a kind that belongs to a brand, oldest first.
func listed[T any](tx store.Tx, kind *store.Kind[T], brand string) ([]*T, error) {
	var all []*T
	for x, err := range kind.All(tx, byBrand, brand) {
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, nil
}
