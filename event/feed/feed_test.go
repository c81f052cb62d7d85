package feed_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"rator/event"
	"rator/store"
)

func TestEvents(t *testing.T) {
	h := open(t)
	h.opens("DEMO", "DEMO2", "", "DEMO")
	h.update(func(tx store.Tx) error {
		return cut.Emit(tx, event.Whose{Brand: "DEMO", Account: 100}, event.ID("DOOR_ID", 1), event.Text("CODE", "1234"))
	})
	for _, test := range []struct{ operator, query, want string }{
		{"root", "", "1 2 3 4"},
		{"clerk", "", "1 4"},
		{"other", "", "2"},
		{"both", "", "1 2 4"},
		{"root", "brand=DEMO2", "2"},
		{"both", "brand=DEMO2&brand=DEMO", "1 2 4"},
		{"root", "since=2", "3 4"},
		{"root", "since=5", ""},
		{"root", "since=2026-05-02T10:11:12Z", "1 2 3 4"},
		{"root", "since=0s", "1 2 3 4"},
		{"root", "since=2026-05-03", ""},
		{"clerk", "since=1", "4"},
		{"root", "topic=door.o*", "1 2 3 4"},
		{"root", "topic=door.shut", ""},
		{"root", "topic=door.key", "5"},
		{"clerk", "topic=door.shut&topic=door.key", "5"},
		{"other", "topic=door.key", ""},
		{"root", "account=000000000000000101", "2"},
		{"clerk", "account=000000000000000101", ""},
		{"clerk", "account=000000000000000100&topic=door.*&follow=false", "1"},
	} {
		resp := h.get(test.operator, test.query)
		if got := h.cursors(resp); got != test.want {
			t.Errorf("%s asks for %s and gets %q, not %q", test.operator, test.query, got, test.want)
		}
		if c, m := resp.Header.Get("Rator-Cursor"), resp.Header.Get("Content-Type"); c != "5" || m != "application/x-ndjson" {
			t.Errorf("%s: cursor %q, type %q", test.query, c, m)
		}
		if told := <-h.told; told.Outcome != "OK" || told.Operation != "EVENTS_READ" || told.Face != "feed" || told.Operator != test.operator {
			t.Errorf("told: %+v", told)
		}
	}
	resp := h.get("clerk", "topic=door.key")
	defer resp.Body.Close()
	const want = `{"specversion":"1.0","id":"202605021011120012","source":"/rator","type":"door.key","subject":"000000000000000001","time":"2026-05-02T10:11:12Z",` +
		`"datacontenttype":"application/json","brand":"DEMO","account":"000000000000000100","cursor":"5","data":{"DOOR_ID":"000000000000000001","CODE":"1234"}}` + "\n"
	if body, err := io.ReadAll(resp.Body); err != nil || withoutID(string(body)) != withoutID(want) {
		t.Errorf("%s, %v, want\n%s", body, err, want)
	}
}

// withoutID is a line without the event's id, which depends on how many there were before.
func withoutID(line string) string {
	before, rest, _ := strings.Cut(line, `"id":"`)
	_, after, _ := strings.Cut(rest, `"`)
	return before + after
}

// TestEventsOfMorePages: an answer is whole however long, and no turn is held for it.
func TestEventsOfMorePages(t *testing.T) {
	h := open(t)
	const many = 1234
	h.update(func(tx store.Tx) error {
		for range many {
			if err := opened.Emit(tx, event.Whose{Brand: "DEMO"}, event.ID("DOOR_ID", 1)); err != nil {
				return err
			}
		}
		return nil
	})
	if got := strings.Count(h.cursors(h.get("clerk", "")), " ") + 1; got != many {
		t.Errorf("%d events", got)
	}
	if got := h.cursors(h.get("other", "")); got != "" {
		t.Errorf("another's events: %s", got)
	}
}

func TestEventsRefused(t *testing.T) {
	h := open(t)
	h.opens("DEMO", "DEMO", "DEMO", "DEMO")
	h.update(func(tx store.Tx) error { _, err := tx.DropEvents(2, 10); return err })
	h.refused("", "", http.StatusUnauthorized, "NOT_AUTHENTICATED")
	h.refused("nobody", "", http.StatusUnauthorized, "NOT_AUTHENTICATED")
	h.refused("stranger", "", http.StatusForbidden, "NOT_ALLOWED")
	h.refused("stranger", "since=x", http.StatusForbidden, "NOT_ALLOWED") // what is wrong is told to who may ask
	h.refused("clerk", "brand=DEMO2", http.StatusForbidden, "NOT_ALLOWED")
	h.refused("clerk", "brand=DEMO&brand=DEMO2", http.StatusForbidden, "NOT_ALLOWED")
	h.refused("root", "brand=NONE", http.StatusBadRequest, "UNKNOWN_BRAND")
	h.refused("root", "brand=DEMO&brand=NONE", http.StatusBadRequest, "UNKNOWN_BRAND")
	h.refused("root", "brand=", http.StatusBadRequest, "BAD_QUERY")
	for query, why := range map[string]string{
		"since=-1": "give a cursor", "since=yesterday": "give a cursor", "account=12": "18 digits", "follow=maybe": "give true or false",
		"topics=a": "there are since, topic, brand, account, follow", "since=1&since=2": "more than once", "%zz=1": "cannot be read", "a;b": "cannot be read",
	} {
		if p := h.refused("clerk", query, http.StatusBadRequest, "BAD_QUERY"); !strings.Contains(p.Message, why) {
			t.Errorf("%s: %s, want %s", query, p.Message, why)
		}
	}
	for query, why := range map[string]string{"topic=door.open": "door.opened", "topic=": "is empty", "topic=door.k*": "holds a secret"} {
		if p := h.refused("clerk", query, http.StatusBadRequest, "UNKNOWN_TOPIC"); !strings.Contains(p.Message, why) {
			t.Errorf("%s: %s, want %s", query, p.Message, why)
		}
	}
	if p := h.refused("clerk", "since=5", http.StatusBadRequest, "UNKNOWN_CURSOR"); !strings.Contains(p.Message, "newest event has 4") {
		t.Errorf("%+v", p)
	}
	if p := h.refused("clerk", "since=1", http.StatusGone, "EVENTS_GONE"); p.Lost != 1 || p.Cursor != "2" {
		t.Errorf("%+v", p)
	}
	if got := h.cursors(h.get("clerk", "since=2")); got != "3 4" {
		t.Errorf("from there: %s", got)
	}
	resp, err := h.server.Client().Post(h.server.URL+"/events", "", nil)
	if err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %v, %v", resp, err)
	}
}
