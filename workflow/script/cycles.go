package script

import (
	"maps"
	"slices"
	"strings"

	"go.starlark.net/syntax"

	"rator/workflow/contract"
)

// recursion finds functions that call themselves, over others or not.
func (c *checker) recursion(tree *syntax.File) {
	uses := map[*syntax.Ident][]*syntax.Ident{}
	names := map[*syntax.Ident]bool{}
	var order []*syntax.Ident
	syntax.Walk(tree, func(n syntax.Node) bool {
		if def, ok := n.(*syntax.DefStmt); ok {
			if f := variable(def.Name); f != nil && !names[f] {
				names[f] = true
				order = append(order, f)
			}
		}
		return true
	})
	syntax.Walk(tree, func(n syntax.Node) bool {
		def, ok := n.(*syntax.DefStmt)
		if !ok || variable(def.Name) == nil {
			return true
		}
		for _, s := range def.Body {
			syntax.Walk(s, func(n syntax.Node) bool {
				if id, ok := n.(*syntax.Ident); ok && names[variable(id)] {
					uses[variable(def.Name)] = append(uses[variable(def.Name)], variable(id))
				}
				return true
			})
		}
		return true
	})
	for _, cycle := range cyclesIn(order, func(f *syntax.Ident) []*syntax.Ident { return uses[f] }) {
		var path []string
		for _, f := range cycle {
			path = append(path, f.Name)
		}
		c.mistake(cycle[0].NamePos, "%s calls itself (%s); there is no recursion", cycle[0].Name, strings.Join(append(path, cycle[0].Name), " → "))
	}
}

// Cycles finds the hookpoints of a set, given by hookpointKey, that call
// themselves, over others or not, by api or by hook with a name that is written
// out. One mistake for each circle, at the place where its first hookpoint goes
// on. A nil Program, of a script with mistakes, calls nothing.
func Cycles(programs map[string]*Program) []contract.Mistake {
	order := slices.Sorted(maps.Keys(programs))
	// A hook finds the one bound to a dynamic key too: NAME@KEY.
	targets := func(name string) []string {
		var all []string
		for _, other := range order {
			if base, _, _ := strings.Cut(other, "@"); other == name || base == name {
				all = append(all, other)
			}
		}
		return all
	}
	next := func(hookpoint string) []string {
		var all []string
		if programs[hookpoint] == nil {
			return nil
		}
		for _, call := range programs[hookpoint].calls {
			all = append(all, targets(call.hookpoint)...)
		}
		return all
	}
	var mistakes []contract.Mistake
	for _, cycle := range cyclesIn(order, next) {
		p := programs[cycle[0]]
		goesTo := append(slices.Clone(cycle[1:]), cycle[0])
		for _, call := range p.calls {
			if slices.Contains(targets(call.hookpoint), goesTo[0]) {
				mistakes = append(mistakes, contract.Mistake{File: p.file, Line: call.line, Column: call.column,
					Message: "hookpoints call each other in a circle: " + cycle[0] + " → " + strings.Join(goesTo, " → ")})
				break
			}
		}
	}
	contract.SortMistakes(mistakes)
	return mistakes
}

// cyclesIn walks a graph from each node in order and gives every circle it
// closes, from the node it came to first.
func cyclesIn[N comparable](order []N, next func(N) []N) [][]N {
	done := map[N]bool{}
	var path []N
	var found [][]N
	var walk func(n N)
	walk = func(n N) {
		if i := slices.Index(path, n); i >= 0 {
			found = append(found, slices.Clone(path[i:]))
			return
		}
		if done[n] {
			return
		}
		path = append(path, n)
		seen := map[N]bool{}
		for _, m := range next(n) {
			if !seen[m] {
				seen[m] = true
				walk(m)
			}
		}
		path = path[:len(path)-1]
		done[n] = true
	}
	for _, n := range order {
		walk(n)
	}
	return found
}
