package calllog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
)

// A segment is a file of blocks, a block what was written at once: a header, then
// what is known of its calls and then their messages, each compressed (RFC 8878).
// Who searches reads the first part only. The numbers of the header are little
// endian, of 4 bytes each:
//
//	rlb4 | about | about raw | messages | messages raw | lost | sum | messages' sum
//
// The lengths are in bytes, raw the uncompressed ones; lost are the calls that
// were not logged since the block before; the sums are CRC-32C, the first of the
// header up to there and of what is known of the calls. The last byte of rlb4 is the
// version. Older ones are still read: rlb3 does not say which server had the call, rlb2 is
// compressed otherwise too (RFC 1951), rlb1 says less of its calls besides (entry.go).
const (
	blockMagic    = "rlb"
	newestVersion = 4
	headerBytes   = 32
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// blockHeader is a header as numbers.
type blockHeader struct {
	version               int
	about, aboutRaw       int
	messages, messagesRaw int
	lost                  uint32
	messagesSum           uint32
}

func (h *blockHeader) bytes() int64 { return headerBytes + int64(h.about) + int64(h.messages) }

// block gives a whole block; it is valid until the next call.
func (s *squeezer) block(about, messages []byte, lost uint32) []byte {
	s.out = append(s.out[:0], make([]byte, headerBytes)...)
	aboutBytes := s.squeeze(about)
	messagesBytes := s.squeeze(messages)
	b := s.out
	b[copy(b, blockMagic)] = '0' + newestVersion
	for i, n := range []int{aboutBytes, len(about), messagesBytes, len(messages)} {
		binary.LittleEndian.PutUint32(b[4+4*i:], uint32(n))
	}
	binary.LittleEndian.PutUint32(b[20:], lost)
	inMessages := headerBytes + aboutBytes
	binary.LittleEndian.PutUint32(b[28:], crc32.Checksum(b[inMessages:], castagnoli))
	binary.LittleEndian.PutUint32(b[24:], headerSum(b[:headerBytes], b[headerBytes:inMessages]))
	return b
}

func headerSum(header, about []byte) uint32 {
	sum := crc32.Checksum(header[:24], castagnoli)
	sum = crc32.Update(sum, castagnoli, header[28:headerBytes])
	return crc32.Update(sum, castagnoli, about)
}

// errNoBlock is a place at which no whole block begins.
var errNoBlock = errors.New("no whole block")

// readHeader reads the header and what is known of the calls of the block at an
// offset of a file that has size bytes. The messages are there too, unread.
func readHeader(f io.ReaderAt, offset, size int64) (h blockHeader, about []byte, err error) {
	var head [headerBytes]byte
	if offset+headerBytes > size {
		return h, nil, errNoBlock
	}
	if _, err := f.ReadAt(head[:], offset); err != nil {
		return h, nil, missing(err)
	}
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(head[i:]) }
	h = blockHeader{
		version: int(head[3]) - '0', about: int(number(4)), aboutRaw: int(number(8)), messages: int(number(12)), messagesRaw: int(number(16)),
		lost: number(20), messagesSum: number(28),
	}
	if string(head[:3]) != blockMagic || h.version < 1 || h.version > newestVersion || offset+h.bytes() > size ||
		h.aboutRaw > longestPart || h.messagesRaw > longestPart {
		return h, nil, errNoBlock
	}
	about = make([]byte, h.about)
	if _, err := f.ReadAt(about, offset+headerBytes); err != nil {
		return h, nil, missing(err)
	}
	if headerSum(head[:], about) != number(24) {
		return h, nil, errNoBlock
	}
	about, err = unsqueezed(h.version, about, h.aboutRaw)
	return h, about, err
}

// errMessages is a block whose messages are not those that its header tells of.
var errMessages = errors.New("the messages are damaged")

// readMessages reads the messages of the block at the offset, whose header is h.
func readMessages(f io.ReaderAt, offset int64, h *blockHeader) ([]byte, error) {
	squeezed := make([]byte, h.messages)
	if _, err := f.ReadAt(squeezed, offset+headerBytes+int64(h.about)); err != nil {
		return nil, missing(err)
	}
	if crc32.Checksum(squeezed, castagnoli) != h.messagesSum {
		return nil, errMessages
	}
	return unsqueezed(h.version, squeezed, h.messagesRaw)
}

// missing is errNoBlock when the file ended meanwhile.
func missing(err error) error {
	if errors.Is(err, io.EOF) {
		return errNoBlock
	}
	return err
}

// nextBlock looks from the offset on for the next place at which a whole block
// begins.
func nextBlock(f io.ReaderAt, offset, size int64) (at int64, found bool, err error) {
	rest := make([]byte, max(0, size-offset))
	if _, err := f.ReadAt(rest, offset); err != nil && !errors.Is(err, io.EOF) {
		return 0, false, err
	}
	for from := 0; ; from++ {
		i := bytes.Index(rest[from:], []byte(blockMagic))
		if i < 0 {
			return 0, false, nil
		}
		from += i
		if _, _, err := readHeader(f, offset+int64(from), size); err == nil {
			return offset + int64(from), true, nil
		}
	}
}
