package billing

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"rator/catalogue"
	"rator/store"
)

// Dunning says how far a late invoice has been reminded of.
type Dunning string

// The dunning states. The billing run takes an invoice that is not paid to the
// next state, one at a time: the day after its due date, then DunningDays after
// the run that dunned it last. After COLLECTION there is none. Paying ends it;
// the state stays as it was.
const (
	NotDunned    Dunning = "NONE"
	Reminder     Dunning = "REMINDER"
	LastReminder Dunning = "LAST_REMINDER"
	Collection   Dunning = "COLLECTION"
)

// DunningDays are from one dunning to the next.
const DunningDays = 14

var nextState = map[Dunning]Dunning{NotDunned: Reminder, Reminder: LastReminder, LastReminder: Collection}

// dun takes a late invoice to its next state and says so by the event
// invoice.dunned; whoever writes reminders reads it.
func (i *Invoice) dun(tx store.Tx, asOf time.Time) error {
	i.Dunning, i.NextDunning = nextState[i.Dunning], asOf.AddDate(0, 0, DunningDays)
	if err := invoices.Put(tx, i); err != nil {
		return err
	}
	return announce(tx, "invoice.dunned", i)
}

// announce emits an event about an invoice.
func announce(tx store.Tx, topic string, i *Invoice) error {
	body, err := json.Marshal(map[string]string{
		"INVOICE_ID": i.ID.String(), "INVOICE_NUMBER": i.Number, "BILLING_GROUP_ID": i.Group.String(), "ACCOUNT_ID": i.Account.String(),
		"DUNNING_STATE": string(i.Dunning), "DUE_DATE": day(i.DueDate)})
	if err != nil {
		return err
	}
	return tx.Emit(topic, body)
}

// dunBrand duns what is late in a brand, a batch in each transaction. A dry run
// only counts.
func (r *Run) dunBrand(ctx context.Context, st store.Store, brand *catalogue.Brand) error {
	for position, more := []byte(nil), true; more; {
		var late int
		unit, dun := st.Update, (*Invoice).dun
		if r.DryRun {
			unit, dun = st.View, func(*Invoice, store.Tx, time.Time) error { return nil }
		}
		err := unit(ctx, func(tx store.Tx) error {
			late = 0
			page, next, err := invoices.Page(tx, byDue, store.Compose(brand.Key, ""), position, dunningBatch)
			if err != nil {
				return err
			}
			for _, i := range page {
				if i.NextDunning.After(r.day) {
					break
				}
				if err := dun(i, tx, r.day); err != nil {
					return err
				}
				late++
			}
			more = late == len(page) && late == dunningBatch
			if r.DryRun {
				position, more = next, more && next != nil
			}
			return nil
		})
		if err != nil {
			return err
		}
		r.report.Dunned += late
	}
	return nil
}

const dunningBatch = 256

// lines are texts without the empty ones, spaces in them made single.
func lines(texts ...string) []string {
	var kept []string
	for _, t := range texts {
		if t = strings.Join(strings.Fields(t), " "); t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}
