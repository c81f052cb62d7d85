package main

import (
	"fmt"

	"rator/server"
	"rator/store"
)

// serveIn has the store served in the zone that --time-zone names, and says so when it
// was another, or when the machine's has no name.
func serveIn(t *terminal, st store.Store, name string) error {
	z, err := server.ServeIn(t.ctx, st, name)
	if err != nil {
		return err
	}
	if z.Nameless != nil {
		fmt.Fprintf(t.err, "rator: the zone of this machine has no name: %v; dates without a zone are taken to be in %s; say --time-zone with a name, such as Europe/Oslo\n", z.Nameless, z.Name)
	}
	if z.Moved() {
		fmt.Fprintf(t.err, "rator: the store was served in %s until now, and is in %s from now on: dates without a zone, and today, are of another zone for brands that have no time_zone; what is kept stays as it is; to go on as before, start with --time-zone %[1]s\n", z.Before, z.Name)
	}
	return nil
}
