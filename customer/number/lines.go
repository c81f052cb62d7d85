package number

import (
	"rator/catalogue"
	"rator/store"
)

// Line is a service that is not TERMINATED and has a number.
type Line interface {
	// PhoneNumber is the number, in digits of E.164.
	PhoneNumber() string
	// SharedNumber says how the number is spelled that an older service has, too.
	SharedNumber() (spelling string, shared bool)
}

// Lines are the services that have numbers. They stand above this room, which asks
// them who has a number.
type Lines interface {
	// InUse reports whether a service of any brand has a number.
	InUse(tx store.Tx, number string) (bool, error)
	// AheadInUse tells that InUse is asked next.
	AheadInUse(a *store.Ahead, number string)
	// Page gives numbers that services of any brand have and that begin with prefix, in
	// order, from the position after (nil = start), and the position to go on from: nil
	// when nothing follows.
	Page(tx store.Tx, prefix string, after []byte, limit int) (numbers []string, next []byte, err error)
	// At is the line of a brand that has a place: a number, or the Spelling of one that
	// is shared; nil for none.
	At(tx store.Tx, brand *catalogue.Brand, place string) (Line, error)
	// StayWith reports whether a number that a service gives up stays with others: with
	// one that has it, or that shared it and has it now.
	StayWith(tx store.Tx, number string) (bool, error)
	// ServiceExists fails with UNKNOWN_SERVICE where there is none.
	ServiceExists(tx store.Tx, service store.ID) error
	// SubscriptionExists fails with UNKNOWN_SUBSCRIPTION where there is none.
	SubscriptionExists(tx store.Tx, subscription store.ID) error
}

var lines Lines

// HeldBy says who has numbers. Call it once, while a package is initialised.
func HeldBy(l Lines) {
	if lines != nil {
		panic("number: the lines are named twice")
	}
	lines = l
}

// Spelling is the place of a service that shares its number, by the digits that it is
// spelled with: no number has it.
func Spelling(digits string) string { return "=" + digits }
