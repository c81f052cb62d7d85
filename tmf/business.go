package tmf

import (
	"context"

	"rator/card"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Business is the business's memory as Collections see it.
type Business struct {
	Strict bool      // references must lead somewhere (--tmf-strict)
	Cards  *card.Key // conceals references that look like card numbers; nil: they are refused
	PINs   *PINs     // keep the PINs of accounts; nil: they are not kept
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
