package billing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// model is what the test knows of the customers.
type model struct {
	*books
	*rand.Rand
	people   []person // one for each billing group
	subs     []person // and for each subscription
	groups   map[store.ID]*modelGroup
	promises []promise
	outcomes map[string]int
}

// modelGroup is what was posted and paid in a billing group.
type modelGroup struct {
	person
	prepaid  bool
	paid     decimal.Decimal              // with the opening balance
	postings map[store.ID]decimal.Decimal // to be billed
	days     map[string]bool              // day, subscription and option, to be billed
}

type promise struct {
	group store.ID
	ledger.PaymentFields
}

func (m *model) signUp() {
	p := m.books.signUp(pick(m.Rand, "MONTH", "MONTH", "WEEK", "QUARTER", "PREPAID"), fmt.Sprint("Number ", len(m.people)))
	m.subs = append(m.subs, p)
	m.add(p)
	if m.IntN(2) == 0 {
		m.add(m.addGroup(p))
	}
}

func (m *model) add(p person) {
	m.people = append(m.people, p)
	g := &modelGroup{person: p, postings: map[store.ID]decimal.Decimal{}, days: map[string]bool{}}
	m.look(func(tx store.Tx, brand *catalogue.Brand) error {
		kept, err := customer.BillingGroupByID(tx, brand, p.group)
		g.prepaid = err == nil && kept.Type != catalogue.PostPaid
		return err
	})
	m.groups[p.group] = g
}

func (m *model) noteDay(d time.Time) {
	m.look(func(tx store.Tx, brand *catalogue.Brand) error {
		for _, p := range m.subs {
			w, err := customer.LoadWhole(tx, brand, p.account)
			if err != nil {
				return err
			}
			s := w.Subscription(p.subscription)
			had := w.OptionsOf(p.subscription)
			if s.State != customer.Active && s.State != customer.Blocked {
				had = nil
			}
			for _, o := range w.Options { // taken and dropped within the day
				within := o.Subscription == s.ID && o.Dropped && period.Format(o.From) == period.Format(d) && period.Format(o.Until) == period.Format(d)
				if within && !s.Started.IsZero() && o.Until.After(s.Started) {
					had = append(had, o)
				}
			}
			at := slices.IndexFunc(w.Memberships, func(x *customer.Membership) bool { return x.Open() && x.Subscription == p.subscription })
			for _, o := range had {
				if o.OptionKey != "FREE" {
					m.groups[w.Memberships[at].BillingGroup].days[fmt.Sprint(period.Format(d), p.subscription, o.OptionID)] = true
				}
			}
		}
		return nil
	})
}

// check compares the model with what is kept.
func (m *model) check() {
	m.Helper()
	m.look(func(tx store.Tx, brand *catalogue.Brand) error {
		for _, g := range m.groups {
			if err := g.check(m, tx, brand); err != nil {
				return err
			}
		}
		return nil
	})
}

func (g *modelGroup) check(m *model, tx store.Tx, brand *catalogue.Brand) error {
	kept, err := customer.BillingGroupByID(tx, brand, g.group)
	if err != nil {
		return err
	}
	l, err := ledger.Of(tx, g.account, g.group)
	if err != nil {
		return err
	}
	spans := map[store.ID]period.Period{} // what each invoice is for
	total := decimal.Zero
	for i, err := range ledger.Invoices.All(tx, ledger.ByGroup, g.group.String()) {
		if err != nil {
			return err
		}
		spans[i.ID], total = period.Between(i.From, i.Until), total.Add(i.Total)
	}
	said, waiting := g.paid.Sub(total), map[store.ID]bool{}
	for id := range g.postings {
		waiting[id] = true
	}
	billed, taxed, tax := map[string]int{}, map[store.ID]decimal.Decimal{}, map[store.ID]decimal.Decimal{}
	for p, err := range ledger.Postings.All(tx, ledger.ByGroup, g.group.String()) {
		if err != nil {
			return err
		}
		switch p.Kind {
		case ledger.Payment, ledger.Opening:
			continue
		case ledger.Tax:
			tax[p.Invoice] = tax[p.Invoice].Add(p.Amount)
			continue
		case ledger.Recurrent:
			g.countDays(m, p, spans[p.Invoice], billed)
		default:
			if amount, known := g.postings[p.ID]; !known || !amount.Equal(p.Amount) {
				m.Errorf("posting %s of %s is unknown to the model, or of %s", p.ID, p.Amount, amount)
			}
			delete(waiting, p.ID)
			due := p.Date.Before(l.BilledUntil) && period.MadeAt(p.ID).Before(l.BilledUntil)
			if span := spans[p.Invoice]; due != (p.Invoice != 0) && (due || !p.Date.Before(span.Until)) {
				m.Errorf("posting %s of %s, billed before %s, is on invoice %s of %s..%s", p.ID, p.Date, period.Format(l.BilledUntil), p.Invoice, period.Format(span.From), period.Format(span.Until))
			}
			if p.Invoice == 0 {
				said = said.Add(p.Amount)
			}
		}
		if p.Kind != ledger.Fee && p.Invoice != 0 {
			taxed[p.Invoice] = taxed[p.Invoice].Add(p.Amount)
		}
	}
	if len(waiting) > 0 {
		m.Errorf("group %s: postings %v are lost", g.group, waiting)
	}
	for d := range g.days {
		if over := d[:len(time.DateOnly)] < period.Format(l.BilledUntil) && !l.BilledUntil.IsZero(); over != (billed[d] == 1) {
			m.Errorf("group %s: %s is billed %d times, all is billed before %s", g.group, d, billed[d], period.Format(l.BilledUntil))
		}
		delete(billed, d)
	}
	if len(billed) > 0 {
		m.Errorf("group %s: billed without a reason: %v", g.group, billed)
	}
	for id, net := range taxed {
		if want := net.Mul(decimal.New(25, -2)).Round(2); !tax[id].Equal(want) {
			m.Errorf("invoice %s has a tax of %s on %s, want %s", id, tax[id], net, want)
		}
	}
	if !said.Equal(kept.Balance.Amount) {
		m.Errorf("group %s: the balance is %s, payments, invoices and the rest say %s", g.group, kept.Balance.Amount, said)
	}
	if g.prepaid && (len(spans) > 0 || l.BilledUntil != time.Time{}) {
		m.Errorf("group %s is prepaid and was billed", g.group)
	}
	return nil
}

// countDays counts the days of an option's price, which must be of its invoice's
// period. What they cost is TestDaysOfRandomLives'.
func (g *modelGroup) countDays(m *model, p *ledger.Posting, span period.Period, billed map[string]int) {
	if p.From.Before(span.From) || p.Until.After(span.Until) {
		m.Errorf("the price of %s..%s is on an invoice of %s..%s", period.Format(p.From), period.Format(p.Until), period.Format(span.From), period.Format(span.Until))
	}
	for d := p.From; d.Before(p.Until); d = d.AddDate(0, 0, 1) {
		billed[fmt.Sprint(period.Format(d), p.Subscription, p.Option)]++
	}
}
