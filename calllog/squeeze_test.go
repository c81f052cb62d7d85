package calllog

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// blockOf is a block whose sums are right, with the numbers of its header changed.
func blockOf(about, messages []byte, change func(header []byte)) []byte {
	var s squeezer
	b := slices.Clone(s.block(about, messages, 0))
	change(b)
	n := headerBytes + int(binary.LittleEndian.Uint32(b[4:]))
	binary.LittleEndian.PutUint32(b[28:], crc32.Checksum(b[n:], castagnoli))
	binary.LittleEndian.PutUint32(b[24:], headerSum(b[:headerBytes], b[headerBytes:n]))
	return b
}

// TestNoBlockTakesMoreThanItSays: a header that lies about lengths is damage, whatever
// would come out of the bytes behind it.
func TestNoBlockTakesMoreThanItSays(t *testing.T) {
	about, messages := (&entry{request: 3, answer: 4}).appendTo(nil), []byte("askanswer")
	large := bytes.Repeat([]byte("a"), 8<<20)
	says := func(at int, n uint32) func([]byte) {
		return func(header []byte) { binary.LittleEndian.PutUint32(header[at:], n) }
	}
	for name, c := range map[string]struct {
		block    []byte
		inHeader bool // damage shows with the header, else with the messages
		want     string
	}{
		"more messages than there may be":  {blockOf(about, messages, says(16, longestPart+1)), true, errNoBlock.Error()},
		"more of calls than there may be":  {blockOf(about, messages, says(8, 1<<32-1)), true, errNoBlock.Error()},
		"messages that grow":               {blockOf(about, large, says(16, 9)), false, "does not decompress"},
		"fewer messages":                   {blockOf(about, messages, says(16, 10)), false, "does not decompress"},
		"calls that grow":                  {blockOf(large, messages, says(8, 9)), true, "does not decompress"},
		"what another version compresses":  {blockOf(about, messages, func(h []byte) { h[3] = '2' }), true, "does not decompress"},
		"a version that is not known here": {blockOf(about, messages, func(h []byte) { h[3] = '0' + newestVersion + 1 }), true, errNoBlock.Error()},
	} {
		read := func() error {
			f := bytes.NewReader(c.block)
			h, _, err := readHeader(f, 0, f.Size())
			if !c.inHeader && err == nil {
				_, err = readMessages(f, 0, &h)
			}
			return err
		}
		if err := read(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = read()
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(len(large)/4) {
			t.Errorf("%s: reading it took %d bytes", name, took)
		}
	}
}

// TestBlocksOfEveryLengthDecompress compares with what was put in, of lengths round those at
// which blocks end.
func TestBlocksOfEveryLengthDecompress(t *testing.T) {
	for _, length := range []int{0, 1, 1000, blockBytes, 3 * blockBytes} {
		messages := bytes.Repeat([]byte("<key>NAME</key><value>x</value>"), length/31+1)[:length]
		block := blockOf(nil, messages, func([]byte) {})
		f := bytes.NewReader(block)
		h, about, err := readHeader(f, 0, f.Size())
		if err != nil || len(about) > 0 {
			t.Fatal(length, about, err)
		}
		if got, err := readMessages(f, 0, &h); err != nil || !bytes.Equal(got, messages) {
			t.Errorf("%d bytes: %d, %v", length, len(got), err)
		}
	}
}

// TestCallsTooLongForABlock are lost and counted, not written so that nobody reads them.
func TestCallsTooLongForABlock(t *testing.T) {
	if err := fits(nil, make([]byte, longestPart)); err != nil {
		t.Error(err)
	}
	if err := fits(nil, make([]byte, longestPart+1)); err == nil {
		t.Error("a block with more messages than may be read is written")
	}
}
