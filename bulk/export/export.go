// Package export takes customers out: a line of bulk for each, in the order of their
// accounts' ids, and what is kept of one person. It only reads, and knows neither flags nor
// screens.
package export

import (
	"context"
	"io"
	"runtime"
	"sync"
	"time"

	"rator/bulk"
	"rator/customer"
	"rator/store"
)

// Query says which customers are wanted, and what of them; what is zero wants all.
type Query struct {
	Brand string // key
	// Since wants those that changed then or later.
	Since time.Time
	// PasswordHashes wants what is secret of them too: password hashes, and PINs as they
	// are sealed.
	PasswordHashes bool
}

// pageSize is how many accounts are read over one state of the store: a look that lasts
// keeps the file growing.
const pageSize = 200

// page is customers that follow each other, on their way to be lines.
type page struct {
	accounts []store.ID
	lines    []byte
	written  int64 // lines
	err      error
	read     chan struct{} // closed when lines and err are there
}

// Write writes a line for each customer; it gives how many. Each is whole and of one
// moment, but not all of the same: one that comes or changes meanwhile may be there or
// not. Customers are read on all processors, some pages ahead of the writer and no more.
func (q *Query) Write(ctx context.Context, st store.Store, out io.Writer) (n int64, err error) {
	var working sync.WaitGroup
	defer working.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	processors := runtime.GOMAXPROCS(0)
	inOrder, work := make(chan *page, 2*processors), make(chan *page, 2*processors)
	working.Go(func() {
		defer close(work)
		defer close(inOrder)
		q.find(ctx, st, func(p *page) bool {
			for _, to := range []chan *page{work, inOrder} {
				select {
				case to <- p:
				case <-ctx.Done():
					return false
				}
			}
			return true
		})
	})
	for range processors {
		working.Go(func() {
			for p := range work {
				if p.err == nil {
					p.err = st.View(ctx, func(tx store.Tx) error { return q.read(tx, p) })
				}
				close(p.read)
			}
		})
	}
	for p := range inOrder {
		if <-p.read; p.err != nil {
			return n, p.err
		}
		if _, err := out.Write(p.lines); err != nil {
			return n, err
		}
		n += p.written
	}
	return n, ctx.Err()
}

// find hands out the pages in their order, until nothing follows or nobody wants more.
// What keeps it from reading is the last page's.
func (q *Query) find(ctx context.Context, st store.Store, hand func(*page) bool) {
	for after := store.ID(0); ; {
		p := &page{read: make(chan struct{})}
		p.err = st.View(ctx, func(tx store.Tx) (err error) {
			p.accounts, after, err = customer.AccountsAfter(tx, q.Brand, after, pageSize)
			return err
		})
		last := p.err != nil || after == 0 // the page is another's once it is handed out
		if !hand(p) || last {
			return
		}
	}
}

// read makes the lines of a page. A transaction may run it twice.
func (q *Query) read(tx store.Tx, p *page) error {
	p.lines, p.written = p.lines[:0], 0
	all, err := customersOf(tx, p.accounts)
	if err != nil {
		return err
	}
	for _, c := range all {
		if !q.Since.IsZero() && !changedSince(c, q.Since) {
			continue
		}
		if p.lines, err = q.line(p.lines, c); err != nil {
			return err
		}
		p.lines = append(p.lines, '\n')
		p.written++
	}
	return nil
}

// line appends the line of a customer, without its end.
func (q *Query) line(to []byte, c *bulk.Customer) ([]byte, error) {
	if !q.PasswordHashes {
		if err := c.Resources.HideSecrets(); err != nil {
			return nil, err
		}
	}
	return bulk.Append(to, c, bulk.Options{PasswordHashes: q.PasswordHashes}), nil
}
