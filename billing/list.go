package billing

import (
	"time"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// Days are the first and the last day that a list is of, each midnight UTC; a
// zero one sets no bound. A posting is of the day it belongs to; one that was kept
// without a day is of the day it is dated, in Zone, nil being UTC.
type Days struct {
	First, Last time.Time
	Zone        *time.Location
}

func (d Days) check() error {
	if !d.First.IsZero() && !d.Last.IsZero() && d.Last.Before(d.First) {
		return DateOutOfRange.With("%s is after %s", period.Format(d.First), period.Format(d.Last))
	}
	return nil
}

func (d Days) hold(p *ledger.Posting) bool {
	t := p.EffectiveDay()
	if d.Zone != nil && p.Day.IsZero() {
		t = p.Dated(func(t time.Time) time.Time {
			year, month, day := t.In(d.Zone).Date()
			return period.Date(year, month, day)
		})
	}
	return !t.Before(d.First) && (d.Last.IsZero() || !t.After(d.Last))
}

// after is an id before those of all postings of the days: nothing is dated more
// than a day ahead, and no zone is a day from UTC.
func (d Days) after() store.ID {
	if d.First.IsZero() {
		return 0
	}
	return store.FirstIDAt(d.First.AddDate(0, 0, -2)) - 1
}

// maxLooked is how many postings one page of a list looks through. A page of few
// days among many may so be shorter than what was asked for, although more
// follows.
const maxLooked = 2000

// ParseListID reads an id at which a list goes on, 0 from "", or fails with
// INVALID_REQUEST.
func ParseListID(s string) (store.ID, error) {
	if s == "" {
		return 0, nil
	}
	id, err := store.ParseID(s)
	if err == nil {
		_, err = time.Parse("20060102150405", s[:14])
	}
	if err != nil {
		return 0, errNoPlace
	}
	return id, nil
}

var errNoPlace = failure.InvalidRequest.With("CURSOR is not one that an answer gave")

// InvoicesBefore gives the invoices of a billing group, newest first, from the
// one before the id before (0 = the newest), at most limit, and the id to go on
// before: 0 when nothing follows.
func InvoicesBefore(tx store.Tx, brand *catalogue.Brand, id, before store.ID, limit int) ([]*ledger.Invoice, store.ID, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	if err != nil {
		return nil, 0, err
	}
	var page []*ledger.Invoice
	for i, err := range ledger.Invoices.NewestFirst(tx, ledger.ByGroup, g.ID.String(), before) {
		switch {
		case err != nil:
			return nil, 0, err
		case len(page) == limit:
			return page, page[limit-1].ID, nil
		}
		page = append(page, i)
	}
	return page, 0, nil
}
