package verify

import (
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/customer"
	"rator/store"
)

// sums are a billing group's postings, added up.
type sums struct {
	all, paid, unbilled decimal.Decimal
	invoiced            map[store.ID]billed
	settled             map[store.ID]*ledger.Invoice
	payments            map[store.ID]*ledger.Posting // PAYMENT and REVERSAL
	refunded            decimal.Decimal              // above 0
	refunds             map[store.ID]decimal.Decimal // of a payment, above 0
	days                billedDays
	backs, again        []*ledger.Posting     // that take others back, and that bill them again, oldest first
	notes               map[store.ID]store.ID // credit notes, and the invoices that they are for
}

// billed is what the lines of an invoice make; owed is positive.
type billed struct{ all, tax decimal.Decimal }

func (v *verification) add(g *customer.BillingGroup, l *ledger.Ledger, wrong func(string, ...any)) (*sums, error) {
	s := &sums{invoiced: map[store.ID]billed{}, settled: map[store.ID]*ledger.Invoice{}, payments: map[store.ID]*ledger.Posting{}, refunds: map[store.ID]decimal.Decimal{},
		days: billedDays{}, notes: map[store.ID]store.ID{}}
	for p, err := range ledger.Postings.All(v.tx, ledger.ByGroup, g.ID.String()) {
		if err != nil {
			return nil, err
		}
		v.seen[ledger.Postings.Name()]++
		if p.Account != g.Account || p.Currency != g.Balance.Currency {
			wrong("posting %s is of account %s in %s, the group of %s in %s", p.ID, p.Account, p.Currency, g.Account, g.Balance.Currency)
		}
		s.all = s.all.Add(p.Amount)
		if p.Kind == ledger.Recurrent {
			s.days.add(p, wrong)
		}
		if p.Credits != 0 {
			s.backs = append(s.backs, p)
		}
		if p.Again != 0 {
			s.again = append(s.again, p)
		}
		switch {
		case !p.Kind.Billed():
			s.paid = s.paid.Add(p.Amount)
			if p.Invoice != 0 {
				wrong("posting %s is a %s and on invoice %s", p.ID, p.Kind, p.Invoice)
			}
			switch p.Kind {
			case ledger.Payment, ledger.Reversal:
				s.payments[p.ID] = p
			case ledger.WriteOff, ledger.Transfer:
				if err := v.balances(p, wrong); err != nil {
					return nil, err
				}
			case ledger.Refund:
				s.refunded = s.refunded.Sub(p.Amount)
				if p.Payment != 0 {
					s.refunds[p.Payment] = s.refunds[p.Payment].Sub(p.Amount)
				}
			}
		case p.Invoice == 0:
			s.unbilled = s.unbilled.Add(p.Amount)
			// A correction is dated when it was made, a line by its first day.
			if (p.Kind == ledger.Recurrent && p.EffectiveDay().Equal(p.From) || p.Kind == ledger.Tax) && p.Credits == 0 && p.Again == 0 {
				wrong("posting %s is a %s and on no invoice", p.ID, p.Kind)
			}
			// A run never comes before the end of the period it bills: what was posted
			// before that end was there for it to see.
			if made, err := v.madeOn(p); err != nil {
				return nil, err
			} else if p.EffectiveDay().Before(l.BilledUntil) && made.Before(l.AllBilledBefore()) {
				wrong("posting %s of %s is on no invoice, though all is billed before %s", p.ID, period.Format(p.EffectiveDay()), period.Format(l.BilledUntil))
			}
		default:
			s.bill(p)
		}
	}
	return s, nil
}

// madeOn is the day that a posting was made on: of the brand, or of UTC for those
// that were billed by the days of UTC.
func (v *verification) madeOn(p *ledger.Posting) (time.Time, error) {
	made := period.MadeAt(p.ID)
	if p.Day.IsZero() {
		return period.DayOfUTC(made), nil
	}
	brand, err := customer.BrandOf(v.tx, p.Account)
	if err != nil {
		return made, err
	}
	return brand.Day(made), nil
}

// bill adds a line of an invoice.
func (s *sums) bill(p *ledger.Posting) {
	b := s.invoiced[p.Invoice]
	b.all = b.all.Sub(p.Amount)
	if p.Kind == ledger.Tax {
		b.tax = b.tax.Sub(p.Amount)
	}
	s.invoiced[p.Invoice] = b
}
