package tmf

import (
	"sync"

	"rator/customer"
)

// page goes through the customers of the brand; it leaves filters to glances.
func (c *customers) page(u *unit, _ wanted, after []byte, skip, limit int) (things []*thing, next []byte, err error) {
	if skip > 0 {
		var ended bool
		if after, skip, ended, err = c.places.find(u, skip); err == nil && !ended && skip > 0 {
			_, after, err = customer.Glimpses(u.tx, u.brand, after, skip)
			ended = after == nil
		}
		if err != nil || ended {
			return nil, nil, err
		}
	}
	all, next, err := customer.ListedAccounts(u.tx, u.brand, after, limit)
	if err != nil {
		return nil, nil, err
	}
	for _, a := range all {
		t, err := customerThing(u, a)
		if err != nil {
			return nil, nil, err
		}
		things = append(things, t)
	}
	return things, next, nil
}

func (c *customers) count(u *unit, f *Filter) (n int, known bool, err error) {
	if !f.Empty() {
		return 0, false, nil
	}
	t, known, err := customer.TallyOf(u.tx, u.brand)
	if err != nil || !known {
		return 0, false, err
	}
	return int(t.Listed), true, nil
}

// places remembers where in the list of a brand every hundredth customer is, so
// that a late page is not gone to from the start. New customers come last; one
// that is deleted moves the others, and what is remembered is thrown away.
type places struct {
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
func (p *places) find(u *unit, skip int) (after []byte, rest int, ended bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	tally, known, err := customer.TallyOf(u.tx, u.brand)
	if err != nil {
		return nil, 0, false, err
	}
	m := p.brands[u.brand.Key]
	if m == nil || !known || m.deleted != tally.Deleted {
		m = &marks{deleted: tally.Deleted}
		if p.brands == nil {
			p.brands = map[string]*marks{}
		}
		p.brands[u.brand.Key] = m
	}
	wanted := skip / markEvery
	for len(m.after) < wanted {
		if n := len(m.after); n > 0 {
			after = m.after[n-1]
		}
		_, next, err := customer.Glimpses(u.tx, u.brand, after, markEvery)
		if err != nil || next == nil {
			return nil, 0, true, err
		}
		m.after = append(m.after, next)
	}
	if wanted == 0 {
		return nil, skip, false, nil
	}
	return m.after[wanted-1], skip % markEvery, false, nil
}
