package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// flagsBehind puts flags that come before the name of a subcommand behind it, where
// kong looks for them: `rator log --store X show 7-1` is `rator log show --store X 7-1`.
func flagsBehind(node *kong.Node, args []string) []string {
	var words, flags []string
	for len(args) > 0 && len(node.Children) > 0 && args[0] != "--" {
		arg, n := args[0], 1
		if strings.HasPrefix(arg, "-") && arg != "-" {
			if !strings.Contains(arg, "=") && len(args) > 1 {
				switch valued, plain := takesValue(node, arg); {
				case valued && !plain, valued && child(node, args[1]) == nil:
					n = 2
				}
			}
			flags = append(flags, args[:n]...)
		} else if node = child(node, arg); node == nil {
			break
		} else {
			words = append(words, arg)
		}
		args = args[n:]
	}
	return slices.Concat(words, flags, args)
}

func child(node *kong.Node, name string) *kong.Node {
	for _, c := range node.Children {
		if c.Name == name || slices.Contains(c.Aliases, name) {
			return c
		}
	}
	return nil
}

// takesValue reports whether commands at and below node have the flag with its value in
// the word behind it, and whether some have it without one.
func takesValue(node *kong.Node, arg string) (valued, plain bool) {
	for _, f := range node.Flags {
		long := "--"+f.Name == arg || slices.ContainsFunc(f.Aliases, func(alias string) bool { return "--"+alias == arg })
		if long || f.Short != 0 && "-"+string(f.Short) == arg {
			valued, plain = valued || !f.IsBool(), plain || f.IsBool()
		}
	}
	for _, c := range node.Children {
		v, p := takesValue(c, arg)
		valued, plain = valued || v, plain || p
	}
	return valued, plain
}
