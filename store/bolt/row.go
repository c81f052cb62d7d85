package bolt

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"rator/store"
)

// A sealed row is the format (1 byte), a CRC-32C over bucket, key and payload
// (4 bytes, big endian), and the payload, so that a row that was damaged, or
// that lies in a wrong place, is never taken for data.
const (
	rowFormat = 1
	sealSize  = 5
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// bucketSum is what the checksums of a bucket's rows begin with. It is reckoned once.
type bucketSum uint32

func bucketSumOf(bucket string) bucketSum {
	return bucketSum(crc32.Checksum([]byte(bucket), castagnoli))
}

// seal fills in format and checksum of a row whose payload begins at sealSize.
func seal(bucket bucketSum, key, row []byte) []byte {
	row[0] = rowFormat
	binary.BigEndian.PutUint32(row[1:], checksum(bucket, key, row[sealSize:]))
	return row
}

// unseal gives a row's payload, which lies in row.
func unseal(bucket bucketSum, key, row []byte) ([]byte, error) {
	if len(row) < sealSize {
		return nil, fmt.Errorf("%d bytes are too few for a row", len(row))
	}
	if row[0] != rowFormat {
		return nil, fmt.Errorf("unknown format %d", row[0])
	}
	payload := row[sealSize:]
	if binary.BigEndian.Uint32(row[1:]) != checksum(bucket, key, payload) {
		return nil, fmt.Errorf("the checksum is wrong")
	}
	return payload, nil
}

func checksum(bucket bucketSum, key, payload []byte) uint32 {
	sum := crc32.Update(uint32(bucket), castagnoli, key)
	return crc32.Update(sum, castagnoli, payload)
}

// newRow is an empty row to append a payload of about n bytes to.
func newRow(n int) []byte { return make([]byte, sealSize, sealSize+n) }

func appendText[T string | []byte](b []byte, text T) []byte {
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}

// payload is the rest of a row's payload; reading past its end leaves bad set.
type payload struct {
	rest []byte
	bad  bool
}

func (p *payload) number() uint64 {
	n, size := binary.Uvarint(p.rest)
	if size <= 0 {
		p.rest, p.bad = nil, true
		return 0
	}
	p.rest = p.rest[size:]
	return n
}

// text is a part of the row, not a copy.
func (p *payload) text() []byte {
	n := p.number()
	if n > uint64(len(p.rest)) {
		p.rest, p.bad = nil, true
		return nil
	}
	text := p.rest[:n]
	p.rest = p.rest[n:]
	return text
}

// end says whether everything was read and nothing was missing.
func (p *payload) end() error {
	if p.bad || len(p.rest) > 0 {
		return fmt.Errorf("the row is not as long as it says")
	}
	return nil
}

// idKey is the key of a record.
func idKey(id store.ID) []byte { return binary.BigEndian.AppendUint64(nil, uint64(id)) }
