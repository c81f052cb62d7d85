package main

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"rator/access"
	"rator/server/servertest"
	"rator/tmf/tmftest"
	"rator/wire"
)

// makeRun is what the Makefile's run does once the binary is there.
func makeRun(t *testing.T) []string {
	t.Helper()
	recipe := regexp.MustCompile(`(?m)^run: build .*\n\t\./\$\(BIN\) serve (.*)$`).FindStringSubmatch(servertest.Read(t, filepath.Join(root, "Makefile")))
	if recipe == nil {
		t.Fatal("make run serves no more")
	}
	return strings.Fields(recipe[1])
}

// TestDemoScreen: make run ends on a screen of 80 columns that says where, who, what
// next, how to stop and what stays; its three commands work as they stand, also when the
// demo goes on with the store of before.
func TestDemoScreen(t *testing.T) {
	dir := t.TempDir()
	for _, lot := range []string{"demo.db, new", "demo.db, of before, with its customers: 1"} {
		p := spawnIn(t, dir, makeRun(t)...)
		text := p.log.String()
		if signedUp := strings.Contains(text, "SOAP_SIGNUP_CUSTOMER answered"); signedUp != strings.Contains(lot, "new") {
			t.Errorf("signed up: %t\n%s", signedUp, text)
		}
		_, shown, found := strings.Cut(text, "\nThis is a demo.\n")
		if !found || !strings.HasSuffix(shown, "\nrator: serving; Ctrl-C or SIGTERM stops\n") {
			t.Fatalf("no screen at the end:\n%s", text)
		}
		home := strings.TrimSuffix(p.endpoint, wire.Path)
		for _, want := range []string{p.endpoint + "\n", p.endpoint + "?wsdl\n", home + tmftest.Dialect2014 + "\n", home + tmftest.DialectV3 + "\n", home + tmftest.DialectV4 + "\n",
			"demo, password demo, brand DEMO", lot, "demo.db, demo.db.calls, demo.db.pin-key stay;"} {
			if !strings.Contains(shown, want) {
				t.Errorf("it does not say %q:\n%s", want, shown)
			}
		}
		for line := range strings.Lines(shown) {
			if utf8.RuneCountInString(line) > 81 { // with its end
				t.Errorf("longer than 80: %s", line)
			}
		}
		for _, file := range []string{"demo.db", "demo.db.calls", "demo.db.pin-key"} {
			if found, _ := filepath.Glob(filepath.Join(dir, file)); len(found) != 1 {
				t.Errorf("%s is not there", file)
			}
		}
		typeCommands(t, dir, shown, 3)
		p.stop(t)
	}
}

// typeCommands types the commands of a screen as they stand.
func typeCommands(t *testing.T, dir, shown string, want int) {
	t.Helper()
	_, commands, _ := strings.Cut(shown, "in this folder:\n")
	commands = strings.ReplaceAll(commands, "\\\n", "")
	lines := regexp.MustCompile(`(?m)^  (bin/rator .*)$`).FindAllStringSubmatch(commands, -1)
	if len(lines) != want {
		t.Errorf("%d commands:\n%s", len(lines), commands)
	}
	for _, line := range lines {
		c := exec.Command("sh", "-c", line[1])
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil || len(out) == 0 {
			t.Errorf("%s: %v\n%s", line[1], err, out)
		}
	}
}

// TestScreensOfOtherDemos: a store that commands do not find by themselves is named, one
// with a test clock puts that forward, one that goes says so.
func TestScreensOfOtherDemos(t *testing.T) {
	for name, c := range map[string]struct {
		args     []string
		want     string
		commands int
	}{
		"a store elsewhere": {[]string{"--demo", "--store", "it's year.db"}, `--store 'it'\''s year.db'`, 3},
		"a test clock":      {[]string{"--demo", "--store", "demo.db", "--clock", "2026-01-15"}, "bin/rator clock advance 1 month\n", 3},
		"no call log":       {[]string{"--demo", "--store", "demo.db", "--call-log", "off"}, "On disk   demo.db, demo.db.pin-key stay;", 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			p := spawnIn(t, dir, c.args...)
			text := p.log.String()
			if !strings.Contains(text, c.want) {
				t.Errorf("it does not say %q:\n%s", c.want, text)
			}
			if c.commands > 0 {
				typeCommands(t, dir, text, c.commands)
			}
			p.stop(t)
		})
	}
	s := screen{program: "rator", endpoint: defaultEndpoint, store: "/tmp/rator-demo-1/demo.db", temporary: true, now: servertest.Now, operator: &access.Operator{Enabled: true, Demo: true}}
	if text := s.demo(); !strings.Contains(text, "which goes when the server stops") || strings.Contains(text, "On disk") || !strings.Contains(text, "--store /tmp/rator-demo-1/demo.db") {
		t.Error(text)
	}
	s.endpoint = strings.Replace(defaultEndpoint, "http:", "https:", 1)
	if text := s.demo(); strings.Contains(text, "rator call") {
		t.Errorf("a command that does not know the certificate: %s", text)
	}
}

// TestScreenBesideAnotherStore: where RATOR_STORE names another store, the commands name
// the demo's, although this folder leads to it.
func TestScreenBesideAnotherStore(t *testing.T) {
	t.Setenv("RATOR_STORE", "other.db")
	dir := t.TempDir()
	p := spawnIn(t, dir, "--demo", "--store", "demo.db")
	text := p.log.String()
	typeCommands(t, dir, text, 3)
	p.stop(t)
	if n := strings.Count(text, "--store demo.db"); n != 2 { // rator call needs none
		t.Errorf("%d commands name the store:\n%s", n, text)
	}
}

// TestScreenAfterAnotherPassword: the demo's password is said as long as it lets in.
func TestScreenAfterAnotherPassword(t *testing.T) {
	file := filepath.Join(t.TempDir(), "demo.db")
	for _, c := range []struct {
		change string // a command about the operator
		says   string
		known  bool
	}{
		{"", "demo, password demo, brand DEMO", true},
		{"disable", "demo, disabled, brand DEMO", false},
		{"enable", "demo, password demo, brand DEMO", true},
		{"passwd", "demo, with the password that it was given, brand DEMO", false},
	} {
		if c.change != "" {
			if o := rator(t, "a long password\n", "operator", c.change, "demo", "--store", file); o.code != exitOK {
				t.Fatalf("%s: %+v", c.change, o)
			}
		}
		p := startServer(t, "--demo", "--store", file)
		text := p.log.String()
		p.stop(t)
		if !strings.Contains(text, c.says) || strings.Contains(text, "password demo") != c.known || strings.Contains(text, "call SOAP_SEARCH_CUSTOMERS") != c.known {
			t.Errorf("after %q it says:\n%s", c.change, text)
		}
	}
}

// TestPlainScreen: a server with customers says in three lines where it is, where its
// data are, and how to stop.
func TestPlainScreen(t *testing.T) {
	file := servertest.StoreFile(t)
	p := startServer(t, "--store", file)
	want := "rator: store " + file + ", call log " + file + ".calls\n" +
		"rator: " + p.endpoint + ", ?wsdl; TM Forum " + strings.Join(tmftest.Dialects, ", ") + "\n" +
		"rator: serving; Ctrl-C or SIGTERM stops\n"
	if text := p.log.String(); !strings.HasSuffix(text, want) {
		t.Errorf("it says:\n%s\nwant:\n%s", text, want)
	}
}

func TestCalled(t *testing.T) {
	for name, want := range map[string]string{"./bin/rator": "bin/rator", "bin/rator": "bin/rator", "rator": "rator", "./rator": "./rator", "/usr/bin/rator": "/usr/bin/rator"} {
		if got := called(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
