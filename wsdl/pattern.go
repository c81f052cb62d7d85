package wsdl

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// matching gives texts that pattern may match: one in which what is optional is
// there once, and the shortest. Neither is sure to match where the pattern asks
// about words or lines.
func matching(pattern *regexp.Regexp) []string {
	tree, err := syntax.Parse(pattern.String(), syntax.Perl)
	if err != nil {
		return nil
	}
	var texts []string
	for _, optional := range []int{1, 0} {
		var b strings.Builder
		match(&b, tree, optional)
		texts = append(texts, b.String())
	}
	return texts
}

// match writes a text that r matches, with what may be left out written
// optional times.
func match(b *strings.Builder, r *syntax.Regexp, optional int) {
	times := 1
	switch r.Op {
	case syntax.OpLiteral:
		b.WriteString(string(r.Rune))
	case syntax.OpCharClass:
		b.WriteRune(among(r.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpAlternate:
		match(b, r.Sub[0], optional)
		return
	case syntax.OpStar, syntax.OpQuest:
		times = optional
	case syntax.OpRepeat:
		if times = r.Min; times == 0 && r.Max != 0 {
			times = optional
		}
	}
	for range times {
		for _, sub := range r.Sub {
			match(b, sub, optional)
		}
	}
}

// among is a character of a class, given as pairs of first and last: a common
// one if there is one.
func among(class []rune) rune {
	for _, common := range "1aAeE ." {
		for i := 0; i+1 < len(class); i += 2 {
			if class[i] <= common && common <= class[i+1] {
				return common
			}
		}
	}
	if len(class) == 0 {
		return 'a' // matches nothing; the caller sees it
	}
	return class[0]
}
