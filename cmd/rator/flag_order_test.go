package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestFlagsStandOnEitherSide gives every command each of its flags before, between and
// behind the words that name it.
func TestFlagsStandOnEitherSide(t *testing.T) {
	k, err := kong.New(&commands{})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range k.Model.Leaves(true) {
		path := strings.Fields(leaf.Path())
		for _, f := range leaf.Flags {
			forms := [][]string{{"--" + f.Name}}
			if !f.IsBool() {
				forms = [][]string{{"--" + f.Name, "show"}, {"--" + f.Name + "=show"}} // a value may be a command's name
			}
			for _, flag := range forms {
				if !f.IsBool() && len(flag) == 2 && f.Name == "json" {
					flag[1] = "report.json" // of replay, where no other --json has a value
				}
				want := slices.Concat(path, flag, []string{"sample"})
				for at := range len(path) + 1 {
					args := slices.Concat(path[:at], flag, path[at:], []string{"sample"})
					if got := flagsBehind(k.Model.Node, args); !slices.Equal(got, want) {
						t.Errorf("%q is taken as %q", args, got)
					}
				}
			}
		}
	}
}

func TestFlagsOfDefaultCommands(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"log --store X show 7-1", "log show --store X 7-1"},
		{"--store X log show 7-1", "log show --store X 7-1"},
		{"log --store X --limit 3", "log --store X --limit 3"},
		{"log --operator show", "log --operator show"},
		{"log -f purge", "log purge -f"},
		{"log --store=show show 7-1", "log show --store=show 7-1"},
		{"operator token --store X add shop --label a", "operator token add --store X shop --label a"},
		{"--json log", "log --json"},
		{"--json report.json replay suite", "replay --json report.json suite"},
		{"catalogue --store X import -", "catalogue import --store X -"},
		{"clock --store X advance 1 month", "clock advance --store X 1 month"},
		{"--nonsense 7 log", "--nonsense 7 log"},
		{"log -- show", "log -- show"},
		{"log --store", "log --store"},
		{"", ""},
	} {
		k, err := kong.New(&commands{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(flagsBehind(k.Model.Node, strings.Fields(c.args)), " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.args, got, c.want)
		}
	}
}
