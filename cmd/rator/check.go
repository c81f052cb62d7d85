package main

import (
	"encoding/json"
	"fmt"

	"rator/server"
	"rator/workflow"
	"rator/workflow/contract"
)

type checkCommand struct {
	Dirs []string `arg:"" optional:"" name:"dir" help:"Directories of hookpoint folders; a later one lies over an earlier, all of them over the shipped ones."`
	JSON bool     `name:"json" help:"Answer as JSON: hookpoints, and mistakes and warnings with file, line, column, message."`
}

func (c *checkCommand) Help() string {
	return `Reads what rator serve would read and prints every mistake at once, one a line, as
file:line:column: message. Exit code 1 when there is one, 3 when a directory cannot be read. Warnings stand among them,
as file:line:column: warning: message, and change no exit code: what serve takes, but what is better changed.

  rator check
  rator check ./hookpoints`
}

func (c *checkCommand) Run(t *terminal) error {
	layers, err := server.Layers(c.Dirs)
	if err != nil {
		return unreachable(err)
	}
	set, mistakes := workflow.Load(layers...)
	count := 0
	var warnings []contract.Mistake
	if set != nil {
		count, warnings = len(set.Contracts()), set.Warnings()
	}
	if c.JSON {
		if err := json.NewEncoder(t.out).Encode(mistakesAsJSON(count, mistakes, warnings)); err != nil {
			return err
		}
	} else {
		for _, m := range mistakes {
			fmt.Fprintln(t.out, m)
		}
		for _, w := range warnings {
			fmt.Fprintln(t.out, warningLine(w))
		}
		if len(mistakes) == 0 {
			fmt.Fprintf(t.out, "%d hookpoints, no mistakes\n", count)
		}
	}
	if len(mistakes) > 0 {
		return failed()
	}
	return nil
}

type jsonMistake struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

func mistakesAsJSON(count int, mistakes, warnings []contract.Mistake) any {
	list := func(of []contract.Mistake) []jsonMistake {
		all := make([]jsonMistake, 0, len(of))
		for _, m := range of {
			all = append(all, jsonMistake{m.File, m.Line, m.Column, m.Message})
		}
		return all
	}
	return struct {
		Hookpoints int           `json:"hookpoints"`
		Mistakes   []jsonMistake `json:"mistakes"`
		Warnings   []jsonMistake `json:"warnings"`
	}{count, list(mistakes), list(warnings)}
}

// warningLine is a warning as people read it: its place, that it is one, and what it is.
func warningLine(w contract.Mistake) string {
	w.Message = "warning: " + w.Message
	return w.String()
}
