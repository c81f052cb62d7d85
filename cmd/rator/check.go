package main

import (
	"encoding/json"
	"fmt"

	"rator/workflow"
	"rator/workflow/contract"
)

type checkCommand struct {
	Dirs []string `arg:"" optional:"" name:"dir" help:"Directories of hookpoint folders; a later one lies over an earlier, all of them over the shipped ones."`
	JSON bool     `name:"json" help:"Answer as JSON: hookpoints, and mistakes with file, line, column, message."`
}

func (c *checkCommand) Help() string {
	return `Reads what rator serve would read and prints every mistake at once, one a line, as
file:line:column: message. Exit code 1 when there is one, 3 when a directory cannot be read.

  rator check
  rator check ./hookpoints`
}

func (c *checkCommand) Run(t *terminal) error {
	layers, err := layersOf(c.Dirs)
	if err != nil {
		return unreachable(err)
	}
	set, mistakes := workflow.Load(layers...)
	count := 0
	if set != nil {
		count = len(set.Contracts())
	}
	if c.JSON {
		if err := json.NewEncoder(t.out).Encode(mistakesAsJSON(count, mistakes)); err != nil {
			return err
		}
	} else {
		for _, m := range mistakes {
			fmt.Fprintln(t.out, m)
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

func mistakesAsJSON(count int, mistakes []contract.Mistake) any {
	list := make([]jsonMistake, 0, len(mistakes))
	for _, m := range mistakes {
		list = append(list, jsonMistake{m.File, m.Line, m.Column, m.Message})
	}
	return struct {
		Hookpoints int           `json:"hookpoints"`
		Mistakes   []jsonMistake `json:"mistakes"`
	}{count, list}
}
