package typeface

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// The order in which letters stand is that of the Unicode Bidirectional Algorithm
// (UAX 9) for a paragraph without marks that steer it, which cells leaves out:
// its rules P2 to P3, W1 to W7, N1 to N2, I1 to I2 and L1 to L4.

// levels are how deep each cell stands: even ones go to the right, odd ones to the
// left. base is the paragraph's, of its first letter with a direction.
func levels(all []cell) (of []int, base int) {
	classes := make([]bidi.Class, len(all))
	mixed := false
	for n, c := range all {
		p, _ := bidi.LookupRune(c.written)
		classes[n] = p.Class()
		mixed = mixed || classes[n] == bidi.R || classes[n] == bidi.AL || classes[n] == bidi.AN
	}
	of = make([]int, len(all))
	if !mixed {
		return of, 0
	}
	for _, class := range classes {
		if class == bidi.L || class == bidi.R || class == bidi.AL {
			if class != bidi.L {
				base = 1
			}
			break
		}
	}
	around := bidi.L
	if base == 1 {
		around = bidi.R
	}
	weak(classes, around)
	neutral(classes, around)
	for n, class := range classes {
		switch of[n] = base; {
		case class == bidi.R:
			of[n] = 1
		case class == bidi.EN, class == bidi.AN:
			of[n] = 2
		case class == bidi.L && base == 1:
			of[n] = 2
		}
	}
	return of, base
}

// weak settles numbers and what belongs to them.
func weak(classes []bidi.Class, around bidi.Class) {
	before, strong := around, around
	for n, class := range classes { // W1, W2
		switch class {
		case bidi.NSM:
			class = before
		case bidi.L, bidi.R, bidi.AL:
			strong = class
		case bidi.EN:
			if strong == bidi.AL {
				class = bidi.AN
			}
		}
		classes[n], before = class, class
	}
	for n, class := range classes { // W3, W4
		switch {
		case class == bidi.AL:
			classes[n] = bidi.R
		case n == 0 || n == len(classes)-1 || classes[n-1] != classes[n+1]:
		case class == bidi.ES && classes[n-1] == bidi.EN, class == bidi.CS && (classes[n-1] == bidi.EN || classes[n-1] == bidi.AN):
			classes[n] = classes[n-1]
		}
	}
	eachRun(classes, func(c bidi.Class) bool { return c == bidi.ET }, func(run []bidi.Class, before, after bidi.Class) { // W5
		if before == bidi.EN || after == bidi.EN {
			fill(run, bidi.EN)
		}
	}, around)
	strong = around
	for n, class := range classes { // W6, W7
		switch class {
		case bidi.ES, bidi.ET, bidi.CS:
			classes[n] = bidi.ON
		case bidi.L, bidi.R:
			strong = class
		case bidi.EN:
			if strong == bidi.L {
				classes[n] = bidi.L
			}
		}
	}
}

// neutral gives what has no direction that of both its sides, or the paragraph's.
func neutral(classes []bidi.Class, around bidi.Class) {
	side := func(c bidi.Class) bidi.Class {
		if c == bidi.L {
			return bidi.L
		}
		return bidi.R // numbers too
	}
	settled := func(c bidi.Class) bool { return c == bidi.L || c == bidi.R || c == bidi.EN || c == bidi.AN }
	eachRun(classes, func(c bidi.Class) bool { return !settled(c) }, func(run []bidi.Class, before, after bidi.Class) {
		if side(before) == side(after) {
			fill(run, side(before))
		} else {
			fill(run, around)
		}
	}, around)
}

// eachRun tells the longest rows of classes that belong, and what is before and after
// them.
func eachRun(classes []bidi.Class, belongs func(bidi.Class) bool, told func(run []bidi.Class, before, after bidi.Class), around bidi.Class) {
	for from := 0; from < len(classes); from++ {
		to := from
		for to < len(classes) && belongs(classes[to]) {
			to++
		}
		if to == from {
			continue
		}
		before, after := around, around
		if from > 0 {
			before = classes[from-1]
		}
		if to < len(classes) {
			after = classes[to]
		}
		told(classes[from:to], before, after)
		from = to
	}
}

func fill(run []bidi.Class, with bidi.Class) {
	for n := range run {
		run[n] = with
	}
}

// ordered is the cells of a line from left to right. Marks stay behind their letters,
// and brackets turn round with what they are in.
func (s *Style) ordered(line []cell, levels []int) []cell {
	deepest := slices.Max(append([]int{0}, levels...))
	if deepest == 0 {
		return line
	}
	type place struct {
		cells []cell
		level int
	}
	var places []place
	for n, c := range line {
		if last := len(places) - 1; c.mark && last >= 0 {
			places[last].cells = append(places[last].cells, c)
			continue
		}
		if turned, ok := mirrors[c.written]; ok && levels[n]%2 == 1 {
			c.shape = turned
			c.code, c.width = s.use(turned, turned)
		}
		places = append(places, place{[]cell{c}, levels[n]})
	}
	for level := deepest; level > 0; level-- { // L2
		for from := 0; from < len(places); from++ {
			to := from
			for to < len(places) && places[to].level >= level {
				to++
			}
			slices.Reverse(places[from:to])
			from = max(from, to-1)
		}
	}
	turned := make([]cell, 0, len(line))
	for _, p := range places {
		turned = append(turned, p.cells...)
	}
	return turned
}

// mirrors are the signs that look the other way in what goes to the left.
var mirrors = func() map[rune]rune {
	all := map[rune]rune{}
	pairs := []rune("()[]{}<>«»‹›≤≥⟨⟩⌈⌉⌊⌋")
	for n := 0; n < len(pairs); n += 2 {
		all[pairs[n]], all[pairs[n+1]] = pairs[n+1], pairs[n]
	}
	return all
}()
