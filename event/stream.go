package event

import (
	"time"

	"rator/store"
)

// stream is what is known of the stream as a whole; a store has one of it, or none yet.
type stream struct {
	store.Base
	Dropped time.Time // when the newest event that is dropped happened; zero = none is
	// Older is the cursor up to which events may be of a version that did not keep whose
	// they are, and Owned that up to which they were looked at; nil = nobody looked yet.
	Older *int64 `json:",omitempty"`
	Owned int64  `json:",omitempty"`
}

var streams = store.Define("event_stream", nil, func(s *stream) *store.Base { return &s.Base })

// streamOf is what is known of the stream; its ID is 0 where nothing is.
func streamOf(tx store.Tx) (*stream, error) {
	for s, err := range streams.Scan(tx) {
		return s, err
	}
	return &stream{}, nil
}

func changeStream(tx store.Tx, change func(*stream)) error {
	s, err := streamOf(tx)
	if err != nil {
		return err
	}
	change(s)
	return streams.Keep(tx, s)
}
