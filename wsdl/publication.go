package wsdl

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"hash/crc32"
	"sync"
)

// publication is a document as it is sent, with the endpoint's address where its
// mark is. Packing the page takes as long as many calls, and anybody may ask for
// it by any name of the host: it is packed once, and the address is put between
// packed pieces.
type publication struct {
	contentType string
	pieces      [][]byte // before, between and behind the addresses

	once   sync.Once
	packed [][]byte // each piece as deflate blocks; the last ends the stream
}

func publish(contentType string, document []byte) *publication {
	return &publication{contentType: contentType, pieces: bytes.Split(document, []byte(addressMark))}
}

// plain is the document for an address.
func (p *publication) plain(address string) []byte { return bytes.Join(p.pieces, escaped(address)) }

// gzip is the document for an address as gzip (RFC 1952).
func (p *publication) gzip(address string) []byte {
	p.once.Do(p.pack)
	hole := escaped(address)
	var size, sum uint32
	to := []byte{0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255}
	for i, piece := range p.pieces {
		if i > 0 {
			to = appendStored(to, hole)
			size, sum = size+uint32(len(hole)), crc32.Update(sum, crc32.IEEETable, hole)
		}
		to = append(to, p.packed[i]...)
		size, sum = size+uint32(len(piece)), crc32.Update(sum, crc32.IEEETable, piece)
	}
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(to, sum), size)
}

// pack makes of each piece deflate blocks that end on a byte and look back at
// nothing outside the piece.
func (p *publication) pack() {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level is one that there is
	for i, piece := range p.pieces {
		b.Reset()
		w.Reset(&b)
		_, _ = w.Write(piece) // a bytes.Buffer takes every write
		if i < len(p.pieces)-1 {
			_ = w.Flush()
		} else {
			_ = w.Close()
		}
		p.packed = append(p.packed, bytes.Clone(b.Bytes()))
	}
}

// appendStored appends text as blocks that are not compressed (RFC 1951, 3.2.4).
func appendStored(to, text []byte) []byte {
	const longest = 0xFFFF
	for len(text) > 0 {
		n := min(len(text), longest)
		to = binary.LittleEndian.AppendUint16(append(to, 0), uint16(n))
		to = binary.LittleEndian.AppendUint16(to, ^uint16(n))
		to, text = append(to, text[:n]...), text[n:]
	}
	return to
}

func escaped(address string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(address)) // a bytes.Buffer takes every write
	return b.Bytes()
}
