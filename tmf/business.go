package tmf

import (
	"context"
	"log/slog"
	"time"

	"rator/access"
	"rator/card"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Business is the business's memory as Collections see it. Store, Behind and Log
// are needed.
type Business struct {
	Store  store.Store
	Behind *access.ReadBehind // audit rows of what only reads or is refused
	Log    *slog.Logger
	Now    func() time.Time // nil means time.Now; for durations in audit rows only
	Strict bool             // references must lead somewhere (--tmf-strict)
	Cards  *card.Key        // conceals references that look like card numbers; nil: they are refused
	PINs   *PINs            // keep the PINs of accounts; nil: they are not kept
	// SignedUp is asked about every new customer, in its transaction: what it fails
	// with is the answer, and nothing of the customer is left. nil: nobody is asked.
	SignedUp func(context.Context, store.Tx, SignUp) (Asked, error)
}

// SignUp is a customer that a client made, complete as the business wants it.
type SignUp struct {
	Operator            string // name
	Brand               *catalogue.Brand
	Account             *customer.Account
	Owner, BillingGroup store.ID
	ProductCode         string
}

// Asked is what was done besides when SignedUp was asked, for the audit row.
type Asked struct {
	Bound   bool // somebody was asked, and may have changed anything of the customer
	Touched []store.ID
	Notes   []string
}

// now is the time for durations; what is kept has the transaction's.
func (b *Business) now() time.Time {
	if b.Now == nil {
		return time.Now()
	}
	return b.Now()
}

// mappings are what the resources are to the business, by their name. The file of
// each puts it in.
var mappings = map[string]func(*Business) mapping{}

// Collection gives the resource of a dialect as the store has it: what
// Config.Collection asks for. It is nil for a resource that is no part of the
// business.
func (b *Business) Collection(_ *Dialect, r *Resource) Collection {
	m := mappings[r.Name]
	if m == nil {
		return nil
	}
	return &collection{business: b, mapping: m(b)}
}

// Zone is the zone of a call's brand.
func (b *Business) Zone(ctx context.Context, call *Call) (zone *time.Location, err error) {
	err = b.look(ctx, call, func(u *unit) error {
		zone = u.brand.Zone()
		return nil
	})
	return zone, err
}

// brandOf finds the brand a call is for: the one that X-Brand-Key names, else the
// operator's first, as for a SOAP call without BRAND_KEY.
func brandOf(tx store.Tx, call *Call) (*catalogue.Brand, error) {
	key := call.Brand
	if key == "" {
		key = call.Operator.DefaultBrand()
	}
	find := func() (*catalogue.Brand, error) { return catalogue.BrandByKey(tx, key) }
	if key == "" {
		find = func() (*catalogue.Brand, error) { return catalogue.FirstBrand(tx) }
	}
	b, err := find()
	switch {
	case failure.CodeOf(err) == catalogue.UnknownBrand:
		return nil, BadUsage.With("X-Brand-Key: %.40q is not a brand of this server", key)
	case err != nil:
		return nil, err
	case !call.Operator.HasBrand(b.Key):
		return nil, failure.NotAllowed.With("%s has no right to brand %s", call.Operator.Name, b.Key)
	}
	return b, nil
}
