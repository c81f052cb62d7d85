package main

import (
	"errors"
	"fmt"
	"os"

	"rator/mask"
	"rator/replay"
	"rator/replay/compare"
	"rator/replay/fixture"
	"rator/replay/report"
	"rator/server"
	"rator/workflow/contract"
)

type compareCommand struct {
	Expected string `arg:"" help:"The answer that is expected; ${…} stands in it as in a fixture."`
	Actual   string `arg:"" help:"The answer that came."`

	Hookpoint   string   `help:"Whose answers they are: what its contract calls volatile is compared by its shape." placeholder:"KEY" env:"-"`
	Hookpoints  []string `help:"Directory of hookpoint folders over the shipped ones, for their contracts; may be repeated." placeholder:"DIR" sep:"none"`
	ContentType string   `help:"The Content-Type that came, for its charset." placeholder:"TYPE" env:"-"`
	Set         []string `help:"What a variable stands for; may be repeated." placeholder:"NAME=VALUE" sep:"none" env:"-"`
	Taken       string   `help:"File to write what came to, when they are equal: what stands in a recording, a tab and what came, a line each." placeholder:"FILE" env:"-"`
	Path        []string `help:"What a variable of later requests takes of the answer, for --taken, by a path as in scenario.toml; may be repeated." placeholder:"NAME=PATH" sep:"none" env:"-"`
	XPath       []string `name:"xpath" help:"The same by an XPath; may be repeated." placeholder:"NAME=XPATH" sep:"none" env:"-"`
	Ignore      []string `help:"A path whose differences do not count, as in scenario.toml; may be repeated." placeholder:"PATH" sep:"none" env:"-"`
}

func (c *compareCommand) Help() string {
	return `Compares one answer with another as rator replay does. The scripts of rator replay --export curl call it.

Exit code 0 when they are equal, 1 when they differ or what came cannot be read, 2 for wrong use or a
mistake in what is expected.

  rator compare suite/signup/01-signup.response.xml answer.xml --hookpoint SOAP_SIGNUP_CUSTOMER`
}

func (c *compareCommand) Run(t *terminal) error {
	want, err := os.ReadFile(c.Expected)
	if err != nil {
		return misused(err)
	}
	got, err := os.ReadFile(c.Actual)
	if err != nil {
		return misused(err)
	}
	set, err := server.Hookpoints(c.Hookpoints)
	if err != nil {
		return err
	}
	taken := map[string]string{}
	o, err := c.options(set.Contract, taken)
	if err != nil {
		return misused(err)
	}
	if got, _, err = fixture.TextOf(got, c.ContentType); err != nil {
		return fmt.Errorf("cannot read what came: %w", err)
	}
	found, err := compare.Answers(want, got, o)
	var syntax *compare.SyntaxError
	if errors.As(err, &syntax) && syntax.Expected {
		return misused(fmt.Errorf("%s: %w", c.Expected, err))
	}
	if err != nil {
		return fmt.Errorf("cannot read what came: %w", err)
	}
	secrets := mask.New(set.Contract, mask.Options{})
	for _, d := range found {
		shown := report.Proposed(secrets, replay.Proposal{Operation: c.Hookpoint, Pattern: d.Path, First: d.Want, Second: d.Got})
		fmt.Fprintf(t.out, "%s:%d:%d: %s (%s)\n  expected  %q\n  actual    %q\n", c.Expected, d.Line, d.Column, printable(d.Path), d.Kind, shown.First, shown.Second)
	}
	if len(found) > 0 {
		return failed()
	}
	return c.take(taken, want, got, o)
}

func (c *compareCommand) options(contracts func(string) *contract.Contract, taken map[string]string) (*compare.Options, error) {
	variables, err := settings(c.Set)
	if err != nil {
		return nil, fmt.Errorf("--set: %w", err)
	}
	o := &compare.Options{IDs: &compare.IDs{}, Variables: func(name string) (string, bool) {
		v, ok := variables[name]
		return v, ok
	}, Captured: func(name, v string) { taken["${"+name+"}"] = v }}
	for _, text := range c.Ignore {
		p, err := compare.ParsePattern(text)
		if err != nil {
			return nil, fmt.Errorf("--ignore: %w", err)
		}
		o.Ignore = append(o.Ignore, p)
	}
	if c.Hookpoint != "" {
		o.Contract = contracts(c.Hookpoint)
	}
	return o, nil
}
