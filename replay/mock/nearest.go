package mock

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"rator/replay/compare"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// shownDifferences is how many differences an explanation names.
const shownDifferences = 5

// nearest says why nothing matches: which recorded exchange comes nearest, and what
// of its request is otherwise. Secrets are not shown.
func (s *Server) nearest(asked *request) string {
	o := s.index.operations[asked.key]
	if o == nil {
		return s.unknownOperation(asked)
	}
	facts := make([]uint32, 0, len(asked.facts))
	for i := range asked.facts {
		facts = append(facts, uint32(asked.facts[i].loose))
	}
	slices.Sort(facts)
	// What both say counts for an exchange, what it says alone against it.
	best, most := o.exchanges[0], math.MinInt
	for _, e := range o.exchanges {
		if n := 2*common(facts, e.facts) - len(e.facts); n > most {
			best, most = e, n
		}
	}
	what := s.differences(best, asked)
	return fmt.Sprintf("no recorded %s is like this request; the nearest is %s: %s", asked.operation, best.label(), what)
}

// unknownOperation explains a request for what nothing is recorded of.
func (s *Server) unknownOperation(asked *request) string {
	names := map[string]bool{}
	for _, o := range s.index.operations {
		names[o.name] = true
	}
	if names[asked.operation] {
		return fmt.Sprintf("%s is recorded in another version of SOAP, or of another namespace; here it is {%s} in {%s}",
			asked.operation, space(asked.at), space(asked.root))
	}
	return "nothing is recorded for " + asked.operation + contract.Suggest(asked.operation, slices.Collect(maps.Keys(names)))
}

func space(n *compare.Node) string {
	if n == nil {
		return ""
	}
	return n.Name.Space
}

// differences are the first few between a recorded request and the one asked.
func (s *Server) differences(e *exchange, asked *request) string {
	if asked.at == nil {
		return "its body is other"
	}
	recorded, err := e.scenario.Load(e.step())
	if err != nil {
		return err.Error()
	}
	root, err := e.parse(recorded.Request.Header, recorded.Request.Body)
	if err != nil {
		return err.Error()
	}
	at, _ := recordedAs(root, asked)
	(&found{exchange: e, server: s, variables: map[string]string{}}).open(at, asked.at)
	all, err := compare.Trees(at, asked.at, &compare.Options{Contract: asked.contract, Ignore: notCounted, IDs: &compare.IDs{}})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for i, d := range all {
		if i == shownDifferences {
			fmt.Fprintf(&b, "; and %d more", len(all)-i)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(describe(&d, asked.contract))
	}
	return b.String()
}

// describe is a difference in words.
func describe(d *compare.Difference, c *contract.Contract) string {
	want, got := shown(d.Want), shown(d.Got)
	if isSecret(d.Path, c) {
		want, got = masked, masked
	}
	switch d.Kind {
	case compare.Missing:
		return fmt.Sprintf("%s is missing (recorded: %s)", d.Path, want)
	case compare.Extra:
		return fmt.Sprintf("%s is not in the recorded one (here: %s)", d.Path, got)
	case compare.Value:
		return fmt.Sprintf("%s is %q (recorded: %q)", d.Path, got, want)
	}
	return fmt.Sprintf("%s: the %s is %s (recorded: %s)", d.Path, d.Kind, got, want)
}

// shown is a text as it may be shown: what holds elements may hold a secret.
func shown(text string) string {
	if strings.HasPrefix(text, "<") {
		return "several values"
	}
	return text
}

// isSecret says that what is at a path is not to be shown, by the contract or by
// its name.
func isSecret(path string, c *contract.Contract) bool {
	var declared []*contract.Value
	if c != nil {
		declared = c.Request
	}
	_, below, _ := strings.Cut(path, "/") // of arg0, or of the operation
	for name := range strings.SplitSeq(below, "/") {
		name = strings.TrimPrefix(name, "@")
		if _, key, ok := strings.Cut(name, "["); ok && strings.HasPrefix(name, "values[") {
			name = key
		}
		name, _, _ = strings.Cut(strings.TrimSuffix(name, "]"), "[")
		v := find(declared, name, true)
		hidden := contract.Mask(declared, value.Tree{value.OfString(name, "x")})
		if hidden[0].Text != "x" {
			return true
		}
		declared = nil
		if v != nil {
			declared = v.Values
		}
	}
	return false
}

// common counts what is in both of two sorted lists.
func common(a, b []uint32) int {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			both++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return both
}
