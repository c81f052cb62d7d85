package server_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/replay/fixture"
	"rator/server"
	"rator/server/servertest"
	"rator/store/storetest"
	"rator/wire"
)

// keptBefore is a store that a version with a kind of kept replies for each face wrote,
// with the requests that it answered and what it answers to their repeats.
const keptBefore = "../testdata/store/kept-2"

// keptBeforeAt is when that version answered last: replies are kept for days.
var keptBeforeAt = time.Date(2026, 1, 13, 9, 1, 0, 0, time.UTC)

// anotherID is the id that an answer over SOAP with addressing has of its own.
var anotherID = regexp.MustCompile(`(MessageID[^<>]*>)urn:uuid:[0-9a-f-]{36}`)

// TestKeptAnswersAcrossUpgrade: a request that a version before answered gets, when it is
// repeated, the very answer that it got there: over SOAP 1.1 and 1.2, in the typed form
// and in every dialect of TM Forum, refusals, deletions and a PIN included; what was
// erased stays erased, and nothing is done again.
func TestKeptAnswersAcrossUpgrade(t *testing.T) {
	s := newServerBefore(t)
	before := census(t, s)
	requests, err := filepath.Glob(filepath.Join(keptBefore, "*.request"))
	if err != nil || len(requests) < 20 {
		t.Fatalf("%d requests, %v", len(requests), err)
	}
	if old, now := before["kept_reply"]+before["tmf_request"], before["reply"]; old != 0 || now != int64(len(requests)) {
		t.Errorf("of %d answers %d lie where answers are kept now, %d where they were", len(requests), now, old)
	}
	for range 2 { // a repeat of a repeat is one, too
		for _, file := range requests {
			want, err := os.ReadFile(strings.TrimSuffix(file, ".request") + ".answer")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), repeated(t, s, file)); diff != "" {
				t.Errorf("%s (-then +now):\n%s", filepath.Base(file), diff)
			}
		}
	}
	if diff := cmp.Diff(before, census(t, s)); diff != "" {
		t.Errorf("repeats did something (-before +after):\n%s", diff)
	}
}

// newServerBefore is a server of today over a copy of that store, at its time.
func newServerBefore(t *testing.T) *servertest.Server {
	t.Helper()
	config, err := fixture.Settings(servertest.Scenarios)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := servertest.Target().Plan(t.Context(), config.Server)
	if err != nil {
		t.Fatal(err)
	}
	own := *plan
	own.Settings.Clock = keptBeforeAt
	if own.Keys, err = server.ReadKeyFile(filepath.Join(keptBefore, "store.pin-key")); err != nil {
		t.Fatal(err)
	}
	server, err := own.StartOver(servertest.UnpackStore(t, filepath.Join(keptBefore, "store.db.gz")))
	if err != nil {
		t.Fatal(err)
	}
	return servertest.Listening(t, server)
}

// census counts what a server has, but for the audit rows that each call has.
func census(t *testing.T, s *servertest.Server) map[string]int64 {
	t.Helper()
	counts := storetest.Census(t, s.Store)
	maps.DeleteFunc(counts, func(name string, _ int64) bool { return name == "audit" || strings.HasPrefix(name, "audit/") })
	return counts
}

// repeated posts a request of a file, and gives the answer as files have it.
func repeated(t *testing.T, s *servertest.Server, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(string(text), "\n\n")
	first, headers, _ := strings.Cut(head, "\n")
	method, path, _ := strings.Cut(first, " ")
	r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(s.Endpoint, wire.Path)+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "kept.example"
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		r.Header.Set(name, value)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	answered, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	told := fmt.Sprintln(a.StatusCode)
	for _, name := range []string{"Content-Type", "Idempotent-Replayed", "Location", "ETag", "Last-Modified"} {
		if value := a.Header.Get(name); value != "" {
			told += name + ": " + value + "\n"
		}
	}
	return told + "\n" + anotherID.ReplaceAllString(string(answered), "${1}urn:uuid:another")
}
