package billing

import (
	"time"

	"rator/catalogue"
	"rator/customer"
)

// due gives the periods of a billing group that are over on the day asOf and not
// billed, oldest first; none for a prepaid one. The first is the one the group
// was made in.
func (l *Ledger) due(brand *catalogue.Brand, g *customer.BillingGroup, asOf time.Time) []period {
	if g.Type != catalogue.PostPaid {
		return nil
	}
	start := l.BilledUntil
	if start.IsZero() {
		start = brand.Day(createdAt(g))
	}
	var over []period
	for p := periodAt(g, start).within(l.BilledUntil, time.Time{}); !p.until.After(asOf); p = periodAt(g, p.until) {
		over = append(over, p)
	}
	return over
}

// soFar gives the periods of a billing group that are not billed, oldest first:
// those that are over and as much of the next one as is gone by the end of today.
func (l *Ledger) soFar(brand *catalogue.Brand, g *customer.BillingGroup, today time.Time) []period {
	if g.Type != catalogue.PostPaid {
		return nil
	}
	all, tomorrow := l.due(brand, g, today), today.AddDate(0, 0, 1)
	start := l.BilledUntil
	switch {
	case len(all) > 0:
		start = all[len(all)-1].until
	case start.IsZero():
		start = brand.Day(createdAt(g))
	}
	if current := periodAt(g, start).within(l.BilledUntil, tomorrow); current.days() > 0 {
		all = append(all, current)
	}
	return all
}

// allBilledBefore is the day before which all that was posted is billed, if it is of
// billed days: the end of those, or the day on which they were billed before that end.
func (l *Ledger) allBilledBefore() time.Time {
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
		return madeAt(g.ID)
	}
	return g.Created
}
