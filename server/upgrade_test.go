package server_test

import (
	"bytes"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/event"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/store/storetest"
)

// TestUpgradeTellsHubs: what a version before had not told its hubs is told, each once, in
// the order and the words in which that version would have told it.
func TestUpgradeTellsHubs(t *testing.T) {
	type post struct{ path, body string }
	posts := make(chan post, 100)
	s := servertest.Upgraded(t, servertest.UnpackStore(t, filepath.Join(servertest.EventsBefore, "store.db.gz")), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		posts <- post{r.URL.Path, strings.TrimSpace(string(body))}
		w.WriteHeader(http.StatusCreated)
	}))
	s.KeepEventsOnce(t.Context())
	b := server.NewBackground(t.Context(), slog.New(slog.DiscardHandler))
	t.Cleanup(b.Stop)
	b.Run("TM Forum hubs", s.Hubs.Run)
	want, got := map[string][]string{}, map[string][]string{}
	left := 0
	for _, name := range []string{"all", "v4"} {
		want["/"+name] = strings.Split(strings.TrimSpace(servertest.Read(t, filepath.Join(servertest.EventsBefore, "told-"+name+".jsonl"))), "\n")
		left += len(want["/"+name])
	}
	deadline := time.After(time.Minute)
	for ; left > 0; left-- {
		select {
		case p := <-posts:
			got[p.path] = append(got[p.path], p.body)
		case <-deadline:
			t.Fatalf("%d notifications are not told:\n%s", left, cmp.Diff(want, got))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-then +now):\n%s", diff)
	}
	b.Stop() // what is told is noted, and nothing waits
	select {
	case p := <-posts:
		t.Errorf("told twice: %+v", p)
	default:
	}
	if waiting := storetest.Census(t, s.Store)["tmf_notification"]; waiting != 0 {
		t.Errorf("%d notifications wait", waiting)
	}
}

// TestUpgradeLosesNothing: every record is there, every request gets the answer that it
// got, and every event gets whose it is, but for those that were the hubs' own.
func TestUpgradeLosesNothing(t *testing.T) {
	file := servertest.UnpackStore(t, filepath.Join(servertest.EventsBefore, "store.db.gz"))
	s := servertest.Upgraded(t, file, http.NotFoundHandler())
	before := storetest.Census(t, s.Store)
	if before["account"] != 6 || before["audit"] < 12 || before["tmf_hub"] != 2 {
		t.Errorf("the store has %v", before)
	}
	stream := func() (all []store.Event) {
		t.Helper()
		err := s.Store.View(t.Context(), func(tx store.Tx) (err error) {
			all, err = tx.EventsAfter(0, 1000)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	events := stream()
	s.KeepEventsOnce(t.Context())
	now := stream()
	if len(now) != len(events) {
		t.Errorf("of %d events there are %d", len(events), len(now))
	}
	for i, e := range now {
		if before := events[i]; e.Cursor != before.Cursor || e.ID != before.ID || e.Topic != before.Topic || !bytes.Equal(event.Mask(e).Body, event.Mask(before).Body) {
			t.Errorf("was %+v\nis  %+v", before, e)
		}
		if ours := strings.HasPrefix(e.Topic, "tmf."); !ours && (e.Brand != server.DemoBrand || e.Account == 0) {
			t.Errorf("nobody's: %d %s %s", e.Cursor, e.Topic, e.Body)
		}
	}
	requests, err := filepath.Glob(filepath.Join(servertest.EventsBefore, "*.request"))
	if err != nil || len(requests) != 6 {
		t.Fatalf("%d requests, %v", len(requests), err)
	}
	for _, request := range requests {
		want := servertest.Read(t, strings.TrimSuffix(request, ".request")+".answer")
		if diff := cmp.Diff(want, repeated(t, s, request)); diff != "" {
			t.Errorf("%s (-then +now):\n%s", filepath.Base(request), diff)
		}
	}
	after := storetest.Census(t, s.Store)
	for _, kind := range slices.Sorted(maps.Keys(before)) {
		if kind, _, _ := strings.Cut(kind, "/"); after[kind] < before[kind] {
			t.Errorf("of %d %s there are %d", before[kind], kind, after[kind])
		}
	}
}

// TestUpgradeSealsTheAudit: rows of the version before are sealed, each of them.
func TestUpgradeSealsTheAudit(t *testing.T) {
	s := servertest.Upgraded(t, servertest.UnpackStore(t, filepath.Join(servertest.EventsBefore, "store.db.gz")), http.NotFoundHandler())
	rows := storetest.Census(t, s.Store)["audit"]
	s.Sealer.Seal(t.Context())
	err := s.Store.View(t.Context(), func(tx store.Tx) error {
		state, err := access.VerifyAudit(tx, access.Anchor{}, func(fault error) { t.Error(fault) })
		if err == nil && (state.Rows != rows || state.Unsealed != 0) {
			t.Errorf("of %d rows %+v", rows, state)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
