// Package typeface has the letters that documents are printed with: which font has
// a letter, how wide it is, how a text breaks into lines, in what order its letters
// stand and in which shape, and a small font of just the letters that a document
// uses. DejaVu Sans comes with it, with Latin and all its accents, Vietnamese,
// Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and signs of currencies;
// files of a site add more. It knows nothing of what is printed and of PDF.
package typeface

import (
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/go-fonts/dejavu/dejavusanscondensed"
	"github.com/go-fonts/dejavu/dejavusanscondensedbold"
)

// Fonts are the fonts that letters are looked for in, in order. Safe for concurrent
// use.
type Fonts struct {
	regular, bold *chain
}

// chain is the fonts of one style.
type chain struct {
	faces   []*face
	letters sync.Map // of each rune that a font has, its *letter
}

// BuiltIn are the fonts of the binary.
var BuiltIn = sync.OnceValue(func() *Fonts {
	f, err := Open()
	if err != nil {
		panic(err) // the binary is broken
	}
	return f
})

// Open are the fonts of the binary and, for letters that they lack, those of files:
// TrueType or OpenType, .ttf, .otf or .ttc, whose first font counts. A bold one is
// asked last for what is not bold, and first for what is. The error names the file.
func Open(files ...string) (*Fonts, error) {
	regular, err := newFace("DejaVu Sans Condensed", dejavusanscondensed.TTF)
	if err != nil {
		return nil, err
	}
	bold, err := newFace("DejaVu Sans Condensed Bold", dejavusanscondensedbold.TTF)
	if err != nil {
		return nil, err
	}
	var more []*face
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		added, err := newFace(file, src)
		if err != nil {
			return nil, fmt.Errorf("%s is no font that documents can be printed with: %w; give a TrueType or OpenType file with outlines (.ttf, .otf, .ttc), not one of coloured pictures", file, err)
		}
		more = append(more, added)
	}
	byWeight := func(bold bool) []*face {
		sorted := slices.Clone(more)
		slices.SortStableFunc(sorted, func(a, b *face) int {
			switch {
			case a.bold == b.bold:
				return 0
			case a.bold == bold:
				return -1
			}
			return 1
		})
		return sorted
	}
	return &Fonts{
		regular: &chain{faces: append([]*face{regular, bold}, byWeight(false)...)},
		bold:    &chain{faces: append([]*face{bold, regular}, byWeight(true)...)},
	}, nil
}

// letter finds how a rune is drawn; one that no font has is drawn as its code.
func (c *chain) letter(r rune) *letter {
	if l, ok := c.letters.Load(r); ok {
		return l.(*letter)
	}
	for _, f := range c.faces {
		if l := f.letter(r); l != nil {
			c.letters.Store(r, l)
			return l
		}
	}
	return c.coded(r) // not kept: there are a million of them
}
