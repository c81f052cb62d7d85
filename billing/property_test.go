package billing

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
)

var (
	seed  = flag.Uint64("seed", 0, "of the random operations; 0 = those that every run has")
	steps = flag.Int("steps", 300, "how many random operations to run")
)

// TestLedgerOfRandomLives: customers live, pay and are billed at random. After
// each step each balance is the sum of its postings and what invoices and
// payments say (Verify), and is what a model of the test's own says: the model
// adds up what was posted and paid, and each midnight notes which option of which
// subscription is to be paid by which group for the day that ended. What was
// posted is billed once when its period is over, and so is each day noted.
func TestLedgerOfRandomLives(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("go test -run %s -seed %d -steps %d", t.Name(), *seed, *steps)
	m := &model{books: open(t), Rand: rand.New(rand.NewPCG(*seed, 0)), groups: map[store.ID]*modelGroup{}, outcomes: map[string]int{}}
	m.signUp()
	for step := range *steps {
		what := m.step()
		for _, fault := range m.faults() {
			t.Errorf("verify: %s", fault)
		}
		m.check()
		if t.Failed() {
			t.Fatalf("step %d: %s, on %s", step, what, m.now)
		}
	}
	t.Logf("outcomes: %v", m.outcomes)
	if m.outcomes["run OK"] == 0 || m.outcomes["subscribe OK"] == 0 || m.outcomes["pay OK"] == 0 {
		t.Errorf("the operations reach too little: %v", m.outcomes)
	}
}

// step does one operation, and says which.
func (m *model) step() string {
	operations := []struct {
		name string
		do   func() error
	}{
		{"charge", m.addCharge}, {"charge", m.addCharge}, {"pay", m.savePayment}, {"pay", m.savePayment}, {"capture", m.capture},
		{"subscribe", m.subscribeOption}, {"subscribe", m.subscribeOption}, {"unsubscribe", m.unsubscribeOption},
		{"live", m.live}, {"live", m.live}, {"live", m.live}, {"move", m.moveSubscription}, {"open", m.openBalance},
		{"run", m.bill}, {"run", m.bill}, {"run", m.bill}, {"wait", m.wait}, {"wait", m.wait}, {"sign up", m.signUpOrNot},
	}
	o := operations[m.IntN(len(operations))]
	err := o.do()
	code := failure.CodeOf(err)
	if err != nil && (code == nil || code.Kind == failure.Internal) {
		m.Fatalf("%s: %v", o.name, err)
	}
	outcome := "OK"
	if code != nil {
		outcome = code.Name
	}
	m.outcomes[o.name+" "+outcome]++
	return o.name + ": " + outcome
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// amount is up to 500, now and then more than there may be.
func (m *model) amount() *decimal.Decimal {
	d := decimal.New(m.Int64N(50_000), -2)
	if m.IntN(30) == 0 {
		d = maxAmount.Add(d)
	}
	return &d
}

func (m *model) signUpOrNot() error {
	if len(m.people) > 8 {
		return nil
	}
	m.signUp()
	return nil
}

// posted keeps what an operation posted.
func (m *model) posted(p *ledger.Posting, err error) error {
	if err == nil && p != nil {
		m.groups[p.Group].postings[p.ID] = p.Amount
	}
	return err
}

func (m *model) addCharge() error {
	n := NewCharge{Group: pick(m.Rand, m.people...).group, ChargeItem: pick(m.Rand, "DEBIT", "DEBIT", "PRICED", "CREDIT", "GONE")}
	if n.ChargeItem != "PRICED" {
		n.Amount = m.amount()
	}
	var p *ledger.Posting
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		p, err = AddCharge(tx, brand, n)
		return err
	})
	return m.posted(p, err)
}

func (m *model) savePayment() error {
	f := ledger.PaymentFields{Amount: *m.amount(), Captured: m.IntN(4) > 0, Date: m.now.Add(-time.Duration(m.IntN(40*24)) * time.Hour)}
	if m.IntN(3) == 0 {
		f.Fee = decimal.New(m.Int64N(500), -2)
	}
	if m.IntN(2) == 0 || !f.Captured {
		f.TransactionID = fmt.Sprint("T", m.IntN(60))
	}
	return m.pay(pick(m.Rand, m.people...).group, f)
}

// capture captures a payment that was recorded before, or does so again.
func (m *model) capture() error {
	if len(m.promises) == 0 {
		return nil
	}
	p := pick(m.Rand, m.promises...)
	p.Captured = true
	return m.pay(p.group, p.PaymentFields)
}

func (m *model) pay(group store.ID, f ledger.PaymentFields) error {
	var kept *ledger.PaymentRecord
	var fee *ledger.Posting
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		fee = nil
		if kept, err = SavePayment(tx, brand, group, f); err != nil || !f.Captured || f.Fee.IsZero() {
			return err
		}
		fee, err = ledger.Postings.Get(tx, kept.Posting+1) // the ids of a unit follow each other
		return err
	})
	switch {
	case err != nil:
		return err
	case !f.Captured:
		m.promises = append(m.promises, promise{group, f})
		return nil
	}
	m.groups[group].paid = m.groups[group].paid.Add(f.Amount)
	if fee != nil && (fee.Kind != ledger.Fee || !fee.Amount.Equal(f.Fee.Neg())) {
		m.Errorf("the fee %s became %+v", f.Fee, fee)
	}
	return m.posted(fee, nil)
}

func (m *model) openBalance() error {
	g := m.groups[pick(m.Rand, m.people...).group]
	d := *m.amount()
	if m.IntN(2) == 0 {
		d = d.Neg()
	}
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := OpenBalance(tx, brand, g.group, d, "brought along")
		return err
	})
	if err == nil {
		g.paid = g.paid.Add(d)
	}
	return err
}

func (m *model) option(tx store.Tx, brand *catalogue.Brand, key string) *catalogue.Option {
	return must(catalogue.OptionNamed(tx, brand, key))
}

func (m *model) subscribeOption() error {
	p, key := pick(m.Rand, m.subs...), pick(m.Rand, "LINE", "DATA", "FREE")
	var charged *ledger.Posting
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		o := m.option(tx, brand, key)
		if _, err := addOptions(tx, brand, p.subscription, []string{o.CatalogueID}); err != nil {
			return err
		}
		var err error
		charged, err = ChargeInitialPrice(tx, brand, p.subscription, o)
		return err
	})
	return m.posted(charged, err)
}

func (m *model) unsubscribeOption() error {
	p, key := pick(m.Rand, m.subs...), pick(m.Rand, "LINE", "DATA", "FREE")
	return m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		plan, err := option.PlanToUnsubscribe(tx, brand, p.subscription, []string{m.option(tx, brand, key).CatalogueID})
		if err != nil {
			return err
		}
		return plan.Unsubscribe(tx)
	})
}

// live takes a subscription to another state, or closes an account.
func (m *model) live() error {
	p, what := pick(m.Rand, m.subs...), m.IntN(16)
	return m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		switch {
		case what < 8:
			_, err = customer.ActivateSubscription(tx, brand, p.subscription)
		case what < 10:
			_, err = customer.BlockSubscription(tx, brand, p.subscription, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: "BLOCK_AS_STOLEN"}})
		case what < 12:
			_, err = customer.UnblockSubscription(tx, brand, p.subscription)
		case what < 13:
			_, err = customer.TerminateSubscription(tx, brand, p.subscription)
		case what < 15:
			_, err = customer.ReactivateSubscription(tx, brand, p.subscription)
		default:
			_, err = customer.CloseAccount(tx, brand, p.account)
		}
		return err
	})
}

func (m *model) moveSubscription() error {
	p, to := pick(m.Rand, m.subs...), pick(m.Rand, m.people...)
	return m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		return customer.ChangeBillingGroup(tx, brand, p.subscription, to.group)
	})
}

// wait lets some hours or days go by. Each midnight the model notes what the day
// that ends is to be paid for.
func (m *model) wait() error {
	until := m.now.Add(time.Duration(1+m.IntN(200)) * time.Hour)
	for {
		next := period.DayOfUTC(m.now).AddDate(0, 0, 1)
		if next.After(until) {
			break
		}
		m.noteDay(period.DayOfUTC(m.now))
		m.now = next
	}
	m.now = until
	return nil
}

// bill makes a run for today or a day before, now and then one that is cut off,
// or dry.
func (m *model) bill() error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	r := Run{AsOf: period.DayOfUTC(m.now).AddDate(0, 0, -m.IntN(3)), DryRun: m.IntN(5) == 0}
	if m.IntN(5) == 0 {
		r.Progress = func(*Report, int64) { stop() }
	}
	report, err := r.Do(ctx, m)
	if err != nil && ctx.Err() != nil {
		err = nil
	}
	if err == nil && report.Refused > 0 {
		m.Errorf("refused: %v", report.Reasons)
	}
	return err
}
