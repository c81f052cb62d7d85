package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/fixture"
)

// take writes what an equal answer gave: for ids, for volatile values and for ${NAME}.
// captured are those of the expected answer, by ${NAME}.
func (c *compareCommand) take(captured map[string]string, want, got []byte, o *compare.Options) error {
	if c.Taken == "" {
		if len(c.Path)+len(c.XPath) > 0 {
			return misused(errors.New("--path and --xpath belong to --taken"))
		}
		return nil
	}
	taken := compare.Taken(want, o)
	maps.Copy(taken, captured)
	take := func(flag, text string, kind func(string) fixture.Capture) error {
		name, at, ok := strings.Cut(text, "=")
		if !ok || name == "" || at == "" {
			return misused(fmt.Errorf("%s %q is not NAME=PLACE", flag, text))
		}
		capture := kind(at)
		v, err := replay.Captured(got, &capture)
		if err != nil {
			return fmt.Errorf("cannot take ${%s}: %w", name, err)
		}
		taken["${"+name+"}"] = v
		return nil
	}
	for _, text := range c.Path {
		if err := take("--path", text, func(at string) fixture.Capture { return fixture.Capture{Path: at} }); err != nil {
			return err
		}
	}
	for _, text := range c.XPath {
		if err := take("--xpath", text, func(at string) fixture.Capture { return fixture.Capture{XPath: at} }); err != nil {
			return err
		}
	}
	var lines strings.Builder
	for _, recorded := range slices.Sorted(maps.Keys(taken)) {
		if live := taken[recorded]; !strings.ContainsFunc(recorded+live, unicode.IsControl) { // a line holds no other
			fmt.Fprintf(&lines, "%s\t%s\n", recorded, live)
		}
	}
	if err := fixture.WriteFile(c.Taken, []byte(lines.String())); err != nil {
		return unreachable(err)
	}
	return nil
}
