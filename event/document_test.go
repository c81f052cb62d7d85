package event_test

import (
	"encoding/json"
	"testing"
	"time"

	"rator/event"
	"rator/store"
)

func TestDocument(t *testing.T) {
	h := open(t)
	h.now = h.now.Add(123456 * time.Microsecond)
	h.update(func(tx store.Tx) error {
		err := opened.Emit(tx, event.Whose{Brand: "DEMO", Account: 202605020000000007},
			event.Text("WHO", `<Åse> "x"`), event.ID("ROOM_ID", 0), event.ID("DOOR_ID", 202605020000000001))
		if err != nil {
			return err
		}
		// as a version before kept it
		if err := tx.Emit(store.Event{Topic: "door.shut", Body: []byte(`{"X":1,"DOOR_ID":"202605020000000002"}`)}); err != nil {
			return err
		}
		return tx.Emit(store.Event{Topic: "site.made", Account: 202605020000000007, Body: []byte(`{}`)})
	})
	want := []string{
		`{"specversion":"1.0","id":"202605021011120000","source":"/rator","type":"door.opened","subject":"202605020000000001","time":"2026-05-02T10:11:12.123456Z",` +
			`"datacontenttype":"application/json","brand":"DEMO","account":"202605020000000007","cursor":"1","data":{"WHO":"\u003cÅse\u003e \"x\"","DOOR_ID":"202605020000000001"}}`,
		`{"specversion":"1.0","id":"202605021011120001","source":"/rator","type":"door.shut","subject":"202605020000000002","time":"2026-05-02T10:11:12.123456Z",` +
			`"datacontenttype":"application/json","cursor":"2","data":{"X":1,"DOOR_ID":"202605020000000002"}}`,
		`{"specversion":"1.0","id":"202605021011120002","source":"/rator","type":"site.made","subject":"202605020000000007","time":"2026-05-02T10:11:12.123456Z",` +
			`"datacontenttype":"application/json","account":"202605020000000007","cursor":"3","data":{}}`,
	}
	h.view(func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 9)
		for i, e := range events {
			doc, err := event.Document(e, event.Source)
			if err != nil || string(doc) != want[i] {
				t.Errorf("%s, %v\nwant %s", doc, err, want[i])
			}
		}
		if len(events) != len(want) {
			t.Errorf("%d events", len(events))
		}
		return err
	})
	if doc, err := event.Document(store.Event{Topic: "door.shut", Body: []byte(`{`)}, event.Source); err == nil {
		t.Errorf("a body that is none gives %s", doc)
	}
}

func TestSecretsOfEvents(t *testing.T) {
	e := store.Event{Topic: "door.key", Body: []byte(`{"DOOR_ID":"202605020000000001","CODE":"1234","WHO":"a<b","X":{"CODE":[1]}}`)}
	if got := string(event.Mask(e).Body); got != `{"DOOR_ID":"202605020000000001","CODE":"***","WHO":"a<b","X":{"CODE":[1]}}` {
		t.Errorf("masked: %s", got)
	}
	blank, changed, err := event.Blank(e)
	if string(blank.Body) != `{"DOOR_ID":"202605020000000001","CODE":"","WHO":"a<b","X":{"CODE":[1]}}` || !changed || err != nil {
		t.Errorf("blank: %s, %v, %v", blank.Body, changed, err)
	}
	if again, changed, err := event.Blank(blank); changed || err != nil || !json.Valid(again.Body) {
		t.Errorf("blanked again: %s, %v, %v", again.Body, changed, err)
	}
	e.Topic = "door.opened"
	if got := event.Mask(e); string(got.Body) != string(e.Body) {
		t.Errorf("no secret: %s", got.Body)
	}
	for _, body := range []string{`[1]`, `{"CODE":`, `"1234"`, ``} {
		bad := store.Event{Topic: "door.key", Body: []byte(body)}
		if got := event.Mask(bad); string(got.Body) != "{}" {
			t.Errorf("of %s is shown %s", body, got.Body)
		}
		if _, changed, err := event.Blank(bad); changed || err == nil {
			t.Errorf("blank %s: %v, %v", body, changed, err)
		}
	}
}
