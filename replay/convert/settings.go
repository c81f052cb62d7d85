package convert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rator/replay/fixture"
)

// formatSettings writes settings as scenario.toml; "" when there are none. needs are
// the variables that have no value there, for they are secrets.
func formatSettings(c *fixture.Config, needs []string) string {
	var b strings.Builder
	text := func(key, v string) {
		if v != "" {
			fmt.Fprintf(&b, "%s = %s\n", key, quoted(v))
		}
	}
	list := func(key string, values []string) {
		if len(values) == 0 {
			return
		}
		all := make([]string, len(values))
		for i, v := range values {
			all[i] = quoted(v)
		}
		fmt.Fprintf(&b, "%s = [%s]\n", key, strings.Join(all, ", "))
	}
	text("description", c.Description)
	text("path", c.Path)
	text("compare", c.Compare)
	text("tokens", c.Tokens)
	list("ignore", c.Ignore)
	if len(needs) > 0 {
		section(&b, "# These variables stand for secrets, which are not written down. Give them to replay,\n# such as --set "+needs[0]+"=...:", true, func() {
			for _, name := range needs {
				b.WriteString("#   " + name + "\n")
			}
		})
	}
	section(&b, "[variables]", len(c.Variables) > 0, func() {
		for _, name := range slices.Sorted(maps.Keys(c.Variables)) {
			fmt.Fprintf(&b, "%s = %s\n", quotedKey(name), quoted(c.Variables[name]))
		}
	})
	for _, take := range c.Capture {
		section(&b, "[[capture]]", true, func() {
			text("step", take.Step)
			text("path", take.Path)
			text("xpath", take.XPath)
			text("name", take.Name)
		})
	}
	for i := range c.Expect {
		section(&b, "[[expect]]", true, func() { expect(&b, &c.Expect[i]) })
	}
	s := &c.Server
	section(&b, "[server]", !s.Clock.IsZero() || s.TimeZone != "" || len(s.Catalogue)+len(s.Hookpoints) > 0, func() {
		if !s.Clock.IsZero() {
			fmt.Fprintf(&b, "clock = %s\n", s.Clock.Format(time.RFC3339Nano))
		}
		text("time_zone", s.TimeZone)
		list("catalogue", s.Catalogue)
		list("hookpoints", s.Hookpoints)
	})
	for _, o := range s.Operators {
		section(&b, "[[server.operator]]", true, func() {
			text("name", o.Name)
			text("password", o.Password)
			list("brands", o.Brands)
			list("rights", o.Rights)
		})
	}
	return b.String()
}

// expect writes an expectation's keys.
func expect(b *strings.Builder, e *fixture.Expect) {
	line := func(key, v string) { fmt.Fprintf(b, "%s = %s\n", key, v) }
	if e.Step != "" {
		line("step", quoted(e.Step))
	}
	if e.XPath != "" {
		line("xpath", quoted(e.XPath))
	}
	switch {
	case e.Value != nil:
		line("value", quoted(*e.Value))
	case e.Matches != "":
		line("matches", quoted(e.Matches))
	case e.Contains != "":
		line("contains", quoted(e.Contains))
	case e.Fault != nil:
		line("fault", fmt.Sprint(*e.Fault))
	case len(e.Status) > 0:
		line("status", strings.Join(strings.Fields(fmt.Sprint(e.Status)), ", "))
	}
	if e.Not {
		line("not", "true")
	}
}

func section(b *strings.Builder, head string, there bool, in func()) {
	if !there {
		return
	}
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(head + "\n")
	in()
}

// quoted is a TOML basic string.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7F:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func quotedKey(name string) string {
	if isName(name) {
		return name
	}
	return quoted(name)
}

// isName says that a text can be the name of a variable that is captured.
func isName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == ""
}
