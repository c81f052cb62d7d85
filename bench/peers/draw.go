package main

import (
	"bytes"
	"fmt"
	"html"
	"math"

	"rator/bench/rig"
)

// Sizes of the picture, in its own units.
const (
	rowHeight = 34
	barHeight = 11
	namesTo   = 430 // where the bars begin
	barsTo    = 900 // where the longest one ends
	topOf     = 54
)

// draw is the ratios as a picture in SVG: a bar for the base and one for this, each row
// to a scale of its own, with strokes where it is to be signed and where the goal is.
func (r *report) draw() []byte {
	var b bytes.Buffer
	height := topOf + rowHeight*len(r.Ratios) + 10
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 %d" font-family="sans-serif" font-size="12">`+"\n", height)
	fmt.Fprintf(&b, `<rect width="1000" height="%d" fill="#fff"/>`+"\n", height)
	text := func(x, y float64, anchor, colour, what string) {
		fmt.Fprintf(&b, `<text x="%.0f" y="%.0f" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, colour, html.EscapeString(what))
	}
	text(10, 18, "start", "#000", r.Machine)
	text(10, 36, "start", "#000", fmt.Sprintf("grey: base %s; blue: this %s, orange where it misses; strokes: to sign, and the goal (dashed)", orDash(r.Base), r.This))
	for i, j := range r.Ratios {
		y := float64(topOf + i*rowHeight)
		text(namesTo-10, y+barHeight+4, "end", "#000", j.Name)
		scale := (barsTo - namesTo) / longest(j)
		bar := func(y float64, value *float64, colour string) {
			if value == nil {
				return
			}
			fmt.Fprintf(&b, `<rect x="%d" y="%.0f" width="%.1f" height="%d" fill="%s"/>`+"\n", namesTo, y, *value*scale, barHeight, colour)
			text(namesTo+*value*scale+4, y+barHeight-1, "start", "#333", rig.Shown(value))
		}
		bar(y, j.Base, "#999")
		colour := "#36c"
		if j.OK != nil && !*j.OK {
			colour = "#d70"
		}
		bar(y+barHeight+1, j.This, colour)
		for _, limit := range []struct {
			at    float64
			style string
		}{{j.Bound.Sign, ""}, {j.Bound.Goal, ` stroke-dasharray="3 2"`}} {
			if limit.at != 0 {
				x := namesTo + limit.at*scale
				fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%.0f" y2="%.0f" stroke="#000"%s/>`+"\n", x, x, y-2, y+2*barHeight+3, limit.style)
			}
		}
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// longest is what the longest bar or stroke of a row stands for.
func longest(j rig.Row) float64 {
	most := math.Max(j.Bound.Sign, j.Bound.Goal)
	for _, value := range []*float64{j.Base, j.This} {
		if value != nil && !math.IsInf(*value, 0) && !math.IsNaN(*value) {
			most = math.Max(most, *value)
		}
	}
	if most == 0 {
		return 1
	}
	return most
}
