package server_test

import (
	"testing"

	"rator/catalogue"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
)

// servedIn has a store served in a zone, and gives what became of it and where it is then.
func servedIn(t *testing.T, st store.Store, zone string) (z server.ServedZone, now string, err error) {
	t.Helper()
	z, err = server.ServeIn(t.Context(), st, zone)
	if err := st.View(t.Context(), func(tx store.Tx) (err error) {
		now, err = catalogue.ServedZone(tx)
		return err
	}); err != nil {
		t.Error(err)
	}
	return z, now, err
}

// TestStoreRemembersItsZone: a start in another zone knows the way back; one in the same
// zone, or in another name of it, has moved nothing.
func TestStoreRemembersItsZone(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	for _, c := range []struct{ zone, before, now string }{ // before: where it has moved from
		{"Europe/Oslo", "", "Europe/Oslo"},
		{"Europe/Oslo", "", "Europe/Oslo"},
		{"Asia/Calcutta", "Europe/Oslo", "Asia/Calcutta"},
		{"Asia/Kolkata", "", "Asia/Kolkata"},
		{"America/Denver", "Asia/Kolkata", "America/Denver"},
		{"Mars/Olympus", "", "America/Denver"},
	} {
		z, now, err := servedIn(t, st, c.zone)
		if mistaken := c.zone != c.now; (err != nil) != mistaken || now != c.now || z.Nameless != nil {
			t.Errorf("%s: the store is in %s, %v, %+v", c.zone, now, err, z)
		}
		if err == nil && (z.Moved() != (c.before != "") || z.Moved() && z.Before != c.before || z.Name != c.now) {
			t.Errorf("%s: %+v, moved %v", c.zone, z, z.Moved())
		}
	}
}

// TestServerIsInTheMachinesZone unless told otherwise; a zone that has no name leaves the
// store in the one it was in.
func TestServerIsInTheMachinesZone(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	for _, c := range []struct {
		tz       string
		nameless bool
	}{{"Asia/Tokyo", false}, {"CET-1CEST,M3.5.0,M10.5.0/3", true}} {
		t.Setenv("TZ", c.tz)
		z, now, err := servedIn(t, st, server.LocalZone)
		if err != nil || now != "Asia/Tokyo" || z.Name != now || (z.Nameless != nil) != c.nameless || z.Moved() {
			t.Errorf("%s: the store is in %s, %v, %+v", c.tz, now, err, z)
		}
	}
}
