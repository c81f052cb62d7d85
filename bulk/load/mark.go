package load

import (
	"errors"
	"fmt"
	"time"

	"rator/store"
)

// Mark is the record of a load: how far it is, in the same transaction as what it wrote,
// and what it was once it has ended.
type Mark struct {
	store.Base
	Digest    string           // SHA-256 of all that was loaded, in hex
	Files     []string         // whose names they had
	Terms     string           // by which terms: another one would load something else
	Who       string           // began it
	Begun     time.Time        //
	Ended     time.Time        // zero while it is half done
	Abandoned bool             `json:",omitempty"` // it was given up half done
	Customers int64            // to be loaded
	Done      int64            // are
	First     string           `json:",omitempty"` // customer number of the first of these
	Last      string           `json:",omitempty"` // and of the last
	Things    map[string]int64 // records written, by kind
	IDs       Tail             `json:",omitzero"` // of the file of ids
	Results   Tail             `json:",omitzero"` // of that of results
}

const (
	byOpen   = "open"
	byDigest = "digest"
)

var marks = store.Define("load", nil, func(m *Mark) *store.Base { return &m.Base },
	store.Index[Mark]{Name: byOpen, Value: func(m *Mark) string {
		if m.Ended.IsZero() {
			return byOpen
		}
		return ""
	}},
	store.Index[Mark]{Name: byDigest, Value: func(m *Mark) string { return m.Digest }})

// open is the load that is half done; nil where none is.
func open(tx store.Tx) (*Mark, error) {
	m, err := marks.By(tx, byOpen, byOpen)
	if errors.Is(err, store.ErrAbsent) {
		return nil, nil
	}
	return m, err
}

// whole is the load of that content that was done to its end; nil where there was none.
func whole(tx store.Tx, digest, terms string) (*Mark, error) {
	for m, err := range marks.All(tx, byDigest, digest) {
		if err != nil {
			return nil, err
		}
		if !m.Ended.IsZero() && !m.Abandoned && m.Terms == terms {
			return m, nil
		}
	}
	return nil, nil
}

// what says which load it is.
func (m *Mark) what() string {
	files := "standard input"
	if len(m.Files) > 0 {
		files = m.Files[0]
		if more := len(m.Files) - 1; more > 0 {
			files = fmt.Sprintf("%s and %d more", files, more)
		}
	}
	return fmt.Sprintf("%s, begun %s by %s (digest %.12s)", files, m.Begun.Format(time.RFC3339), m.Who, m.Digest)
}
