// Package draft is what an invoice of a period would bill: recurrent prices by the day,
// the billing fee, the taxes of each day; and so what a billing group would owe if all
// were billed tonight. Making a draft writes nothing; who bills it is billing's run.
package draft

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Draft is what an invoice of one period would bill: postings that are there and
// ones that the run adds. Making one writes nothing.
type Draft struct {
	Period   period.Period
	Unbilled []*ledger.Posting
	Added    []*ledger.Posting // recurrent prices and taxes, not kept yet
	Net, Tax decimal.Decimal
	// uncovered is a place of the bill whose country is in the tax table, and which has
	// no row; nil = none.
	Uncovered *catalogue.Place
}

func (d *Draft) Empty() bool { return len(d.Unbilled)+len(d.Added) == 0 }

// Drafter makes the drafts of one account's billing groups.
type Drafter struct {
	Tx    store.Tx
	Brand *catalogue.Brand
	Whole *customer.Whole
	Cache *Cache
	spans groupSpans
	ahead map[store.ID]*ahead // by billing group; of others it is read when it is asked for
}

// ahead is what was read of a billing group with others'. It holds while nobody but the
// drafter's user changes it.
type ahead struct {
	ledger   **ledger.Ledger
	unbilled []*ledger.Posting
}

func New(tx store.Tx, brand *catalogue.Brand, account store.ID, known *Cache) (*Drafter, error) {
	whole, err := customer.LoadWhole(tx, brand, account)
	return &Drafter{Tx: tx, Brand: brand, Whole: whole, Cache: known}, err
}

// NewMany makes drafters of many accounts, in their order, that have read at once what
// billing their groups asks for; nil for an account that the brand does not have.
func NewMany(tx store.Tx, brand *catalogue.Brand, accounts []store.ID, known *Cache) ([]*Drafter, error) {
	wholes, err := customer.LoadMany(tx, brand, accounts)
	if err != nil {
		return nil, err
	}
	var b store.Batch
	all := make([]*Drafter, len(wholes))
	for i, w := range wholes {
		if w != nil {
			all[i] = &Drafter{Tx: tx, Brand: brand, Whole: w, Cache: known}
			all[i].ask(&b)
		}
	}
	return all, b.Answer(tx)
}

// ReadAhead reads at once what billing all groups of the account asks for.
func (d *Drafter) ReadAhead() error {
	var b store.Batch
	d.ask(&b)
	return b.Answer(d.Tx)
}

func (d *Drafter) ask(b *store.Batch) {
	d.ahead = map[store.ID]*ahead{}
	for _, g := range d.Whole.BillingGroups {
		a := &ahead{ledger: ledger.Ask(b, g.Account, g.ID)}
		ledger.Postings.Ask(b, ledger.ByUnbilled, g.ID.String(), &a.unbilled)
		d.ahead[g.ID] = a
	}
}

// Ledger gives a billing group's ledger.
func (d *Drafter) Ledger(g *customer.BillingGroup) (*ledger.Ledger, error) {
	if a := d.ahead[g.ID]; a != nil {
		return *a.ledger, nil
	}
	return ledger.Of(d.Tx, g.Account, g.ID)
}

// Unbilled gives the postings of a billing group that no invoice has.
func (d *Drafter) Unbilled(g *customer.BillingGroup) ([]*ledger.Posting, error) {
	if a := d.ahead[g.ID]; a != nil {
		return a.unbilled, nil
	}
	return Unbilled(d.Tx, g.ID)
}

// Unbilled gives the postings of a billing group that no invoice has.
func Unbilled(tx store.Tx, group store.ID) ([]*ledger.Posting, error) {
	var all []*ledger.Posting
	for p, err := range ledger.Postings.All(tx, ledger.ByUnbilled, group.String()) {
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Drafts gives a draft for each period: what is not billed and of days before the
// period's end, each posting once, recurrent prices, and the tax on them.
func (d *Drafter) Drafts(g *customer.BillingGroup, periods []period.Period) ([]*Draft, []*ledger.Posting, error) {
	waiting, err := d.Unbilled(g)
	if err != nil {
		return nil, nil, err
	}
	var all []*Draft
	for _, p := range periods {
		x := &Draft{Period: p}
		var later []*ledger.Posting
		for _, w := range waiting {
			if w.EffectiveDay().Before(p.Until) {
				x.Unbilled = append(x.Unbilled, w)
			} else {
				later = append(later, w)
			}
		}
		waiting = later
		if err := d.Recurrent(g, x); err != nil {
			return nil, nil, err
		}
		if err := d.billingFee(g, x); err != nil {
			return nil, nil, err
		}
		if err := d.Taxes(g, x); err != nil {
			return nil, nil, err
		}
		all = append(all, x)
	}
	return all, waiting, nil
}

// within is the part of a period between two moments; a zero until is open.
func (d *Drafter) within(p period.Period, from, until time.Time) period.Period {
	if !until.IsZero() {
		until = d.Brand.Day(until)
	}
	return p.Within(d.Brand.Day(from), until)
}
