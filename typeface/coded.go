package typeface

import "fmt"

// A letter that no font has is drawn as its code: the hexadecimal digits of its
// Unicode number, in two rows within a frame. So a reader sees that a letter is
// missing, and which.
const (
	codedDigit = 0.42 // of a digit's size
	codedPad   = 130.0
	codedLine  = 55.0
	codedLow   = -300.0
	codedRow   = 790.0 // from one row to the next
)

func (c *chain) coded(r rune) *letter {
	digits := fmt.Sprintf("%04X", r)
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	half := len(digits) / 2
	shape, width := outline{}, 0.0
	for row, text := range []string{digits[half:], digits[:half]} {
		x := codedPad
		for _, digit := range text {
			l := c.letter(digit)
			shape = append(shape, l.shape.placed(codedDigit, x, codedLow+codedPad+float64(row)*codedRow)...)
			x += float64(l.width) * codedDigit
		}
		width = max(width, x)
	}
	width += codedPad
	top := codedLow + 2*codedRow + codedPad/2
	const side = 40.0
	shape = append(shape, rectangle(side, codedLow, width-side, top, false), rectangle(side+codedLine, codedLow+codedLine, width-side-codedLine, top-codedLine, true))
	return &letter{width: int(width), shape: shape, missing: true}
}

// rectangle is filled, or cut out of what is.
func rectangle(left, bottom, right, top float64, cut bool) contour {
	c := contour{{x: left, y: bottom}, {x: left, y: top}, {x: right, y: top}, {x: right, y: bottom}}
	if cut {
		c[1], c[3] = c[3], c[1]
	}
	return c
}
