package catalogue

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// EarlierTax is what a tax took before a day on which an import changed it.
type EarlierTax struct {
	Until   string          `key:"UNTIL"` // yyyy-MM-dd: the first day on which it is something else
	Rate    decimal.Decimal `key:"RATE" write:"always"`
	Retired bool            `key:"RETIRED" json:",omitempty"` // the tax did not hold
	source  *node           // as Entry's
}

func (e *EarlierTax) placed(n *node) { e.source = n }

// taxed is what a tax takes on a day of its period.
type taxed struct {
	rate    decimal.Decimal
	retired bool
}

func (x taxed) same(y taxed) bool { return x.retired == y.retired && x.rate.Equal(y.rate) }

// terms are what the tax takes by the day.
func (t *Tax) terms() []term[taxed] {
	terms, from := []term[taxed]{}, ""
	for _, e := range t.Earlier {
		terms, from = append(terms, term[taxed]{from, taxed{e.Rate, e.Retired}}), e.Until
	}
	return append(terms, term[taxed]{from, taxed{t.Rate, t.Retired}})
}

// setTerms keeps them, in a list of its own: the file may be imported again.
func (t *Tax) setTerms(terms []term[taxed]) {
	t.Earlier = nil
	for n, x := range terms[1:] {
		t.Earlier = append(t.Earlier, &EarlierTax{Until: x.from, Rate: terms[n].is.rate, Retired: terms[n].is.retired})
	}
	last := terms[len(terms)-1].is
	t.Rate, t.Retired = last.rate, last.retired
}

// rateOn is what a tax takes on a day, yyyy-MM-dd, and whether it holds then.
func (t *Tax) rateOn(day string) (rate decimal.Decimal, holds bool) {
	is := taxed{t.Rate, t.Retired}
	if len(t.Earlier) > 0 {
		is = termOn(t.terms(), day)
	}
	return is.rate, !is.retired && t.Period.on(day)
}

// changes are the first days on which rateOn says something else than the day
// before may have said.
func (t *Tax) changes() []string {
	days := t.Period.changes()
	for _, e := range t.Earlier {
		days = append(days, e.Until)
	}
	return days
}

// gone reports whether the tax holds on no day, whatever its period.
func (t *Tax) gone() bool {
	return t.Retired && !slices.ContainsFunc(t.Earlier, func(e *EarlierTax) bool { return !e.Retired })
}

// follow keeps what the tax took on the days that are over: another rate, and being
// retired, count from the day of the import. A file that only gives the rate which is
// the last kept already, be it of a day to come, changes nothing. Whom the tax is of,
// and its period, are no matter of days: of a tax that held before today they stay as
// they are, but for a last day from yesterday on. What says something else of days
// that are over fails with CATALOGUE_PAST_CHANGED.
func (t *Tax) follow(old *Tax, s schedule) error {
	if old == nil {
		t.setTerms(joined(t.terms()))
		return nil
	}
	if !old.gone() && (old.begunBefore(s.today) || t.begunBefore(s.today)) {
		if key := t.differs(old, s.today); key != "" {
			return PastChanged.With("%s of tax %s of brand %s has been another one on days before %s; end the tax with valid_to and give the new one a code of its own", key, t.Code, t.Brand, s.today)
		}
	}
	kept, said := old.terms(), t.terms()
	start := s.from
	if len(said) > 1 {
		first, last := said[1].from, said[len(said)-1].from
		_, wrong := denied(kept, said, first, min(last, s.today))
		if first <= s.today && wrong || last < s.today && !slices.ContainsFunc(kept, func(x term[taxed]) bool { return x.from == last }) {
			return PastChanged.With("the earlier rates of tax %s of brand %s are not those that are kept; write them as `rator catalogue export` does", t.Code, t.Brand)
		}
	} else if !s.asked && said[0].is.same(kept[len(kept)-1].is) {
		said, start = kept, s.today
	}
	t.setTerms(spliced(kept, said, start))
	return nil
}

// retire has the tax hold no more from the day of an import on.
func (t *Tax) retire(s schedule) {
	t.setTerms(spliced(t.terms(), []term[taxed]{{"", taxed{t.Rate, true}}}, s.from))
}

// begunBefore reports whether the tax's period begins before a day.
func (t *Tax) begunBefore(day string) bool { return t.ValidFrom == "" || t.ValidFrom < day }

// differs names a key in which the tax, whatever its rate, differs from the one kept
// on days before today; "" when it does not.
func (t *Tax) differs(old *Tax, today string) string {
	switch {
	case t.Country != old.Country:
		return "country"
	case t.State != old.State:
		return "state"
	case plainCity(t.City) != plainCity(old.City):
		return "city"
	case t.ZIP != old.ZIP:
		return "zip"
	case t.Customers != old.Customers:
		return "customers"
	case !slices.Equal(t.TransactionTypes, old.TransactionTypes):
		return "transaction_types"
	case !slices.Equal(t.ServiceTypes, old.ServiceTypes):
		return "service_types"
	case t.ValidFrom != old.ValidFrom:
		return "valid_from"
	case t.ValidTo != old.ValidTo && (over(t.ValidTo, today) || over(old.ValidTo, today)):
		return "valid_to"
	}
	return ""
}

// over reports whether the day after a last day is before today.
func over(last, today string) bool {
	day, err := time.Parse(time.DateOnly, last)
	return err == nil && day.AddDate(0, 0, 1).Format(time.DateOnly) < today
}

func (t *Tax) checkEarlier(c *checker) {
	var before *EarlierTax
	for _, e := range t.Earlier {
		at := &Entry{source: e.source}
		c.rate(at, e.Rate)
		if !c.present(at, "until", e.Until) {
			continue
		}
		switch _, err := time.Parse(time.DateOnly, e.Until); {
		case err != nil:
			c.mistake(at, "until", `until %q must be a day, such as "2026-01-31"`, e.Until)
		case before == nil || before.Until < e.Until:
			before = e
		default:
			c.mistake(at, "until", "until %s is not after the %s in line %d; write earlier rates in order of days", e.Until, before.Until, before.source.line)
		}
	}
}

func (c *checker) rate(e *Entry, rate decimal.Decimal) {
	switch {
	case !e.source.has("rate"):
		c.mistake(e, "rate", "rate is missing; write 0 for a place without tax")
	case rate.IsNegative() || rate.GreaterThan(hundred):
		c.mistake(e, "rate", "rate %s must be 0 to 100, in percent", rate)
	case !rate.Equal(rate.Truncate(maxTaxDecimals)):
		c.mistake(e, "rate", "rate %s has more than %d decimals", rate, maxTaxDecimals)
	}
}
