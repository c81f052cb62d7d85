package component

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// A CURSOR says where a page of a list begins. It is opaque: a checksum, over the
// list's name and the call's brand too, and the position in the store's index. So one
// that no answer gave, or an answer of another list, is told from the end of the list.

// cursorOf reads the CURSOR of a list, or fails with INVALID_REQUEST. Absent and empty
// mean the start.
func (c *Call) cursorOf(in value.Tree, list string) ([]byte, error) {
	text := in.Text("CURSOR")
	if text == "" {
		return nil, nil
	}
	cursor, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(cursor) <= crc32.Size || !bytes.Equal(cursor, c.cursor(list, cursor[crc32.Size:])) {
		return nil, failure.InvalidRequest.With("CURSOR is not one that an answer gave")
	}
	return cursor[crc32.Size:], nil
}

// nextCursor is the cursor of the page after, "" when no position follows.
func (c *Call) nextCursor(list string, position []byte) value.Entry {
	text := ""
	if len(position) > 0 {
		text = base64.RawURLEncoding.EncodeToString(c.cursor(list, position))
	}
	return value.OfString("NEXT_CURSOR", text)
}

func (c *Call) cursor(list string, position []byte) []byte {
	sum := crc32.ChecksumIEEE([]byte(store.Compose(list, c.Brand.Key)))
	sum = crc32.Update(sum, crc32.IEEETable, position)
	return append(binary.BigEndian.AppendUint32(nil, sum), position...)
}

// pageSize reads PAGE_SIZE: usual when it is absent, from 1 to most.
func pageSize(in value.Tree, usual, most int) (int, error) {
	text := in.Text("PAGE_SIZE")
	if text == "" {
		return usual, nil
	}
	n, err := value.ParseLong(text)
	if err != nil || n < 1 || n > int64(most) {
		return 0, failure.InvalidRequest.With("PAGE_SIZE must be 1 to %d", most)
	}
	return int(n), nil
}
