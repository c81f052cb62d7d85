package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/workflow/value"
)

// TestDemoOperatorStays: what --demo made is refused without it, and said so at every
// start, until it has another password or is shut out.
func TestDemoOperatorStays(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rator.db")
	spawn(t, "--demo", "--store", file).stop(t)
	const warning = "everybody knows the password of operator demo"
	call := func(p *serverProcess, plain string) int {
		t.Helper()
		r, err := (&soap.Client{URL: p.endpoint}).Call(t.Context(), soap.Call{Hookpoint: "SOAP_GET_PRODUCT_CONFIGS",
			Values: value.Tree{value.Of("CONTEXT", value.OfString("OPERATOR", "demo"), value.OfString("PASSWORD", plain))}})
		if err != nil {
			t.Fatal(err)
		}
		return r.ErrorCode
	}
	p := startServer(t, "--store", file)
	if code := call(p, "demo"); code != failure.NotAuthenticated.Number {
		t.Errorf("demo is let in: %d", code)
	}
	mend := "rator operator passwd demo --store " + file
	if log := p.log.String(); strings.Count(log, warning) != 1 || !strings.Contains(log, mend) {
		t.Errorf("the start says:\n%s", log)
	}
	if o := rator(t, "a long password\n", strings.Fields(mend)[1:]...); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	if code := call(p, "a long password"); code != 0 {
		t.Errorf("refused with another password: %d", code)
	}
	p.stop(t)
	p = startServer(t, "--store", file)
	if strings.Contains(p.log.String(), warning) || call(p, "a long password") != 0 {
		t.Errorf("after the change:\n%s", p.log.String())
	}
	p.stop(t)
	// The same store with --demo: its operator is nobody's any more.
	p = startServer(t, "--demo", "--store", file)
	if code := call(p, "demo"); code != failure.NotAuthenticated.Number {
		t.Errorf("the demo's password is back: %d", code)
	}
}

// TestWhatTheStartWarnsOf, and what it does not.
func TestWhatTheStartWarnsOf(t *testing.T) {
	demo := filepath.Join(t.TempDir(), "demo.db")
	st := servertest.OpenStore(t, demo)
	if err := server.PrepareDemo(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	// As an older version wrote it.
	err := st.Update(t.Context(), func(tx store.Tx) error {
		records, err := tx.Find("operator", "name", "demo", 0, 1)
		if err != nil {
			return err
		}
		r := records[0]
		r.Doc = []byte(strings.NewReplacer(`,"Demo":true`, "", `"ActFor":[]`, `"ActFor":null`).Replace(string(r.Doc)))
		r.Keys = []store.Key{{Index: "name", Value: "demo", Unique: true}}
		return tx.Put("operator", r)
	})
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	const demoWarning, plainWarning = "everybody knows the password of operator demo", "is plain HTTP beyond this machine"
	real := servertest.StoreFile(t)
	for _, c := range []struct {
		serve serveCommand
		file  string
		want  []string
	}{
		{serveCommand{Listen: "127.0.0.1:0"}, real, nil},
		{serveCommand{Listen: "localhost:0"}, real, nil},
		{serveCommand{Listen: "[::1]:0"}, real, nil},
		{serveCommand{Listen: "0.0.0.0:8080"}, real, []string{plainWarning}},
		{serveCommand{Listen: ":8080"}, real, []string{plainWarning}},
		{serveCommand{Listen: "0.0.0.0:8080", TLSCert: "x"}, real, nil},
		{serveCommand{Listen: "127.0.0.1:0"}, demo, []string{demoWarning}},
		{serveCommand{Listen: "192.0.2.1:80"}, demo, []string{demoWarning, plainWarning}},
		{serveCommand{Listen: "127.0.0.1:0", Demo: true}, demo, nil},
	} {
		c.serve.Store, c.serve.TimeZone = c.file, "UTC"
		var said strings.Builder
		st := servertest.OpenStore(t, c.file)
		err := c.serve.prepare(&terminal{ctx: t.Context(), err: &said}, st, nil)
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil || strings.Count(said.String(), "\n") != len(c.want) {
			t.Errorf("%+v: %v, %s", c.serve, err, said.String())
		}
		for _, want := range c.want {
			if !strings.Contains(said.String(), want) {
				t.Errorf("%+v: %s", c.serve, said.String())
			}
		}
	}
	if o := rator(t, "", "operator", "disable", "demo", "--store", demo); o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	var said strings.Builder
	st = servertest.OpenStore(t, demo)
	defer st.Close()
	if err := (&serveCommand{Listen: "127.0.0.1:0", TimeZone: "UTC"}).prepare(&terminal{ctx: t.Context(), err: &said}, st, nil); err != nil || said.String() != "" {
		t.Errorf("shut out: %v %s", err, said.String())
	}
}

// TestNoStoreIsMadeByLooking: nothing but serve makes a store, and that only where
// there is no file.
func TestNoStoreIsMadeByLooking(t *testing.T) {
	dir := t.TempDir()
	commands := []string{"verify", "backup -", "operator list", "operator disable x", "operator token list", "catalogue export", "billing run --as-of 2020-01-01", "run-due", "hub list", "serve --listen 127.0.0.1:0"}
	for name, content := range map[string]string{"empty": "", "text": "this is no store, only some text", "zeros": strings.Repeat("\x00", 20_000)} {
		file := servertest.Write(t, dir, name, content)
		for _, command := range commands {
			o := rator(t, "", append(strings.Fields(command), "--store", file)...)
			if o.code != exitUnreachable || !strings.Contains(o.err, file) || !strings.Contains(o.err, "no store") {
				t.Errorf("%s of %s: %+v", command, name, o)
			}
			if after, err := os.ReadFile(file); err != nil || string(after) != content {
				t.Fatalf("%s changed the %s file: %v", command, name, err)
			}
		}
		if o := rator(t, "", "restore", "--store", filepath.Join(dir, "new.db"), file); o.code != exitFailed || !strings.Contains(o.err, "is not whole, so nothing was restored") {
			t.Errorf("restore of %s: %+v", name, o)
		}
	}
	for _, command := range commands[:len(commands)-1] {
		if o := rator(t, "", append(strings.Fields(command), "--store", filepath.Join(dir, "none.db"))...); o.code != exitUnreachable {
			t.Errorf("%s: %+v", command, o)
		}
	}
	if o := rator(t, "", "restore", "--store", filepath.Join(dir, "new.db"), filepath.Join(dir, "none.db")); o.code != exitUnreachable {
		t.Errorf("%+v", o)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 3 {
		t.Errorf("left behind: %v %v", files, err)
	}
}
