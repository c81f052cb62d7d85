package export

import (
	"compress/gzip"
	"io"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Packed packs what is written as the end of a file's name says: .gz, .zst, or not at all.
// What it holds is there once it is closed; to stays open.
func Packed(name string, to io.Writer) (io.WriteCloser, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".gz":
		return gzip.NewWriterLevel(to, gzip.BestSpeed)
	case ".zst":
		return zstd.NewWriter(to)
	}
	return unpacked{to}, nil
}

type unpacked struct{ io.Writer }

func (unpacked) Close() error { return nil }
