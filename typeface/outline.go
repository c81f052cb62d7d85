package typeface

import (
	"encoding/binary"
	"math"
)

// outline is the contours of a letter, in units of em, y upwards. Curves are
// TrueType's: of a point that is off the curve, between two that are on it.
type outline []contour

type contour []point

type point struct {
	x, y float64
	off  bool
}

// add goes on with the last contour.
func (o outline) add(at ...point) {
	if last := len(o) - 1; last >= 0 {
		o[last] = append(o[last], at...)
	}
}

// pieces is how many curves of TrueType stand for one of PostScript's: the error
// is below a unit for what letters have.
const pieces = 3

// cubic goes on with a curve of PostScript's fonts.
func (o outline) cubic(c1, c2, end point) {
	last := len(o) - 1
	if last < 0 {
		return
	}
	start := o[last][len(o[last])-1]
	at := func(t float64) (p, slope point) {
		u := 1 - t
		mix := func(a, b, c, d float64) (float64, float64) {
			return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d, 3 * (u*u*(b-a) + 2*u*t*(c-b) + t*t*(d-c))
		}
		p.x, slope.x = mix(start.x, c1.x, c2.x, end.x)
		p.y, slope.y = mix(start.y, c1.y, c2.y, end.y)
		return p, slope
	}
	const step = 1.0 / pieces
	from, leaving := at(0)
	for n := 1; n <= pieces; n++ {
		to, arriving := at(float64(n) * step)
		// the middle of where the two slopes point to
		middle := point{x: (from.x+to.x)/2 + (leaving.x-arriving.x)*step/4, y: (from.y+to.y)/2 + (leaving.y-arriving.y)*step/4, off: true}
		o.add(middle, to)
		from, leaving = to, arriving
	}
}

// atLeast is the larger of how many points and contours there are, and most.
func (o outline) atLeast(most [2]uint16) [2]uint16 {
	points := 0
	for _, c := range o {
		points += len(c)
	}
	return [2]uint16{max(most[0], uint16(points)), max(most[1], uint16(len(o)))}
}

// placed is the outline made smaller and moved.
func (o outline) placed(scale, x, y float64) outline {
	moved := make(outline, len(o))
	for n, c := range o {
		for _, p := range c {
			moved[n] = append(moved[n], point{p.x*scale + x, p.y*scale + y, p.off})
		}
	}
	return moved
}

// box is the smallest rectangle that has the outline; empty for a space.
type box struct{ left, bottom, right, top int16 }

// glyph is the outline as TrueType's glyf table has it.
func (o outline) glyph() ([]byte, box) {
	var (
		flags, xs, ys []byte
		ends          []uint16
		lastX, lastY  int16
		around        box
		count         int
	)
	for _, c := range o {
		if n := len(c); n > 1 && !c[n-1].off && c[n-1] == c[0] {
			c = c[:n-1] // it closes itself
		}
		for _, p := range c {
			x, y := unit(p.x), unit(p.y)
			if count == 0 {
				around = box{x, y, x, y}
			}
			around = box{min(around.left, x), min(around.bottom, y), max(around.right, x), max(around.top, y)}
			flag := byte(1)
			if p.off {
				flag = 0
			}
			xs = delta(xs, int(x)-int(lastX), &flag, 1)
			ys = delta(ys, int(y)-int(lastY), &flag, 2)
			flags, lastX, lastY = append(flags, flag), x, y
			count++
		}
		ends = append(ends, uint16(count-1))
	}
	if count == 0 {
		return nil, box{}
	}
	b := binary.BigEndian.AppendUint16(nil, uint16(len(ends)))
	b, _ = binary.Append(b, binary.BigEndian, around)
	for _, end := range ends {
		b = binary.BigEndian.AppendUint16(b, end)
	}
	b = binary.BigEndian.AppendUint16(b, 0) // no instructions
	b = append(append(append(b, flags...), xs...), ys...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b, around
}

// delta appends a step of one coordinate; axis is 1 for x and 2 for y.
func delta(to []byte, step int, flag *byte, axis byte) []byte {
	short, same := axis<<1, axis<<4 // bits 1 and 2, 4 and 5
	switch {
	case step == 0:
		*flag |= same
		return to
	case step > 0 && step < 256:
		*flag |= short | same
		return append(to, byte(step))
	case step < 0 && step > -256:
		*flag |= short
		return append(to, byte(-step))
	}
	return binary.BigEndian.AppendUint16(to, uint16(int16(step)))
}

func unit(v float64) int16 {
	return int16(math.Round(max(-16000, min(16000, v))))
}
