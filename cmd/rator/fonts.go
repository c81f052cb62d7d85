package main

import (
	"fmt"

	"rator/typeface"
)

// fontFlags is the flag of every command that makes documents.
type fontFlags struct {
	Font []string `help:"Font for letters of documents that the one of the binary lacks, such as Chinese, Japanese, Korean or Thai; a TrueType or OpenType file (.ttf, .otf, .ttc). May be repeated; asked in this order." placeholder:"FILE"`
}

// fonts opens them; a file that is none is refused.
func (f fontFlags) fonts() (*typeface.Fonts, error) {
	if len(f.Font) == 0 {
		return typeface.BuiltIn(), nil
	}
	fonts, err := typeface.Open(f.Font...)
	if err != nil {
		return nil, unreachable(fmt.Errorf("--font: %w", err))
	}
	return fonts, nil
}
