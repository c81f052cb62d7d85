package verify

import (
	"rator/billing/ledger"
	"rator/billing/period"
)

// dunning checks that an invoice was never dunned before the day after it was due,
// nor may be, and that what was dunned says when. Versions before did not keep the
// day.
func (v *verification) dunning(i *ledger.Invoice, wrong func(string, ...any)) {
	_, known := ledger.DunningOrder[i.Dunning]
	switch {
	case !known:
		wrong("invoice %s is dunned %q", i.Number, i.Dunning)
	case i.DueDate.Before(i.Date):
		wrong("invoice %s of %s is due on %s", i.Number, period.Format(i.Date), period.Format(i.DueDate))
	case !i.NextDunning.IsZero() && !i.NextDunning.After(i.DueDate):
		wrong("invoice %s is due on %s and may be dunned on %s", i.Number, period.Format(i.DueDate), period.Format(i.NextDunning))
	case i.Dunning == ledger.NotDunned && !i.DunnedOn.IsZero():
		wrong("invoice %s was dunned on %s and is %s", i.Number, period.Format(i.DunnedOn), i.Dunning)
	case !i.DunnedOn.IsZero() && (!i.DunnedOn.After(i.DueDate) || !i.NextDunning.After(i.DunnedOn)):
		wrong("invoice %s is due on %s, was dunned on %s and may be again on %s", i.Number, period.Format(i.DueDate), period.Format(i.DunnedOn), period.Format(i.NextDunning))
	}
}
