// Package resource is what the resources of TM Forum are to the business: customers over
// accounts and their owners, customerAccounts over billing groups, paymentMeans over how
// those are paid (tmf-customer.md 8). Beside the business it keeps what clients wrote and
// the business does not have, and brings both together in one document.
//
// A Collection is one resource of one dialect; an Item is a document as it is kept, which a
// Presenter makes an answer of. HTTP is not here, nor is who listens to changes.
package resource

import (
	"rator/card"
	"rator/tmf/dialect"
	"rator/workflow"
)

// Business is the business's memory as Collections see it.
type Business struct {
	Strict bool      // references must lead somewhere (--tmf-strict)
	Cards  *card.Key // conceals references that look like card numbers; nil: they are refused
	PINs   *PINs     // keep the PINs of accounts; nil: they are not kept
	// Engine runs what the business does in steps that a site may change (steps.go).
	Engine *workflow.Engine
}

// collections are those of the resources, by their name. The file of each puts it in.
var collections = map[string]func(*Business) Collection{}

// Collection gives the resource of a dialect as the store has it: what
// Config.Collection asks for. It is nil for a resource that is no part of the
// business.
func (b *Business) Collection(_ *dialect.Dialect, r *dialect.Resource) Collection {
	make := collections[r.Name]
	if make == nil {
		return nil
	}
	return make(b)
}
