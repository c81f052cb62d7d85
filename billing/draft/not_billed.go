package draft

import (
	"time"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
)

// notBilled gives the days on which a subscription costs no recurrent prices, in
// their order: those on which it was blocked all day, by a type of block that the
// brand does not bill in (billed_while_blocked). The days of the block's beginning
// and end are billed, unless it began at midnight.
func notBilled(brand *catalogue.Brand, s *customer.Subscription) []period.Period {
	var free []period.Period
	for _, b := range s.Blocks {
		if brand.BilledWhileBlocked(b.Type) {
			continue
		}
		p := period.Between(brand.Day(b.From), endless)
		if brand.Day(b.From.Add(-1)).Equal(p.From) { // it began inside the day
			p.From = p.From.AddDate(0, 0, 1)
		}
		if !b.Until.IsZero() {
			p.Until = brand.Day(b.Until)
		}
		if p.Days() > 0 {
			free = append(free, p)
		}
	}
	return free
}

// without takes days out of spans that follow each other.
func without(spans []span, free []period.Period) []span {
	for _, f := range free {
		var left []span
		for _, s := range spans {
			for _, rest := range []period.Period{s.Within(time.Time{}, f.From), s.Within(f.Until, time.Time{})} {
				if rest.Days() > 0 {
					left = append(left, span{rest, s.place})
				}
			}
		}
		spans = left
	}
	return spans
}
