package ledger

import (
	"time"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
)

// Due gives the periods of a billing group that are over on the day asOf and not
// billed, oldest first; none for a prepaid one. The first is the one the group
// was made in.
func (l *Ledger) Due(brand *catalogue.Brand, g *customer.BillingGroup, asOf time.Time) []period.Period {
	if g.Type != catalogue.PostPaid {
		return nil
	}
	start := l.BilledUntil
	if start.IsZero() {
		start = brand.Day(createdAt(g))
	}
	var over []period.Period
	for p := period.At(g, start).Within(l.BilledUntil, time.Time{}); !p.Until.After(asOf); p = period.At(g, p.Until) {
		over = append(over, p)
	}
	return over
}

// SoFar gives the periods of a billing group that are not billed, oldest first:
// those that are over and as much of the next one as is gone by the end of today.
func (l *Ledger) SoFar(brand *catalogue.Brand, g *customer.BillingGroup, today time.Time) []period.Period {
	if g.Type != catalogue.PostPaid {
		return nil
	}
	all, tomorrow := l.Due(brand, g, today), today.AddDate(0, 0, 1)
	start := l.BilledUntil
	switch {
	case len(all) > 0:
		start = all[len(all)-1].Until
	case start.IsZero():
		start = brand.Day(createdAt(g))
	}
	if current := period.At(g, start).Within(l.BilledUntil, tomorrow); current.Days() > 0 {
		all = append(all, current)
	}
	return all
}

// AllBilledBefore is the day before which all that was posted is billed, if it is of
// billed days: the end of those, or the day on which they were billed before that end.
func (l *Ledger) AllBilledBefore() time.Time {
	if !l.BilledOn.IsZero() && l.BilledOn.Before(l.BilledUntil) {
		return l.BilledOn
	}
	return l.BilledUntil
}

// createdAt is when a billing group was made. Its id tells where nothing else
// does; but ids run ahead of the time when many are wanted, maybe into the next
// period.
func createdAt(g *customer.BillingGroup) time.Time {
	if g.Created.IsZero() {
		return period.MadeAt(g.ID)
	}
	return g.Created
}
