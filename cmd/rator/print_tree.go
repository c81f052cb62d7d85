package main

import (
	"fmt"
	"strings"

	"rator/workflow/value"
)

// printTree writes a tree for people: a key per line, indented, values aligned.
func printTree(b *strings.Builder, t value.Tree, indent string) {
	width := 0
	for i := range t {
		if t[i].Type != value.Complex {
			width = max(width, len(t[i].Key))
		}
	}
	for i := range t {
		switch e := &t[i]; {
		case e.Type == value.Complex:
			fmt.Fprintf(b, "%s%s\n", indent, e.Key)
			printTree(b, e.Items, indent+"  ")
		case e.Null:
			fmt.Fprintf(b, "%s%-*s  (null)\n", indent, width, e.Key)
		default:
			fmt.Fprintf(b, "%s%-*s  %s\n", indent, width, e.Key, strings.ReplaceAll(e.Text, "\n", `\n`))
		}
	}
}
