package report

import (
	"strings"

	"rator/replay/compare"
)

// marked says which rows differences are in.
func marked(want string, w, g []layoutLine, rows []aligned, differences []compare.Difference) []bool {
	counts := make([]bool, len(rows))
	if len(rows) == 0 {
		return counts
	}
	rowOfWant := make([]int, len(w))
	for i, r := range rows {
		if r.want >= 0 {
			rowOfWant[r.want] = i
		}
	}
	differs := func(r aligned) bool {
		return r.want < 0 || r.got < 0 || w[r.want].Plain != g[r.got].Plain
	}
	for i := range differences {
		d := &differences[i]
		if d.Kind == compare.Status || d.Kind == compare.Header {
			continue
		}
		if len(w) == 0 {
			for j := range counts {
				counts[j] = true
			}
			continue
		}
		line := 0
		if d.Line > 0 {
			line = lineAt(w, offsetOf(want, d.Line, d.Column))
		}
		first, last := rowOfWant[line], rowOfWant[w[line].Close]
		switch d.Kind {
		case compare.Missing:
			for j := first; j <= last; j++ {
				counts[j] = counts[j] || rows[j].want >= 0
			}
		case compare.Extra:
			if !markExtra(counts, g, rows, first, lastName(d.Path)) {
				counts[first] = true
			}
		default:
			// The place may be that of the element around what differs.
			at := first
			for at < last && !differs(rows[at]) {
				at++
			}
			if !differs(rows[at]) {
				at = first
			}
			counts[at] = true
			if at > 0 && rows[at].got < 0 && rows[at-1].want < 0 {
				counts[at-1] = true
			}
			if at+1 < len(rows) && rows[at].got < 0 && rows[at+1].want < 0 {
				counts[at+1] = true
			}
		}
	}
	return counts
}

// markExtra marks what came unexpected, of that name, behind a row; else before it.
func markExtra(counts []bool, g []layoutLine, rows []aligned, from int, name string) bool {
	try := func(i int) bool {
		r := rows[i]
		if r.want >= 0 || r.got < 0 || counts[i] || !strings.Contains(g[r.got].Shape, name) {
			return false
		}
		for end := g[r.got].Close; i < len(rows) && rows[i].got <= end; i++ {
			counts[i] = counts[i] || rows[i].want < 0
		}
		return true
	}
	for i := from; i < len(rows); i++ {
		if try(i) {
			return true
		}
	}
	for i := from - 1; i >= 0; i-- {
		if try(i) {
			return true
		}
	}
	return false
}

// lastName is the name of the last step of a path: NAME of A/values[NAME], item of
// A/item[2].
func lastName(path string) string {
	name := withoutIndexes(path[strings.LastIndexByte(path, '/')+1:])
	if i := strings.IndexByte(name, '['); i >= 0 {
		name = strings.TrimSuffix(name[i+1:], "]")
	}
	return strings.TrimPrefix(name, "@")
}
