package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/pelletier/go-toml/v2/unstable"

	"rator/workflow/contract"
)

// settingsFile is what a file says of flags: its keys are their names, on top for every
// command that has the flag, in a table for the command of that name. A flag of the
// command line goes before, then the environment, then the table, then the top.
type settingsFile struct {
	file  string // "" = none was named
	lines []setting
	used  map[string]setting // by the name of the flag
}

// setting is a line of a file of settings.
type setting struct {
	table        string // "operator add"; "" = of every command
	name         string
	value        any // string, int64, float64, bool or []any of them
	line, column int
}

// settingsVariable of the environment names the file where --config does not.
const settingsVariable = "RATOR_CONFIG"

// readSettings reads the file that a command line or the environment names, for the
// commands below root.
func readSettings(t *terminal, root *kong.Node, args []string) (*settingsFile, error) {
	s := &settingsFile{file: t.getenv(settingsVariable)}
	for n, arg := range args {
		if arg == "--" {
			break
		}
		if file, ok := strings.CutPrefix(arg, "--config="); ok {
			s.file = file
		} else if arg == "--config" && n+1 < len(args) {
			s.file = args[n+1]
		}
	}
	if s.file == "" {
		return s, nil
	}
	src, err := os.ReadFile(s.file)
	if err != nil {
		return nil, unreachable(fmt.Errorf("settings: %w", err))
	}
	if err := s.read(src, root); err != nil {
		return nil, misused(fmt.Errorf("settings:\n%w", err))
	}
	return s, nil
}

// read takes in a file for the commands below root; the error names each mistake by
// file, line and column.
func (s *settingsFile) read(src []byte, root *kong.Node) error {
	var mistakes []error
	wrong := func(line, column int, format string, args ...any) {
		mistakes = append(mistakes, fmt.Errorf("%s:%d:%d: %s", s.file, line, column, fmt.Sprintf(format, args...)))
	}
	known := flagsOf(root)
	var p unstable.Parser
	p.Reset(src)
	table, skipped := "", false
	for p.NextExpression() {
		e := p.Expression()
		var words []string
		at := unstable.Position{}
		for key := e.Key(); key.Next(); {
			if len(words) == 0 {
				at = p.Shape(key.Node().Raw).Start
			}
			words = append(words, string(key.Node().Data))
		}
		name := strings.Join(words, " ")
		switch _, command := known[name]; {
		case e.Kind == unstable.Table && command:
			table, skipped = name, false
		case e.Kind == unstable.Table, e.Kind == unstable.ArrayTable:
			wrong(at.Line, at.Column, "[%s]: no command has this name%s", strings.Join(words, "."), contract.Suggest(name, slices.Collect(maps.Keys(known))))
			skipped = true
		case skipped:
		case !known[table][name]:
			where := ""
			if table != "" {
				where = " of rator " + table
			}
			wrong(at.Line, at.Column, "%s: there is no such setting%s%s", name, where, contract.Suggest(name, slices.Collect(maps.Keys(known[table]))))
		default:
			value, err := settingValue(e.Value())
			if err != nil {
				wrong(at.Line, at.Column, "%s: %v", name, err)
			}
			for _, other := range s.lines {
				if other.table == table && other.name == name {
					wrong(at.Line, at.Column, "%s: line %d says it already", name, other.line)
				}
			}
			s.lines = append(s.lines, setting{table, name, value, at.Line, at.Column})
		}
	}
	var syntax *unstable.ParserError
	if err := p.Error(); errors.As(err, &syntax) {
		at := p.Shape(p.Range(syntax.Highlight)).Start
		wrong(at.Line, at.Column, "not TOML: %s", syntax.Message)
	} else if err != nil {
		wrong(1, 1, "not TOML: %v", err)
	}
	return errors.Join(mistakes...)
}

// settingValue is a value as kong reads it.
func settingValue(n *unstable.Node) (any, error) {
	text := string(n.Data)
	switch n.Kind {
	case unstable.String:
		return text, nil
	case unstable.Bool:
		return text == "true", nil
	case unstable.Integer:
		return strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 0, 64)
	case unstable.Array:
		list := []any{}
		for each := n.Children(); each.Next(); {
			if each.Node().Kind != unstable.String {
				return nil, errors.New(`a list is of texts, each in "quotes"`)
			}
			list = append(list, string(each.Node().Data))
		}
		return list, nil
	}
	return nil, errors.New(`a setting is a text in "quotes", a whole number, true, false, or a list of texts; a duration is a text: "10s"`)
}

// flagsOf are the names of the flags that a file may set, by the words of each command,
// and all of them by "".
func flagsOf(root *kong.Node) map[string]map[string]bool {
	known := map[string]map[string]bool{"": {}}
	for _, leaf := range root.Leaves(true) {
		command := wordsOf(leaf)
		known[command] = map[string]bool{}
		for _, flags := range leaf.AllFlags(true) {
			for _, f := range flags {
				if len(f.Envs) > 0 && f.Name != "config" && f.Name != "help" {
					known[command][f.Name], known[""][f.Name] = true, true
				}
			}
		}
	}
	return known
}

// wordsOf is a command as it is typed, without rator.
func wordsOf(node *kong.Node) string {
	if node.Parent == nil {
		return ""
	}
	return strings.TrimSpace(wordsOf(node.Parent) + " " + node.Name)
}

// Validate is nothing: the file was read against the commands.
func (s *settingsFile) Validate(*kong.Application) error { return nil }

// Resolve is what the file says of a flag that neither the command line nor the
// environment has; nil when nothing.
func (s *settingsFile) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	tables := []string{wordsOf(ctx.Selected())}
	if command := tables[0]; command == "config" || command == "doctor" {
		tables = append(tables, "serve") // whose settings they look at
	}
	if len(flag.Envs) == 0 || environmentOf(flag) != "" {
		return nil, nil
	}
	for _, table := range append(tables, "") {
		for _, line := range s.lines {
			if line.table == table && line.name == flag.Name {
				if s.used == nil {
					s.used = map[string]setting{}
				}
				s.used[flag.Name] = line
				return line.value, nil
			}
		}
	}
	return nil, nil
}

// environmentOf is the variable that says what a flag is; "" when none does.
func environmentOf(flag *kong.Flag) string {
	for _, name := range flag.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return name
		}
	}
	return ""
}

// placed puts the place before an error of a flag that the file has set.
func (s *settingsFile) placed(err error) error {
	for name, line := range s.used {
		if strings.HasPrefix(err.Error(), "--"+name+":") || strings.HasPrefix(err.Error(), "--"+name+" ") || strings.HasPrefix(err.Error(), "--"+name+"=") {
			return fmt.Errorf("%s:%d:%d: %w", s.file, line.line, line.column, err)
		}
	}
	return err
}
