package resource

import (
	"runtime"
	"sync"

	"rator/customer"
	"rator/tmf/dialect"
	"rator/tmf/query"
)

// page goes through the customers of the brand; it leaves filters to scan.
func (c *customers) page(u *Work, _ wanted, after []byte, skip, limit int) (things []*customerEntity, next []byte, err error) {
	if skip > 0 {
		var ended bool
		if after, skip, ended, err = c.pageIndex.find(u, skip); err == nil && !ended && skip > 0 {
			_, after, err = customer.Partials(u.Tx, u.Brand, after, skip)
			ended = after == nil
		}
		if err != nil || ended {
			return nil, nil, err
		}
	}
	all, next, err := customer.ListedAccounts(u.Tx, u.Brand, after, limit)
	if err != nil {
		return nil, nil, err
	}
	things, err = summarized(u, all)
	return things, next, err
}

func (c *customers) bounded(d *dialect.Dialect, f *query.Filter) bool {
	return f.Empty() || c.hasIndex(d, f)
}

func (c *customers) count(u *Work, f *query.Filter) (n int, known bool, err error) {
	if !f.Empty() {
		return 0, false, nil
	}
	listed, known, err := customer.ListedOf(u.Tx, u.Brand)
	return int(listed), known, err
}

// pageIndex remembers where in the list of a brand every hundredth customer is, so
// that a late page is not gone to from the start. New customers come last; one
// that is deleted moves the others, and what is remembered is thrown away.
type pageIndex struct {
	mu     sync.Mutex
	brands map[string]*marks
}

type marks struct {
	deleted int64    // of the tally when they were made
	after   [][]byte // positions after 100, 200 … customers
}

const markEvery = 100

// find gives the position to start from for a page that leaves out skip
// customers, and how many are still to be left out from there; ended says that none
// are left.
func (p *pageIndex) find(u *Work, skip int) (after []byte, rest int, ended bool, err error) {
	tally, known, err := customer.TallyOf(u.Tx, u.Brand)
	if err != nil {
		return nil, 0, false, err
	}
	m := p.marksOf(u.Brand.Key, tally.Deleted, known)
	wanted := skip / markEvery
	if u.Bounded && p.missing(m, wanted) > MaxBounded/markEvery {
		return nil, 0, false, ErrUnbounded
	}
	for {
		n, after := p.last(m, wanted)
		if n == wanted {
			return after, skip % markEvery, false, nil
		}
		// Not under the lock: others know their places already.
		_, next, err := customer.Partials(u.Tx, u.Brand, after, markEvery)
		if err != nil || next == nil {
			return nil, 0, true, err
		}
		p.add(m, n, next)
		runtime.Gosched()
	}
}

// marksOf are the marks of a brand, new ones where those of before do not count any
// more.
func (p *pageIndex) marksOf(brand string, deleted int64, known bool) *marks {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.brands[brand]
	if m == nil || !known || m.deleted != deleted {
		m = &marks{deleted: deleted}
		if p.brands == nil {
			p.brands = map[string]*marks{}
		}
		p.brands[brand] = m
	}
	return m
}

// missing is how many marks are to be made until there are so many.
func (p *pageIndex) missing(m *marks, wanted int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return wanted - len(m.after)
}

// last is the last of the first wanted marks that there is, and its number; nil is the
// start of the list.
func (p *pageIndex) last(m *marks, wanted int) (n int, after []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n = min(wanted, len(m.after)); n > 0 {
		after = m.after[n-1]
	}
	return n, after
}

// add makes the mark after the n-th, unless somebody else has.
func (p *pageIndex) add(m *marks, n int, after []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(m.after) == n {
		m.after = append(m.after, after)
	}
}
