package server

import (
	"context"

	"rator/catalogue"
	"rator/store"
	"rator/zone"
)

// LocalZone stands for the machine's own zone where ServeIn is given a name.
const LocalZone = "Local"

// ServedZone is the zone that a store is served in from now on, and what became of the one
// before. Zones are by their names in the IANA database.
type ServedZone struct {
	Name     string
	Before   string // "" = the store is new
	Nameless error  // of LocalZone: why the machine's zone has no name; Name is that of before then, at first UTC
}

// ServeIn has a store served in a zone, LocalZone or one with a name. It fails as
// zone.Named does on a name that is none, and the store stays in the zone it was in.
func ServeIn(ctx context.Context, st store.Store, name string) (z ServedZone, err error) {
	err = st.View(ctx, func(tx store.Tx) (err error) {
		z.Before, err = catalogue.ServedZone(tx)
		return err
	})
	if err != nil {
		return z, err
	}
	if z.Name = name; name == LocalZone {
		if z.Name, z.Nameless = zone.Machine(); z.Nameless != nil {
			if z.Name = z.Before; z.Name == "" {
				z.Name = "UTC"
			}
		}
	}
	if _, err := zone.Named(z.Name); err != nil || z.Name == z.Before {
		return z, err
	}
	return z, st.Update(ctx, func(tx store.Tx) error { return catalogue.ServeIn(tx, z.Name) })
}

// Moved reports whether clocks show other times than before: what came before was read in
// another zone. Another name of one zone is the same.
func (z ServedZone) Moved() bool {
	if z.Before == "" || z.Before == z.Name {
		return false
	}
	before, err := zone.Named(z.Before)
	if err != nil {
		return true
	}
	now, err := zone.Named(z.Name)
	return err != nil || !zone.Same(before, now)
}
