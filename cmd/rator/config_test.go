package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ofFile is a file of settings with that text.
func ofFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rator.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// inForce is what `rator config` with these arguments says of a setting: value and place.
func inForce(t *testing.T, name string, args ...string) (value any, place string) {
	t.Helper()
	for _, s := range shownConfig(t, args...) {
		if s.Name == name {
			return s.Value, s.From + " " + s.Place
		}
	}
	t.Fatalf("there is no setting %s", name)
	return nil, ""
}

func shownConfig(t *testing.T, args ...string) (shown []shownSetting) {
	t.Helper()
	o := rator(t, "", append([]string{"config", "--json"}, args...)...)
	if o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	if err := json.Unmarshal([]byte(o.out), &shown); err != nil {
		t.Fatal(err)
	}
	return shown
}

// TestSettingsGoBefore: the command line, then the environment, then the command's table,
// then the top of the file, then the default.
func TestSettingsGoBefore(t *testing.T) {
	file := ofFile(t, "max-depth = 11\nmax-children = 3\n\n[mock]\nlisten = \"127.0.0.1:1\"\n[serve]\nmax-depth = 12\nhub-allow = [\"10.0.0.0/8\", \"crm.example.com\"]\n")
	t.Setenv("RATOR_MAX_ELEMENTS", "13")
	tests := []struct {
		name  string
		args  []string
		value any
		place string
	}{
		{"max-depth", nil, 32.0, "default "},
		{"max-depth", []string{"--config", file}, 12.0, "file " + file + ":7:1"},
		{"max-depth", []string{"--config=" + file, "--max-depth=14"}, 14.0, "command line --max-depth"},
		{"max-children", []string{"--config", file}, 3.0, "file " + file + ":2:1"},
		{"max-elements", []string{"--config", file}, 13.0, "environment RATOR_MAX_ELEMENTS"},
		{"hub-allow", []string{"--config", file}, []any{"10.0.0.0/8", "crm.example.com"}, "file " + file + ":8:1"},
		{"listen", []string{"--config", file}, "127.0.0.1:8080", "default "}, // the mock's is not ours
	}
	for _, test := range tests {
		value, place := inForce(t, test.name, test.args...)
		if diff := cmp.Diff(test.value, value); diff != "" || place != test.place {
			t.Errorf("%s with %q: %s, %v", test.name, test.args, diff, place)
		}
	}
}

// A command other than the server's takes what stands on top.
func TestSettingsOfEveryCommand(t *testing.T) {
	file := ofFile(t, `store = "`+filepath.Join(t.TempDir(), "nowhere.db")+`"`)
	if o := rator(t, "", "--config", file, "verify"); o.code != exitUnreachable || !strings.Contains(o.err, "nowhere.db") {
		t.Errorf("%+v", o)
	}
}

func TestSettingsWithMistakes(t *testing.T) {
	tests := []struct{ text, want string }{
		{"max-cals = 3", `:1:1: max-cals: there is no such setting (did you mean max-calls?)`},
		{"[serve]\nlisen = \"x\"", `:2:1: lisen: there is no such setting of rator serve (did you mean listen?)`},
		{"[mok]\nlisten = \"x\"", `:1:2: [mok]: no command has this name (did you mean mock?)`},
		{"[operator]\n", `:1:2: [operator]: no command has this name`},
		{"max-depth = 1\nmax-depth = 2", `:2:1: max-depth: line 1 says it already`},
		{"max-depth = 1.5", `:1:1: max-depth: a setting is a text in "quotes"`},
		{"hub-allow = [1]", `:1:1: hub-allow: a list is of texts`},
		{"max-depth = \"deep\"", `:1:1: --max-depth: expected a valid 64 bit int but got "deep"`},
		{"tmf-pin = \"show\"", `:1:1: --tmf-pin must be one of "echo","mask" but got "show"`},
		{"event-age = \"a while\"", `:1:1: --event-age: `},
		{"= 3", `:1:1: not TOML: `},
		{"config = \"other.toml\"", `:1:1: config: there is no such setting`},
	}
	for _, test := range tests {
		file := ofFile(t, test.text)
		for _, command := range []string{"config", "serve"} {
			if o := rator(t, "", command, "--config", file); o.code != exitUsage || !strings.Contains(o.err, file+test.want) {
				t.Errorf("%s with %q: %+v, want %s", command, test.text, o, test.want)
			}
		}
	}
	if o := rator(t, "", "serve", "--config", "nowhere.toml"); o.code != exitUnreachable || !strings.Contains(o.err, "nowhere.toml") {
		t.Errorf("%+v", o)
	}
}

// TestTemplateOfSettings: the file that is printed is one, with every setting, and taken
// as it is, or with everything that is a comment in it, changes nothing.
func TestTemplateOfSettings(t *testing.T) {
	o := rator(t, "", "config", "--template", "--max-depth", "9")
	if o.code != exitOK {
		t.Fatalf("%+v", o)
	}
	everything := regexp.MustCompile(`(?m)^# ([a-z0-9-]+ = )`).ReplaceAllString(o.out, "$1")
	for _, file := range []string{ofFile(t, o.out), ofFile(t, everything)} {
		want := shownConfig(t, "--max-depth", "9")
		got := shownConfig(t, "--config", file)
		for n := range want {
			if diff := cmp.Diff(want[n].Value, got[n].Value); diff != "" {
				t.Errorf("%s: %s", want[n].Name, diff)
			}
		}
	}
	for _, s := range shownConfig(t, "--config", ofFile(t, everything)) {
		if s.From != "file" {
			t.Errorf("%s is not in the template", s.Name)
		}
	}
}
