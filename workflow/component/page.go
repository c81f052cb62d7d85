package component

import (
	"encoding/base64"

	"rator/failure"
	"rator/workflow/value"
)

// cursorOf reads an opaque CURSOR: where a page of a list begins. Absent and
// empty mean the start.
func cursorOf(in value.Tree) ([]byte, error) {
	position, err := base64.RawURLEncoding.DecodeString(in.Text("CURSOR"))
	if err != nil {
		return nil, failure.InvalidRequest.With("CURSOR is not one that an answer gave")
	}
	return position, nil
}

// nextCursor is the cursor of the page after, "" when there is none.
func nextCursor(position []byte) value.Entry {
	return value.OfString("NEXT_CURSOR", base64.RawURLEncoding.EncodeToString(position))
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
