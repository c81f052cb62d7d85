package feed

import (
	"slices"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
	"rator/unit"
)

// brands are keys of those that a request asks for; none = all that its operator may see.
type brands []string

// brandsIn fails with a *queryError.
func brandsIn(q query) (brands, error) {
	keys := brands(q["brand"])
	if slices.Contains(keys, "") {
		return nil, &queryError{"brand: give a brand's key, or leave it out"}
	}
	return keys, nil
}

// first is the one that the gate is told of.
func (b brands) first() string {
	if len(b) == 0 {
		return ""
	}
	return b[0]
}

// of are those whose things an operator is told; nil = those of every brand and of none,
// for who has all brands. It fails for one that the operator does not have, or that is
// none.
func (b brands) of(tx store.Tx, o *access.Operator) ([]string, error) {
	for _, key := range b {
		if !o.HasBrand(key) {
			return nil, failure.NotAllowed.With("%s has no right to brand %s", o.Name, key)
		}
		if _, err := catalogue.BrandByKey(tx, key); failure.CodeOf(err) == catalogue.UnknownBrand {
			return nil, &unit.UnknownBrandError{Named: unit.BrandName{Key: key}}
		} else if err != nil {
			return nil, err
		}
	}
	switch {
	case len(b) > 0:
		return b, nil
	case slices.Contains(o.Brands, access.Any):
		return nil, nil
	}
	return o.Brands, nil
}
