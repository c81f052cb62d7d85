package billing

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// draft is what an invoice of one period would bill: postings that are there and
// ones that the run adds. Making one writes nothing.
type draft struct {
	period   period.Period
	unbilled []*ledger.Posting
	added    []*ledger.Posting // recurrent prices and taxes, not kept yet
	net, tax decimal.Decimal
	// uncovered is a place of the bill whose country is in the tax table, and which has
	// no row; nil = none.
	uncovered *catalogue.Place
}

func (d *draft) empty() bool { return len(d.unbilled)+len(d.added) == 0 }

// drafter makes the drafts of one account's billing groups.
type drafter struct {
	tx    store.Tx
	brand *catalogue.Brand
	whole *customer.Whole
	sold  *sold
	spans groupSpans
}

func newDrafter(tx store.Tx, brand *catalogue.Brand, account store.ID, known *sold) (*drafter, error) {
	whole, err := customer.LoadWhole(tx, brand, account)
	return &drafter{tx: tx, brand: brand, whole: whole, sold: known}, err
}

// unbilledOf gives the postings of a billing group that no invoice has.
func unbilledOf(tx store.Tx, group store.ID) ([]*ledger.Posting, error) {
	var all []*ledger.Posting
	for p, err := range ledger.Postings.All(tx, ledger.ByUnbilled, group.String()) {
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// drafts gives a draft for each period: what is not billed and of days before the
// period's end, each posting once, recurrent prices, and the tax on them.
func (d *drafter) drafts(g *customer.BillingGroup, periods []period.Period) ([]*draft, []*ledger.Posting, error) {
	waiting, err := unbilledOf(d.tx, g.ID)
	if err != nil {
		return nil, nil, err
	}
	var all []*draft
	for _, p := range periods {
		x := &draft{period: p}
		var later []*ledger.Posting
		for _, w := range waiting {
			if w.EffectiveDay().Before(p.Until) {
				x.unbilled = append(x.unbilled, w)
			} else {
				later = append(later, w)
			}
		}
		waiting = later
		if err := d.recurrent(g, x); err != nil {
			return nil, nil, err
		}
		if err := d.billingFee(g, x); err != nil {
			return nil, nil, err
		}
		if err := d.taxes(g, x); err != nil {
			return nil, nil, err
		}
		all = append(all, x)
	}
	return all, waiting, nil
}

// within is the part of a period between two moments; a zero until is open.
func (d *drafter) within(p period.Period, from, until time.Time) period.Period {
	if !until.IsZero() {
		until = d.brand.Day(until)
	}
	return p.Within(d.brand.Day(from), until)
}
