package main

import (
	"fmt"
	"time"

	"rator/catalogue"
	"rator/store"
	"rator/zone"
)

// localZone is --time-zone for the machine's own.
const localZone = "Local"

// serveIn has the store served in the zone that --time-zone names, and says so when it
// was another: what came before was read in that. A machine whose zone has no name goes
// on with the store's, at first UTC.
func serveIn(t *terminal, st store.Store, name string) error {
	var before string
	err := st.View(t.ctx, func(tx store.Tx) (err error) {
		before, err = catalogue.ServedZone(tx)
		return err
	})
	if err != nil {
		return err
	}
	if name == localZone {
		if name, err = zone.Machine(); err != nil {
			if name = before; name == "" {
				name = "UTC"
			}
			fmt.Fprintf(t.err, "rator: the zone of this machine has no name: %v; dates without a zone are taken to be in %s; say --time-zone with a name, such as Europe/Oslo\n", err, name)
		}
	}
	now, err := zone.Named(name)
	if err != nil {
		return misused(fmt.Errorf("--time-zone: %w", err))
	}
	if before == name {
		return nil
	}
	if before != "" && !sameZone(before, now) {
		fmt.Fprintf(t.err, "rator: the store was served in %s until now, and is in %s from now on: dates without a zone, and today, are of another zone for brands that have no time_zone; what is kept stays as it is; to go on as before, start with --time-zone %s\n", before, name, before)
	}
	return st.Update(t.ctx, func(tx store.Tx) error { return catalogue.ServeIn(tx, name) })
}

func sameZone(before string, now *time.Location) bool {
	loc, err := zone.Named(before)
	return err == nil && zone.Same(loc, now)
}
