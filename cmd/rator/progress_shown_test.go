package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/store"
	"rator/store/bolt"
)

// Where nobody sits at a terminal nothing is shown, however long it takes; a bar says how
// fast it is.
func TestProgressIsShownOnTerminalsOnly(t *testing.T) {
	var out bytes.Buffer
	shown := &shownProgress{out: &out}
	begun := servertest.Now
	for at := range 10 {
		shown.show(store.Progress{Of: "MB", Done: int64(at), Total: 10})
		shown.bar.now = func() time.Time { return begun.Add(time.Duration(at) * time.Minute) }
	}
	shown.end()
	if out.Len() > 0 {
		t.Errorf("it printed %q", &out)
	}
	p := newBar(&out, "MB", 100)
	p.bar, p.silent, p.every, p.begun, p.shown = true, false, 0, begun, begun
	p.now = func() time.Time { return begun.Add(4 * time.Second) }
	p.set(20, 0)
	if want := "20 of 100 MB, 5/s, 16s left"; !strings.Contains(out.String(), want) {
		t.Errorf("got %q, want %q in it", &out, want)
	}
}

// TestVerifyTellsInLines: what a verification inside a server tells is printed as one that
// runs here prints it, its progress apart.
func TestVerifyTellsInLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rator.db")
	rator(t, "", "catalogue", "import", "../../catalogue/demo.toml", "--store", file)
	st, err := bolt.Open(file, bolt.Options{Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	inside := func(args ...string) string {
		var out, said bytes.Buffer
		if code := run(&terminal{ctx: t.Context(), out: &out, err: &said, live: st, file: file}, &forwarded{}, args); code != exitOK {
			t.Fatalf("%q: exit %d: %s", args, code, &said)
		}
		return out.String()
	}
	plain, lines := inside("verify"), inside("verify", "--lines")
	for line := range strings.Lines(lines) {
		var got verifyLine
		if err := json.Unmarshal([]byte(line), &got); err != nil || got.Progress == nil && got.Text == "" {
			t.Errorf("line %q: %v", line, err)
		}
	}
	var out bytes.Buffer
	c := &verifyCommand{}
	told := c.printer(&terminal{out: &out, err: &out})
	fmt.Fprint(&lineReader{take: told.line}, `{"progress":{"Of":"MB","Done":1,"Total":2}}`+"\n"+lines)
	if out.String() != plain || !strings.Contains(plain, " 0 faults\n") {
		t.Errorf("got %q, want %q", &out, plain)
	}
}

// TestWalkIsLogged now and then, however often it is told.
func TestWalkIsLogged(t *testing.T) {
	var out bytes.Buffer
	at := servertest.Now
	w := &walkLog{log: slog.New(slog.NewTextHandler(&out, nil)), now: func() time.Time { return at }, begun: at, last: at}
	for n := range int64(80) {
		w.tell(store.Progress{Of: "MB", Done: n, Total: 100})
		at = at.Add(100 * time.Millisecond)
	}
	got := regexp.MustCompile(`percent=.*`).FindAllString(out.String(), -1)
	if want := []string{"percent=30 mb=30 of_mb=100 left=7s", "percent=60 mb=60 of_mb=100 left=4s"}; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %q, want %q", got, want)
	}
}
