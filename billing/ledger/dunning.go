package ledger

import (
	"time"
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

// Values are all states, for who reads one from outside.
func (Dunning) Values() []string {
	return []string{string(NotDunned), string(Reminder), string(LastReminder), string(Collection)}
}

// IssuedOn dates an invoice: it is asked for from the day it is really issued on,
// and not dunned before the day after it is due.
func (i *Invoice) IssuedOn(today time.Time, creditDays int) {
	i.Date, i.DueDate, i.NextDunning = today, today.AddDate(0, 0, creditDays), today.AddDate(0, 0, creditDays+1)
	i.Dunning = NotDunned
}

// Overdue reports whether more than the due date of an open invoice has passed.
func (i *Invoice) Overdue(today time.Time) bool {
	return i.Outstanding().IsPositive() && i.DueDate.Before(today)
}

// Late reports whether an invoice may be dunned on a day.
func (i *Invoice) Late(today time.Time) bool {
	return i.Overdue(today) && i.Dunning != Collection && !i.NextDunning.After(today)
}

var DunningOrder = map[Dunning]int{NotDunned: 0, Reminder: 1, LastReminder: 2, Collection: 3}

// Dunned is the day on which the invoice was dunned last; the zero time for one
// that never was.
func (i *Invoice) Dunned() time.Time {
	if i.Dunning == NotDunned || !i.DunnedOn.IsZero() {
		return i.DunnedOn
	}
	return i.NextDunning.AddDate(0, 0, -14) // which earlier versions waited
}
