package unit

import (
	"context"
	"fmt"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// BrandName says which brand a call is for: that with the Key, else that with the ID,
// else the operator's first, else the catalogue's.
type BrandName struct{ Key, ID string }

// UnknownBrandError says that a call is for a brand that is not there. Each face says it
// in its own words.
type UnknownBrandError struct {
	Named BrandName
	// Operators is the key of the operator's first brand, where the call names none.
	Operators string
}

func (e *UnknownBrandError) Error() string {
	return fmt.Sprintf("unit: brand %q %q %q is not a brand of this server", e.Named.Key, e.Named.ID, e.Operators)
}

// brandOf finds the brand of a call. It fails with *UnknownBrandError, and with
// failure.NotAllowed when the operator does not work for the brand.
func brandOf(tx store.Tx, o *access.Operator, named BrandName) (b *catalogue.Brand, err error) {
	own := ""
	switch {
	case named.Key != "":
		b, err = catalogue.BrandByKey(tx, named.Key)
	case named.ID != "":
		b, err = catalogue.BrandNamed(tx, named.ID)
	case o.DefaultBrand() != "":
		own = o.DefaultBrand()
		b, err = catalogue.BrandByKey(tx, own)
	default:
		b, err = catalogue.FirstBrand(tx)
	}
	switch {
	case failure.CodeOf(err) == catalogue.UnknownBrand:
		return nil, &UnknownBrandError{named, own}
	case err != nil:
		return nil, err
	case !o.HasBrand(b.Key):
		return nil, failure.NotAllowed.With("%s has no right to brand %s", o.Name, b.Key)
	}
	return b, nil
}

func (g *Gate) brand(ctx context.Context, o *access.Operator, named BrandName) (b *catalogue.Brand, err error) {
	err = g.Store.Look(ctx, func(tx store.Tx) (err error) {
		b, err = brandOf(tx, o, named)
		return err
	})
	return b, err
}
