package billing

import (
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// Run is a billing run: it invoices every post-paid billing group for each of its
// periods that is over on the day AsOf and not billed yet, then duns invoices
// that are late.
//
// It goes through the accounts in order of brand and customer number, a batch in
// each transaction, so that a live server goes on answering and memory does not
// grow with their number. What tells that a period is billed is kept in the same
// transaction as its invoice: a run that was cut off, or one that runs beside
// it, leaves nothing out and bills nothing twice, and a run that is started again
// with the same day goes on where the other ended and makes the invoices that it
// would have made.
type Run struct {
	AsOf   time.Time // a day, midnight UTC; a brand whose today is before it is billed as of today
	Brand  string    // key; "" = all
	DryRun bool      // writes nothing
	// Due, when set, runs what is due before anything is billed: terminations whose day
	// has come, so that no day after an end is billed because nobody looked yet. That
	// takes hookpoints, so it comes from who has them. A dry run ends what is due without
	// asking any.
	Due func(ctx context.Context) error
	// Progress, when set, is told after each batch what is done so far, and how
	// many accounts there are.
	Progress func(done *Report, total int64)
	report   Report
	day      time.Time // AsOf for the brand that it is at
}

const (
	// accountBatch is how many accounts a transaction bills: about 20 ms of the
	// one writer's time.
	accountBatch = 50
	countBatch   = 500
)

// Do makes the run. It ends with ctx's error between two batches when ctx ends;
// what is done stays done. An AsOf after today, in the zones of all brands that are
// to be billed, is DATE_OUT_OF_RANGE.
func (r *Run) Do(ctx context.Context, st store.Store) (*Report, error) {
	r.report = Report{Totals: map[string]decimal.Decimal{}}
	var brands []*catalogue.Brand
	var days []time.Time
	var total int64
	err := st.View(ctx, func(tx store.Tx) (err error) {
		if brands, err = r.brands(tx); err != nil {
			return err
		}
		if days, err = r.days(tx, brands); err != nil {
			return err
		}
		total, err = r.count(tx, brands)
		return err
	})
	if err != nil {
		return nil, err
	}
	if r.Due != nil && !r.DryRun {
		if err := r.Due(ctx); err != nil {
			return nil, err
		}
	}
	for n, b := range brands {
		r.day = days[n]
		if err := r.billBrand(ctx, st, b, total); err != nil {
			return &r.report, err
		}
		if err := r.dunBrand(ctx, st, b); err != nil {
			return &r.report, err
		}
	}
	return &r.report, nil
}

func (r *Run) brands(tx store.Tx) ([]*catalogue.Brand, error) {
	if r.Brand != "" {
		b, err := catalogue.BrandByKey(tx, r.Brand)
		return []*catalogue.Brand{b}, err
	}
	var all []*catalogue.Brand
	for b, err := range catalogue.AllBrands(tx) {
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// days gives the day that each brand is billed as of: it may be tomorrow where
// another brand is.
func (r *Run) days(tx store.Tx, brands []*catalogue.Brand) (days []time.Time, err error) {
	latest := time.Time{}
	for _, b := range brands {
		today := b.Day(tx.Now())
		if today.After(latest) {
			latest = today
		}
		if r.AsOf.Before(today) {
			today = r.AsOf
		}
		days = append(days, today)
	}
	if len(brands) > 0 && r.AsOf.After(latest) {
		return nil, DateOutOfRange.With("%s is after today, %s: a period is billed when it is over", period.Format(r.AsOf), period.Format(latest))
	}
	return days, nil
}

// count is how many accounts the run will look at.
func (r *Run) count(tx store.Tx, brands []*catalogue.Brand) (n int64, err error) {
	if r.Brand == "" {
		return customer.Count(tx)
	}
	for position, more := []byte(nil), true; more; more = position != nil {
		page, next, err := customer.AccountsPage(tx, brands[0], position, countBatch)
		if err != nil {
			return 0, err
		}
		n, position = n+int64(len(page)), next
	}
	return n, nil
}

func (r *Run) billBrand(ctx context.Context, st store.Store, brand *catalogue.Brand, total int64) error {
	var position []byte
	for {
		var due []store.ID
		var seen int
		var next []byte
		err := st.View(ctx, func(tx store.Tx) error {
			page, after, err := customer.AccountsPage(tx, brand, position, accountBatch)
			if err != nil {
				return err
			}
			seen, next = len(page), after
			due, err = r.dueOf(tx, brand, page)
			return err
		})
		if err != nil {
			return err
		}
		if err := r.billBatch(ctx, st, brand, due); err != nil {
			return err
		}
		r.report.Accounts += int64(seen)
		if r.Progress != nil {
			r.Progress(&r.report, total)
		}
		if next == nil {
			return nil
		}
		position = next
	}
}

// dueOf gives the accounts of which a billing group has a period to bill.
func (r *Run) dueOf(tx store.Tx, brand *catalogue.Brand, page []*customer.Account) (due []store.ID, err error) {
	ids := make([]store.ID, len(page))
	for i, a := range page {
		ids[i] = a.ID
	}
	groups, err := customer.BillingGroupsOfMany(tx, ids)
	if err != nil {
		return nil, err
	}
	ledgers, err := ledgersOf(tx, slices.Concat(groups...))
	if err != nil {
		return nil, err
	}
	for i := range page {
		is := false
		for _, g := range groups[i] {
			is = is || len(ledgers[0].Due(brand, g, r.day)) > 0
			ledgers = ledgers[1:]
		}
		if is {
			due = append(due, ids[i])
		}
	}
	return due, nil
}

// ledgersOf gives the ledgers of billing groups, in their order.
func ledgersOf(tx store.Tx, groups []*customer.BillingGroup) ([]*ledger.Ledger, error) {
	var b store.Batch
	found := make([]**ledger.Ledger, len(groups))
	for i, g := range groups {
		found[i] = ledger.Ask(&b, g.Account, g.ID)
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	ledgers := make([]*ledger.Ledger, len(groups))
	for i := range found {
		ledgers[i] = *found[i]
	}
	return ledgers, nil
}
