package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/wire"
)

// TestTokensAreRecordedAndPlayed records calls with UsernameTokens: no secret of
// theirs is written, and the recording plays and is mocked without the nonces.
func TestTokensAreRecordedAndPlayed(t *testing.T) {
	server := servertest.New(t)
	r := startRecorder(t, strings.TrimSuffix(server.Endpoint, wire.Path), "--split", "none")
	nonces := []string{"first nonce", "second nonce"}
	for _, nonce := range nonces {
		if got := postToken(t, r.url+wire.Path, "demo", "demo", nonce, servertest.Now); got != "0" {
			t.Fatal(got)
		}
	}
	if code := r.end(); code != exitOK {
		t.Fatalf("exit %d: %s", code, r.err.String())
	}
	found := r.scenarios()
	if len(found) != 1 || len(found[0].Steps) != 2 {
		t.Fatalf("recorded %v", found)
	}
	for i := range found[0].Steps {
		x, err := found[0].Load(&found[0].Steps[i])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(x.Request.Body, []byte("Nonce>${NONCE")) || !bytes.Contains(x.Request.Body, []byte("${PASSWORD}<")) {
			t.Errorf("a secret is written: %s", x.Request.Body)
		}
	}

	before := contents(t, r.dir)
	if strings.Contains(before, "NONCE, first in") || !strings.Contains(before, "PASSWORD, first in") {
		t.Errorf("the settings ask for nonces, which replay makes: %s", before)
	}
	for _, flags := range [][]string{nil, {"--relearn"}, {"--update"}} {
		// Nobody has the nonces: their variables are not given.
		o := rator(t, "", append([]string{"replay", r.dir, "--set", "PASSWORD=demo"}, flags...)...)
		if o.code != exitOK || flags == nil && !strings.Contains(o.out, "all equal") {
			t.Errorf("replay %v: exit %d: %s%s", flags, o.code, o.out, o.err)
		}
	}
	if before != contents(t, r.dir) {
		t.Error("the files do not stay as recorded")
	}

	address, stop := startMock(t, r.dir)
	defer stop()
	for _, nonce := range append(nonces, "third nonce") {
		if got := postToken(t, address, "demo", "demo", nonce, time.Now()); got != "0" {
			t.Errorf("mock: %s", got)
		}
	}
}

// contents is everything in the files of a folder.
func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		all.WriteString(name + "\n" + string(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}
