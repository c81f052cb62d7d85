package calllog

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// longestPart is how long what is known of the calls of a block and their messages
// may be, each: what is longer is neither written nor read, so that no damaged file
// takes more memory than that.
const longestPart = 64 << 20

// fits reports whether the parts of a block are no longer than they may be.
func fits(about, messages []byte) error {
	if length := max(len(about), len(messages)); length > longestPart {
		return fmt.Errorf("calls of %d bytes are longer than a block may be", length)
	}
	return nil
}

// squeezer makes blocks. It keeps its room for the next one.
type squeezer struct {
	zstd *zstd.Encoder
	out  []byte
}

// window is how far back the compression looks for what comes again: about a block.
const window = 2 * blockBytes

// squeeze appends raw to the block, compressed, and gives the length.
func (s *squeezer) squeeze(raw []byte) int {
	if s.zstd == nil {
		s.zstd, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(window), zstd.WithEncoderCRC(false)) // the options are in order
	}
	before := len(s.out)
	s.out = s.zstd.EncodeAll(raw, s.out)
	runtime.Gosched() // calls come first
	return len(s.out) - before
}

// unsqueezed is a part of a block of a version, which had that length.
func unsqueezed(version int, squeezed []byte, length int) (raw []byte, err error) {
	if version < 3 {
		raw = make([]byte, length)
		_, err = io.ReadFull(flate.NewReader(bytes.NewReader(squeezed)), raw)
	} else {
		raw, err = unsqueeze(squeezed, length)
	}
	if err != nil {
		return nil, fmt.Errorf("the block does not decompress: %w", err)
	}
	return raw, nil
}

// decoder is used by many, one at a time.
var decoder = sync.OnceValue(func() *zstd.Decoder {
	d, _ := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(longestPart), zstd.WithDecodeAllCapLimit(true)) // the options are in order
	return d
})

func unsqueeze(squeezed []byte, length int) ([]byte, error) {
	raw, err := decoder().DecodeAll(squeezed, make([]byte, 0, length))
	if err == nil && len(raw) < length {
		err = io.ErrUnexpectedEOF
	}
	return raw, err
}
