package feed_test

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/feed"
	"rator/store"
)

func TestFollow(t *testing.T) {
	h := open(t)
	h.opens("DEMO", "DEMO2")
	all, clerk := h.follow("root", ""), h.follow("clerk", "topic=door.*")
	all.is("door.opened 1")
	all.is("door.opened 2")
	clerk.is("door.opened 1")
	h.opens("DEMO2", "DEMO")
	all.is("door.opened 3")
	all.is("door.opened 4")
	clerk.is("door.opened 4")
	later := h.follow("root", "since=3")
	later.is("door.opened 4")
	h.opens("")
	later.is("door.opened 5")
	all.is("door.opened 5")
	if n := h.handler.Following(); n != 3 {
		t.Errorf("%d follow", n)
	}
	// They follow, and hold no turn: there are two.
	if got := h.cursors(h.get("clerk", "")); got != "1 4" {
		t.Errorf("beside followers: %s", got)
	}
	h.handler.Stop()
	for _, f := range []*follower{all, clerk, later} {
		f.is(io.EOF.Error())
	}
	if ended := h.get("root", "follow=true"); h.cursors(ended) != "1 2 3 4 5" {
		t.Error("who asks while the server stops is told what is there")
	}
}

// TestBeat: who follows learns how far the stream is, also where nothing is for them.
func TestBeat(t *testing.T) {
	h := open(t, func(c *feed.Config) { c.Beat = 5 * time.Millisecond })
	f := h.follow("other", "")
	f.is(" 0")
	h.opens("DEMO", "DEMO")
	for got := f.next(); got != " 2"; got = f.next() {
		if got != " 0" {
			t.Fatalf("beat %q", got)
		}
	}
	h.opens("DEMO2")
	got := f.next()
	for got == " 2" {
		got = f.next()
	}
	if got != "door.opened 3" {
		t.Errorf("%q comes", got)
	}
}

// TestFollowEndsWithTheRight: whoever may not read any more is told nothing more.
func TestFollowEndsWithTheRight(t *testing.T) {
	for name, change := range map[string]func(store.Tx) error{
		"disabled": func(tx store.Tx) error { return access.Disable(tx, local, "clerk") },
		"revoked":  func(tx store.Tx) error { return access.Revoke(tx, local, "clerk", access.RightEvents) },
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			f := h.follow("clerk", "")
			h.opens("DEMO")
			f.is("door.opened 1")
			h.update(func(tx store.Tx) error {
				if err := change(tx); err != nil {
					return err
				}
				return opened.Emit(tx, event.Whose{Brand: "DEMO"}, event.ID("DOOR_ID", 1))
			})
			if got := f.next(); got == "door.opened 2" || got == io.EOF.Error() {
				t.Errorf("then comes %q", got)
			}
		})
	}
}

// TestFollowTime: after a while whoever follows is to ask again, and loses nothing.
func TestFollowTime(t *testing.T) {
	h := open(t, func(c *feed.Config) { c.FollowTime = time.Nanosecond })
	h.opens("DEMO")
	if got := h.cursors(h.get("clerk", "follow=true")); got != "1" {
		t.Errorf("%s", got)
	}
}

func TestTooManyFollow(t *testing.T) {
	h := open(t, func(c *feed.Config) { c.Followers, c.EachOf = 3, 2 })
	first := h.follow("clerk", "")
	h.follow("clerk", "")
	if p := h.refused("clerk", "follow=true", http.StatusTooManyRequests, "TOO_MANY_FOLLOWERS"); !strings.Contains(p.Message, "clerk follows 2 times") {
		t.Errorf("%+v", p)
	}
	h.follow("root", "")
	h.refused("other", "follow=true", http.StatusTooManyRequests, "TOO_MANY_FOLLOWERS")
	first.body.Close()
	<-h.told // it has left
	h.follow("other", "")
	if got := h.cursors(h.get("clerk", "")); got != "" {
		t.Errorf("who does not follow is told as ever: %s", got)
	}
}

// TestSlowFollower: one that takes nothing delays nobody, is given up, and finds the
// rest when it asks again.
func TestSlowFollower(t *testing.T) {
	h := open(t, func(c *feed.Config) { c.WriteTime = 3 * time.Second })
	address := strings.TrimPrefix(h.server.URL, "http://")
	slow, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	req, _ := http.NewRequest(http.MethodGet, h.server.URL+feed.Path+"?follow=true", nil)
	req.SetBasicAuth("clerk", "secret")
	if err := req.Write(slow); err != nil {
		t.Fatal(err)
	}
	quick := h.follow("clerk", "")
	const many = 30000 // more than what lies between
	seen := make(chan string)
	go func() {
		last := ""
		for n := 0; n < many; { // decoding each would make it slow
			line, err := quick.lines.ReadString('\n')
			if err != nil {
				last = err.Error()
				break
			}
			if strings.Contains(line, "door.opened") { // no beat
				n, last = n+1, line
			}
		}
		seen <- last
	}()
	for range many / 1000 {
		h.update(func(tx store.Tx) error {
			for range 1000 {
				if err := opened.Emit(tx, event.Whose{Brand: "DEMO", Account: 1}, event.ID("DOOR_ID", 1)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if last := <-seen; !strings.Contains(last, `"30000"`) {
		t.Errorf("the quick one ends with %s", last)
	}
	if told := <-h.told; told.Outcome != "HUNG_UP" {
		t.Errorf("the slow one: %+v", told)
	}
}

// TestHeadEnds: who asks for the header alone is told how far the stream is, and neither
// holds a follower's place nor is in the audit as one who was told.
func TestHeadEnds(t *testing.T) {
	h := open(t)
	h.opens("DEMO", "DEMO")
	for _, query := range []string{"", "follow=true"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, h.server.URL+feed.Path+"?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("root", "secret")
		resp, err := h.server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if told := <-h.told; resp.StatusCode != http.StatusOK || resp.Header.Get(feed.CursorHeader) != "2" || told.Outcome != "OK" {
			t.Errorf("%q: %s %v %+v", query, resp.Status, resp.Header, told)
		}
	}
	if n := h.handler.Following(); n != 0 {
		t.Errorf("%d follow", n)
	}
	h.Store.View(t.Context(), func(tx store.Tx) error {
		for row, err := range access.RowsOfOperator(tx, "root") {
			if err != nil || slices.Contains(row.Notes, "followed") || !slices.Contains(row.Notes, "told 0 events up to cursor 0") {
				t.Errorf("%v %q", err, row.Notes)
			}
		}
		return nil
	})
}
