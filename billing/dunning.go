package billing

import (
	"strings"
	"time"

	"rator/catalogue"
	"rator/store"
)

// Dunning says how far a late invoice has been reminded of.
type Dunning string

// The dunning states. The billing run takes an invoice that is late to the next
// state, one at a time: never before the day after its due date, then as many
// real days after it was dunned last as the brand says (dunning_days), whatever
// day the run is for. After COLLECTION there is none. Paying ends it; the state
// stays as it was.
const (
	NotDunned    Dunning = "NONE"
	Reminder     Dunning = "REMINDER"
	LastReminder Dunning = "LAST_REMINDER"
	Collection   Dunning = "COLLECTION"
)

var nextState = map[Dunning]Dunning{NotDunned: Reminder, Reminder: LastReminder, LastReminder: Collection}

// issuedOn dates an invoice: it is asked for from the day it is really issued on,
// and not dunned before the day after it is due.
func (i *Invoice) issuedOn(today time.Time, creditDays int) {
	i.Date, i.DueDate, i.NextDunning = today, today.AddDate(0, 0, creditDays), today.AddDate(0, 0, creditDays+1)
	i.Dunning = NotDunned
}

// overdue reports whether more than the due date of an open invoice has passed.
func (i *Invoice) overdue(today time.Time) bool {
	return i.Outstanding().IsPositive() && i.DueDate.Before(today)
}

// late reports whether an invoice may be dunned on a day.
func (i *Invoice) late(today time.Time) bool {
	return i.overdue(today) && i.Dunning != Collection && !i.NextDunning.After(today)
}

// dun takes a late invoice to its next state and says so by the event
// invoice.dunned; whoever writes reminders reads it.
func (i *Invoice) dun(tx store.Tx, brand *catalogue.Brand) error {
	i.DunnedOn = brand.Day(tx.Now())
	i.Dunning, i.NextDunning = nextState[i.Dunning], i.DunnedOn.AddDate(0, 0, brand.DunningDays())
	if err := invoices.Put(tx, i); err != nil {
		return err
	}
	return i.announce(tx, invoiceDunned)
}

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
