package feed_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/event"
	"rator/event/feed"
	"rator/store"
	"rator/store/bolt"
	"rator/unit"
)

var begins = time.Date(2026, 5, 2, 10, 11, 12, 0, time.UTC)

var (
	opened = event.Declare("door.opened", "a door was opened", "DOOR_ID", event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The door."})
	_      = event.Declare("door.shut", "a door was shut", "DOOR_ID", event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The door."})
	cut    = event.Declare("door.key", "a key was cut", "DOOR_ID", event.Key{Name: "DOOR_ID", Type: event.OfID, Desc: "The door."},
		event.Key{Name: "CODE", Type: event.OfText, Desc: "Opens it.", Secret: true})
)

// local is who administers in these tests.
var local = access.Administrator{Who: access.Local, Face: "test"}

// house is a served store with the brands DEMO and DEMO2 and operators that have one
// password: root of all brands, clerk of DEMO, other of DEMO2, both of these two, and
// stranger, who has no right to events.
type house struct {
	store.Store
	t       *testing.T
	handler *feed.Handler
	server  *httptest.Server
	told    chan unit.Told
	path    string // that is asked for
}

func open(t *testing.T, edit ...func(*feed.Config)) *house {
	t.Helper()
	st, err := bolt.Open(filepath.Join(t.TempDir(), "rator.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return begins }})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Store: st, t: t, told: make(chan unit.Told, 1000), path: feed.Path}
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	h.update(func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, file); err != nil {
			return err
		}
		for _, o := range []access.NewOperator{
			{Name: "root", Brands: []string{access.Any}, Rights: []string{access.RightEvents}},
			{Name: "clerk", Brands: []string{"DEMO"}, Rights: []string{access.RightEvents}},
			{Name: "other", Brands: []string{"DEMO2"}, Rights: []string{access.RightEvents}},
			{Name: "both", Brands: []string{"DEMO", "DEMO2"}, Rights: []string{access.RightEvents}},
			{Name: "stranger", Brands: []string{"DEMO"}, Rights: []string{"*"}},
		} {
			o.PasswordHash = "$argon2id$v=19$m=8,t=1,p=1$b3RoZXJzYWx0$QQCd8VPOryZiCF3MtwQnPTK7odKCaPcXJGplgNEuj1A"
			if _, err := access.Add(tx, local, o); err != nil {
				return err
			}
		}
		return nil
	})
	guard, err := access.NewGuard(access.GuardConfig{
		Now: time.Now, Key: make([]byte, 32), Sleep: func(context.Context, time.Duration) {},
		Verify: func(_, plain string) (bool, error) { return plain == "secret", nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: log, Sync: true})
	c := feed.Config{
		Gate: unit.New(unit.Config{Store: st, Guard: guard, Behind: behind, Log: log, Now: time.Now, Observe: func(t *unit.Told) { h.told <- *t },
			Turns: unit.TurnsConfig{Calls: 2}}),
		Log: log, Poll: time.Millisecond,
	}
	for _, f := range edit {
		f(&c)
	}
	h.handler = feed.New(c)
	mux := http.NewServeMux()
	h.handler.Mount(mux)
	h.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		h.handler.Stop()
		h.server.Close()
		behind.Close()
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) update(fn func(store.Tx) error) {
	h.t.Helper()
	if err := h.Update(context.Background(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// opens emits events of doors, each of a brand and of the account 100 and its number.
func (h *house) opens(brands ...string) {
	h.t.Helper()
	h.update(func(tx store.Tx) error {
		for i, brand := range brands {
			if err := opened.Emit(tx, event.Whose{Brand: brand, Account: store.ID(100 + i)}, event.ID("DOOR_ID", store.ID(i+1))); err != nil {
				return err
			}
		}
		return nil
	})
}

// get asks as an operator; the answer is to be closed.
func (h *house) get(operator, query string) *http.Response {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, h.server.URL+h.path+"?"+query, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	if operator != "" {
		req.SetBasicAuth(operator, "secret")
	}
	resp, err := h.server.Client().Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp
}

// cursors reads an answer and gives the cursors of its lines.
func (h *house) cursors(resp *http.Response) string {
	h.t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		h.t.Fatalf("%s %s %v", resp.Status, body, err)
	}
	var cursors []string
	for line := range strings.Lines(string(body)) {
		var e struct{ Cursor string }
		if err := json.Unmarshal([]byte(line), &e); err != nil || !strings.HasSuffix(line, "\n") {
			h.t.Fatalf("line %q: %v", line, err)
		}
		cursors = append(cursors, e.Cursor)
	}
	return strings.Join(cursors, " ")
}

// refused asks and is told why not.
func (h *house) refused(operator, query string, status int, name string) (problem struct {
	Error, Message, Cursor string
	Lost                   int64
}) {
	h.t.Helper()
	resp := h.get(operator, query)
	defer resp.Body.Close()
	if resp.StatusCode != status {
		h.t.Errorf("%s asks for %s: %s, want %d", operator, query, resp.Status, status)
		return problem
	}
	err := json.NewDecoder(resp.Body).Decode(&problem)
	if err != nil || problem.Error != name {
		h.t.Errorf("%s asks for %s: %s %+v, %v; want %d %s", operator, query, resp.Status, problem, err, status, name)
	}
	if t := <-h.told; t.Code != status || t.Outcome != name {
		h.t.Errorf("%s asks for %s: told %d %s", operator, query, t.Code, t.Outcome)
	}
	return problem
}

// follower is somebody who follows.
type follower struct {
	*house
	body  io.Closer
	lines *bufio.Reader
}

func (h *house) follow(operator, query string) *follower {
	h.t.Helper()
	resp := h.get(operator, query+"&follow=true")
	if resp.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(resp.Body)
		h.t.Fatalf("%s %s", resp.Status, body)
	}
	h.t.Cleanup(func() { resp.Body.Close() })
	return &follower{h, resp.Body, bufio.NewReader(resp.Body)}
}

// next is the topic and the cursor of the next line; a beat has no topic.
func (f *follower) next() string {
	f.t.Helper()
	line, err := f.lines.ReadString('\n')
	if err != nil {
		return err.Error()
	}
	var e struct{ Type, Cursor string }
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		f.t.Fatalf("line %q: %v", line, err)
	}
	return fmt.Sprint(e.Type, " ", e.Cursor)
}

func (f *follower) is(want string) {
	f.t.Helper()
	if got := f.next(); got != want {
		f.t.Errorf("the next line is %q, want %q", got, want)
	}
}
