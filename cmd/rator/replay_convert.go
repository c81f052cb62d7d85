package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"rator/replay/convert"
	"rator/replay/fixture"
	"rator/server"
)

// converts says that nothing is to be played.
func (c *replayCommand) converts() bool { return c.Import+c.Export+c.To != "" }

// convert imports or exports, and tells what came of it.
func (c *replayCommand) convert(t *terminal) error {
	switch {
	case c.Import+c.Export == "":
		return misused(errors.New("--to belongs to --import and --export"))
	case c.Import != "" && c.Export != "":
		return misused(errors.New("--import and --export are two commands"))
	case c.MaxFile < 1 || c.MaxEntries < 1:
		return misused(errors.New("--max-file and --max-entries are numbers from 1"))
	case len(c.Dirs) != 1:
		return misused(errors.New("one file or scenario at a time is converted"))
	case c.Export != "":
		return c.export(t)
	}
	imported, err := c.read(c.Dirs[0])
	if err != nil {
		var mistake *fixture.Error
		if errors.As(err, &mistake) {
			return misused(err)
		}
		return unreachable(err)
	}
	if imported.Scenarios == 0 {
		if err := c.told(t, &imported.Report, "nothing"); err != nil {
			return err
		}
		return failed()
	}
	to := c.To
	if to == "" {
		to = strings.TrimSuffix(c.Dirs[0], filepath.Ext(c.Dirs[0]))
	}
	tellOpen(t, to)
	if err := imported.Write(to); err != nil {
		return unreachable(err)
	}
	return c.told(t, &imported.Report, to)
}

func (c *replayCommand) read(file string) (*convert.Import, error) {
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return nil, err
	}
	o := convert.Options{Contracts: set.Contract, MaxFile: int64(c.MaxFile), MaxEntries: c.MaxEntries}
	if c.Import == "soapui" {
		return convert.SoapUI(file, o)
	}
	return convert.HAR(file, o)
}

// exports are the kinds of files that a scenario is written as.
var exports = map[string]func(*fixture.Scenario, convert.Options) ([]byte, *convert.Report, error){
	"curl":   convert.Curl,
	"soapui": convert.ToSoapUI,
}

// export writes the scenario in a folder as a file.
func (c *replayCommand) export(t *terminal) error {
	if c.To == "" {
		return misused(errors.New("--to is missing: the file to write"))
	}
	found, err := fixture.Find(fixture.Options{WithoutResponse: true}, c.Dirs[0])
	if err != nil {
		return misused(err)
	}
	if len(found) != 1 {
		return misused(fmt.Errorf("there are %d scenarios in %s; one is exported at a time, such as %s", len(found), c.Dirs[0], found[0].Dir))
	}
	set, err := server.Hookpoints(slices.Concat(found[0].Config.Server.Hookpoints, c.Hookpoints))
	if err != nil {
		return err
	}
	src, report, err := exports[c.Export](found[0], convert.Options{Contracts: set.Contract})
	if err != nil {
		return misused(err)
	}
	if err := fixture.WriteFile(c.To, src); err != nil {
		return unreachable(err)
	}
	return c.told(t, report, c.To)
}

// told prints what was not converted, a line each, and the totals.
func (c *replayCommand) told(t *terminal, r *convert.Report, to string) error {
	for _, l := range r.Left {
		fmt.Fprintln(t.out, l)
	}
	fmt.Fprintf(t.out, "%d exchanges in %d scenarios: %s; %d things were not converted\n", r.Exchanges, r.Scenarios, to, len(r.Left))
	if c.JSON == "" {
		return nil
	}
	if r.Left == nil {
		r.Left = []convert.Left{}
	}
	src, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = fixture.WriteFile(c.JSON, append(src, '\n'))
	}
	if err != nil {
		return unreachable(err)
	}
	return nil
}
