package typeface

import (
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// em is the size that letters are kept in: their units for the height of a line.
const em = 2048

// face is one font.
type face struct {
	font *sfnt.Font
	bold bool
}

// letter is how one is drawn.
type letter struct {
	width   int // in units of em
	shape   outline
	missing bool // no font has it, and its code is drawn
}

func newFace(name string, src []byte) (*face, error) {
	all, err := sfnt.ParseCollection(src)
	if err != nil {
		return nil, err
	}
	f, err := all.Font(0)
	if err != nil {
		return nil, err
	}
	family, err := f.Name(nil, sfnt.NameIDSubfamily)
	if err != nil {
		family = name
	}
	opened := &face{f, strings.Contains(strings.ToLower(family), "bold")}
	// What can be parsed may still have outlines that cannot be read, as fonts of
	// bitmaps have: one letter shows it.
	_, err = opened.outline(&sfnt.Buffer{}, sfnt.GlyphIndex(min(f.NumGlyphs()-1, 1)))
	return opened, err
}

// letter is how the font draws a rune; nil when it does not have it.
func (f *face) letter(r rune) *letter {
	var b sfnt.Buffer
	index, err := f.font.GlyphIndex(&b, r)
	if err != nil || index == 0 {
		return nil
	}
	width, err := f.font.GlyphAdvance(&b, index, fixed.I(em), font.HintingNone)
	if err != nil {
		return nil
	}
	shape, err := f.outline(&b, index)
	if err != nil {
		return nil
	}
	return &letter{width: max(width.Round(), 0), shape: shape}
}

// outline reads the curves of a glyph, those of parts included.
func (f *face) outline(b *sfnt.Buffer, index sfnt.GlyphIndex) (outline, error) {
	segments, err := f.font.LoadGlyph(b, index, fixed.I(em), nil)
	if err != nil {
		return nil, err
	}
	var o outline
	for _, s := range segments {
		switch at := pointsOf(s.Args); s.Op {
		case sfnt.SegmentOpMoveTo:
			o = append(o, contour{at[0]})
		case sfnt.SegmentOpLineTo:
			o.add(at[0])
		case sfnt.SegmentOpQuadTo:
			at[0].off = true
			o.add(at[0], at[1])
		case sfnt.SegmentOpCubeTo:
			o.cubic(at[0], at[1], at[2])
		}
	}
	return o, nil
}

// pointsOf turns the y axis of a segment upwards.
func pointsOf(args [3]fixed.Point26_6) (at [3]point) {
	for n, p := range args {
		at[n] = point{x: float64(p.X) / 64, y: -float64(p.Y) / 64}
	}
	return at
}
