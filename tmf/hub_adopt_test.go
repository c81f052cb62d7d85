package tmf_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/store"
	"rator/tmf"
	"rator/tmf/hub"
)

// TestAdopted: what a version before had not come to, it told by events of the stream. Each
// is told once, in order, before anything new: as what it is about is now, or was last.
func TestAdopted(t *testing.T) {
	s := newHubServer(t, nil)
	l := listen(t, nil)
	raw := func(topic, body string) {
		t.Helper()
		err := s.store.Update(t.Context(), func(tx store.Tx) error { return tx.Emit(store.Event{Topic: topic, Body: []byte(body)}) })
		if err != nil {
			t.Fatal(err)
		}
	}
	changed := func(id, brand, what, fields string) {
		t.Helper()
		raw("tmf.changed", fmt.Sprintf(`{"RESOURCE":"customer","ID":%q,"BRAND":%q,"WHAT":%q,"FIELDS":{"2014":%s}}`, id, brand, what, fields))
	}
	deleted := func(id, brand, name string) {
		t.Helper()
		var end store.ID
		err := s.store.Update(t.Context(), func(tx store.Tx) (err error) {
			end, err = tmf.KeepEnded(tx, `{"2014":{"name":"`+name+`"}}`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		raw("tmf.deleted", fmt.Sprintf(`{"RESOURCE":"customer","ID":%q,"BRAND":%q,"ENDED":%q}`, id, brand, end))
	}
	id := s.create(t, v2014+"/customer", `{"name":"A"}`)
	changed(id, "DEMO", "created", `[]`) // before there was a hub
	s.register(t, v2014+"/hub", l.URL, "")
	changed("c7", "DEMO", "created", `[]`)
	changed("c8", "DEMO", "created", `[]`) // gone, and nobody knows as what
	changed("c9", "DEMO2", "created", `[]`)
	deleted("c9", "DEMO2", "other")
	raw("customer.created", `{"ACCOUNT_ID":"1"}`)
	raw("tmf.changed", `"{"`) // no change
	for range 250 {
		raw("subscription.created", `{}`)
	}
	changed(id, "DEMO", "updated", `["name"]`)
	changed(id, "DEMO", "updated", `[]`) // of another dialect
	deleted("c7", "DEMO", "X")
	s.emit(t, "customer", id, "updated", "name")

	told := func() (all []string) {
		for _, a := range l.heard() {
			all = append(all, a.member(t, "eventType")+" "+a.member(t, "event.customer.id")+" "+a.member(t, "event.customer.name"))
		}
		return all
	}
	want := []string{
		"CustomerCreateNotification c7 X", "CustomerUpdateNotification " + id + " A", "CustomerDeleteNotification c7 X",
		"CustomerUpdateNotification " + id + " A",
	}
	stop := s.run(t)
	l.wait(t, len(want))
	stop()
	s.restart(t)
	s.emit(t, "customer", id, "updated", "name")
	s.run(t)
	want = append(want, want[3])
	l.wait(t, len(want))
	if diff := cmp.Diff(want, told()); diff != "" {
		t.Errorf("-want +told:\n%s", diff)
	}
}

// restart gives the server hubs that know nothing of those before.
func (s *hubServer) restart(t *testing.T) {
	t.Helper()
	var err error
	if s.hubs, err = hub.New(s.config); err != nil {
		t.Fatal(err)
	}
	newServer(t, func(c *tmf.Config) { c.Hubs = s.hubs })
}
