package feed

import (
	"context"

	"rator/access"
	"rator/store"
)

// source is what is told: it is asked for by a query, and read in pages.
type source interface {
	// right is the one needed to read it.
	right() string
	// ask reads the query, of which follow is read already. It fails with *queryError.
	ask(query) error
	// brand is the first brand that is asked for; "" = none is named.
	brand() string
	// allow fails with failure.NotAllowed when the operator may not read what is asked
	// for. It is called again before each page.
	allow(tx store.Tx, o *access.Operator) error
	// settle is called before each look: with it what is read may be bounded to where
	// nothing that was missed can come any more.
	settle(context.Context, store.Store) error
	// begin finds where to read from, and says how to go on after the answer where it
	// ends with what is there now.
	begin(tx store.Tx) (cursor string, err error)
	// page gives the next lines, each with its end of line, maybe none; with follow also
	// what came since begin. end says that nothing follows yet.
	page(tx store.Tx, follow bool) (lines []byte, end bool, err error)
	// news reports whether anything came that page has not looked at.
	news(tx store.Tx) (bool, error)
	// beat is a line that tells who follows how far the stream is.
	beat() []byte
	// notes are for the audit row: what was asked for, what was told.
	notes() []string
}
