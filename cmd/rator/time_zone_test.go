package main

import (
	"bytes"
	"strings"
	"testing"

	"rator/catalogue"
	"rator/server/servertest"
	"rator/store"
)

// TestStoreRemembersItsZone: a start in another zone says so, names the way back, and goes
// on; one in the same zone, or in another name of it, says nothing.
func TestStoreRemembersItsZone(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	for _, c := range []struct{ zone, warns, now string }{
		{"Europe/Oslo", "", "Europe/Oslo"},
		{"Europe/Oslo", "", "Europe/Oslo"},
		{"Asia/Calcutta", "was served in Europe/Oslo until now, and is in Asia/Calcutta from now on", "Asia/Calcutta"},
		{"Asia/Kolkata", "", "Asia/Kolkata"},
		{"America/Denver", "start with --time-zone Asia/Kolkata", "America/Denver"},
		{"Mars/Olympus", "", "America/Denver"},
	} {
		var said bytes.Buffer
		err := serveIn(&terminal{ctx: t.Context(), err: &said}, st, c.zone)
		if (err != nil) != strings.HasPrefix(c.zone, "Mars") {
			t.Errorf("%s: %v", c.zone, err)
		}
		if got := said.String(); (got == "") != (c.warns == "") || !strings.Contains(got, c.warns) {
			t.Errorf("%s: it says %q", c.zone, got)
		}
		err = st.View(t.Context(), func(tx store.Tx) error {
			name, err := catalogue.ServedZone(tx)
			if name != c.now {
				t.Errorf("%s: the store is in %s", c.zone, name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// TestServerIsInTheMachinesZone unless told otherwise; a zone that has no name leaves the
// store in the one it was in.
func TestServerIsInTheMachinesZone(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	for _, c := range []struct{ tz, says, now string }{
		{"Asia/Tokyo", "", "Asia/Tokyo"},
		{"CET-1CEST,M3.5.0,M10.5.0/3", "the zone of this machine has no name", "Asia/Tokyo"},
	} {
		t.Setenv("TZ", c.tz)
		var said bytes.Buffer
		if err := serveIn(&terminal{ctx: t.Context(), err: &said}, st, localZone); err != nil || !strings.Contains(said.String(), c.says) {
			t.Errorf("%s: %q, %v", c.tz, said.String(), err)
		}
		err := st.View(t.Context(), func(tx store.Tx) error {
			name, err := catalogue.ServedZone(tx)
			if name != c.now {
				t.Errorf("%s: the store is in %s", c.tz, name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
