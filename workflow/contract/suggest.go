package contract

import (
	"slices"
	"strings"
)

// Suggest ends a sentence about an unknown name: the nearest of the known ones,
// or all of them when they are few, or nothing.
func Suggest(name string, known []string) string {
	best, distance := "", 1+max(1, len(name)/3)
	for _, k := range known {
		if d := editDistance(strings.ToUpper(name), strings.ToUpper(k)); d < distance {
			best, distance = k, d
		}
	}
	switch {
	case best != "":
		return " (did you mean " + best + "?)"
	case len(known) > 0 && len(known) <= 12:
		sorted := slices.Sorted(slices.Values(known))
		return " (known: " + strings.Join(sorted, ", ") + ")"
	}
	return ""
}

// editDistance counts the letters to insert, drop, change or swap with a neighbour.
func editDistance(a, b string) int {
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			change := row[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			next[j] = min(change, row[j]+1, next[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
