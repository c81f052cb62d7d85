package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2"

	"rator/store/address"
)

type configCommand struct {
	serveCommand `embed:""`
	Template     bool `help:"Print a file of all settings, each explained, those of its default as comments." env:"-"`
	JSON         bool `name:"json" help:"Answer as JSON: name, value, from (default, file, environment, command line), place." env:"-"`
}

func (c *configCommand) Help() string {
	return `Shows what rator serve would do with the same flags, in this environment and with the file that
--config or RATOR_CONFIG names: each setting, its value, and where that came from. The command line goes
before the environment, that before the file, that before the default. In the file a line is a flag; what stands on
top is for every command that has it, what stands in a table for one:

  store = "/var/lib/rator/rator.db"
  [serve]
  listen = "127.0.0.1:8080"
  hub-allow = ["10.0.0.0/8", "crm.example.com"]

  rator config --template > rator.toml
  rator config --config rator.toml
  rator config --json --max-calls 200`
}

// shownSetting is a setting as `rator config` shows it.
type shownSetting struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
	From  string `json:"from"`
	Place string `json:"place,omitempty"` // of the file, line and column; the variable; the flag
}

func (c *configCommand) Run(t *terminal, k *kong.Context, set *settingsFile) error {
	var shown []shownSetting
	var flags []*kong.Flag
	for _, f := range k.Selected().Flags {
		if len(f.Envs) == 0 {
			continue
		}
		flags = append(flags, f)
		s := shownSetting{Name: f.Name, Value: k.FlagValue(f), From: "default"}
		if list, ok := s.Value.([]string); ok && list == nil {
			s.Value = []string{}
		}
		if at, ok := s.Value.(string); ok && (f.Name == "store" || f.Name == "store-read") {
			s.Value = address.Shown(at)
		}
		line, filed := set.used[f.Name]
		switch variable := environmentOf(f); {
		case onCommandLine(k, f):
			s.From, s.Place = "command line", "--"+f.Name
		case variable != "":
			s.From, s.Place = "environment", variable
		case filed:
			s.From, s.Place = "file", fmt.Sprintf("%s:%d:%d", set.file, line.line, line.column)
		}
		shown = append(shown, s)
	}
	switch {
	case c.JSON:
		e := json.NewEncoder(t.out)
		e.SetIndent("", "  ")
		return e.Encode(shown)
	case c.Template:
		return printTemplate(t.out, flags, shown)
	}
	width, wide := 0, 0
	for _, s := range shown {
		width, wide = max(width, len(s.Name)), max(wide, min(40, len(settingText(s.Value))))
	}
	for _, s := range shown {
		if _, err := fmt.Fprintf(t.out, "%-*s  %-*s  %s\n", width, s.Name, wide, settingText(s.Value), cmp.Or(s.Place, s.From)); err != nil {
			return err
		}
	}
	return nil
}

// onCommandLine tells whether somebody typed the flag.
func onCommandLine(k *kong.Context, f *kong.Flag) bool {
	for _, p := range k.Path {
		if p.Flag == f && !p.Resolved {
			return true
		}
	}
	return false
}

// settingText is a value as TOML.
func settingText(value any) string {
	if s, ok := value.(fmt.Stringer); ok {
		value = s.String()
	}
	line, err := toml.Marshal(map[string]any{"x": value})
	if err != nil {
		panic(err) // a flag of a type that no file of settings can have
	}
	return strings.TrimSpace(strings.TrimPrefix(string(line), "x = "))
}

// printTemplate prints a file of settings to begin with.
func printTemplate(out io.Writer, flags []*kong.Flag, shown []shownSetting) error {
	var b strings.Builder
	b.WriteString("# Settings of rator: rator serve --config FILE, or RATOR_CONFIG. rator config says what is set.\n")
	one := func(n int) {
		b.WriteByte('\n')
		b.WriteString(wrapped("# ", strings.Fields(flags[n].Help), "\n# "))
		unset := ""
		if shown[n].From == "default" {
			unset = "# "
		}
		fmt.Fprintf(&b, "%s%s = %s\n", unset, flags[n].Name, settingText(shown[n].Value))
	}
	store := slices.IndexFunc(flags, func(f *kong.Flag) bool { return f.Name == "store" })
	one(store) // on top, for the other commands have it too
	b.WriteString("\n[serve]\n")
	group := ""
	for n, f := range flags {
		if n == store {
			continue
		}
		if f.Group != nil && f.Group.Title != group {
			group = f.Group.Title
			fmt.Fprintf(&b, "\n# --- %s ---\n", group)
		}
		one(n)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
