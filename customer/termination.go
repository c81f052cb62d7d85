package customer

import (
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// SubscriptionTermination is the end of a subscription on a day to come, or the
// record of one that came (rator-api.md 5.1). A subscription has one at most that
// is PENDING.
type SubscriptionTermination struct {
	Part
	Subscription store.ID         `key:"SUBSCRIPTION_ID"`
	Date         time.Time        `key:"TERMINATION_DATE"` // when it is due
	State        TerminationState `key:"STATUS"`
	Settled      time.Time        `key:"STATUS_DATE"` // when it left PENDING; zero before
	Reason       string           `key:"REASON"`      // why it left PENDING, when not by being done
}

// TerminationState says how far a termination is.
type TerminationState string

// A termination is scheduled and becomes one of the others, once.
const (
	TerminationPending   TerminationState = "PENDING"
	TerminationDone      TerminationState = "DONE"
	TerminationCancelled TerminationState = "CANCELLED"
	TerminationRefused   TerminationState = "REFUSED" // a workflow did not let it happen
)

// Values are all states, for who reads one from outside.
func (TerminationState) Values() []string {
	return []string{string(TerminationPending), string(TerminationDone), string(TerminationCancelled), string(TerminationRefused)}
}

const (
	byPending = "pending" // subscription
	byDue     = "due"     // time of those that are PENDING
)

var terminations = define[SubscriptionTermination]("subscription_termination", UnknownTermination,
	store.Index[SubscriptionTermination]{Name: byPending, Taken: TerminationScheduled, Value: func(t *SubscriptionTermination) string {
		return t.ifPending(t.Subscription.String())
	}},
	store.Index[SubscriptionTermination]{Name: byDue, Value: func(t *SubscriptionTermination) string {
		return t.ifPending(store.TimeKey(t.Date))
	}})

func (t *SubscriptionTermination) ifPending(key string) string {
	if t.State != TerminationPending {
		return ""
	}
	return key
}

// maxTerminationYears is how far ahead a termination may be scheduled: longer than
// any binding period.
const maxTerminationYears = 3

// TerminationTooFarBack is told of a termination date that is past by more days than
// the brand lets one be (Brand.BackDatedDays).
var TerminationTooFarBack = failure.Declare(277, "TERMINATION_TOO_FAR_BACK", failure.Invalid, failure.Text{
	"EN": "the termination date is past by more days than the brand allows", "DK": "opsigelsesdatoen er passeret med flere dage, end brandet tillader", "SE": "uppsägningsdatumet har passerat med fler dagar än varumärket tillåter",
	"NO": "oppsigelsesdatoen er passert med flere dager enn merkevaren tillater", "FR": "la date de résiliation est passée de plus de jours que la marque ne le permet", "DE": "das Kündigungsdatum liegt mehr Tage zurück, als die Marke erlaubt"})

// ScheduleTermination says when a subscription that is not TERMINATED will end,
// or moves that day. A date that has come, today or as far back as the brand allows,
// is due at once: run it (RunTermination) in the same unit. Days are those of the
// date's own zone. It fails with WRONG_STATE, TERMINATION_BEFORE_START,
// TERMINATION_DATE_PAST for a day before today where the brand allows none,
// TERMINATION_TOO_FAR_BACK for one before those that it allows, and
// TERMINATION_DATE_TOO_FAR.
func ScheduleTermination(tx store.Tx, brand *catalogue.Brand, subscription store.ID, date time.Time) (*SubscriptionTermination, error) {
	sub, err := living(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	if err := checkTerminationDate(brand, date, later(sub.Started, sub.Reactivated), tx.Now()); err != nil {
		return nil, err
	}
	t, err := terminations.By(tx, byPending, sub.ID.String())
	switch {
	case failure.CodeOf(err) == UnknownTermination:
		t = &SubscriptionTermination{Part: Part{Account: sub.Account}, Subscription: sub.ID, Date: date.UTC(), State: TerminationPending}
		err = terminations.Insert(tx, t)
	case err == nil:
		t.Date = date.UTC()
		err = terminations.Put(tx, t)
	}
	if err != nil || !t.Date.After(tx.Now()) { // of one that is due, what comes of it tells
		return t, err
	}
	return t, t.tell(tx, terminationScheduled, brand, event.Time("TERMINATION_DATE", t.Date))
}

func checkTerminationDate(brand *catalogue.Brand, date, started, now time.Time) error {
	dayOf := func(t time.Time) string { return t.In(date.Location()).Format(time.DateOnly) }
	day := dayOf(date)
	switch {
	case !started.IsZero() && day < dayOf(started):
		return TerminationBeforeStart.With("%s, it started on %s", day, dayOf(started))
	case day < dayOf(now) && brand.BackDatedDays == 0:
		return TerminationDatePast.With("%s", day)
	case day < now.In(date.Location()).AddDate(0, 0, -brand.BackDatedDays).Format(time.DateOnly):
		return TerminationTooFarBack.With("%s is more than %d days ago", day, brand.BackDatedDays)
	case date.After(now.AddDate(maxTerminationYears, 0, 0)):
		return TerminationDateTooFar.With("%s is more than %d years ahead", day, maxTerminationYears)
	}
	return nil
}

// CancelTermination takes a scheduled termination back. It fails with
// TERMINATION_NOT_SCHEDULED.
func CancelTermination(tx store.Tx, brand *catalogue.Brand, subscription store.ID) (*SubscriptionTermination, error) {
	sub, err := living(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	t, err := terminations.By(tx, byPending, sub.ID.String())
	if failure.CodeOf(err) == UnknownTermination {
		return nil, TerminationNotScheduled.With("%s", sub.ID)
	}
	if err != nil {
		return nil, err
	}
	if err := t.settle(tx, TerminationCancelled, ""); err != nil {
		return nil, err
	}
	return t, t.tell(tx, terminationCancelled, brand)
}

// PendingTermination is the termination that is scheduled for a subscription of
// the brand; nil when none is.
func PendingTermination(tx store.Tx, brand *catalogue.Brand, subscription store.ID) (*SubscriptionTermination, error) {
	sub, err := SubscriptionByID(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	t, err := terminations.By(tx, byPending, sub.ID.String())
	if failure.CodeOf(err) == UnknownTermination {
		return nil, nil
	}
	return t, err
}

// living gives a subscription of an account that is open which may end.
func living(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, error) {
	sub, a, err := subscriptions.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if sub.State == Terminated {
		return nil, sub.State.refuses(ofSubscription, sub.ID, "be terminated")
	}
	return sub, nil
}

// TerminationByID finds a termination of the brand, or fails with
// UNKNOWN_TERMINATION.
func TerminationByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*SubscriptionTermination, error) {
	t, _, err := terminations.in(tx, brand, id)
	return t, err
}

// checkTerminations reports terminations that lead nowhere, or wait for what has
// ended.
func (w *Whole) checkTerminations(incomplete func(format string, args ...any)) {
	pending := map[store.ID]bool{}
	for _, t := range w.Terminations {
		sub := w.Subscription(t.Subscription)
		open := t.State == TerminationPending
		switch {
		case sub == nil:
			incomplete("termination %s is of subscription %s, which it does not have", t.ID, t.Subscription)
		case open && sub.State == Terminated:
			incomplete("termination %s is %s, subscription %s is %s", t.ID, t.State, sub.ID, sub.State)
		case open && pending[sub.ID]:
			incomplete("subscription %s has two terminations that are %s", sub.ID, t.State)
		case open != t.Settled.IsZero():
			incomplete("termination %s is %s since %s", t.ID, t.State, t.Settled)
		}
		pending[t.Subscription] = pending[t.Subscription] || open
	}
}
