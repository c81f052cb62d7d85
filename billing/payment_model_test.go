package billing

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// till is what the test knows of the money of some billing groups.
type till struct {
	*books
	*rand.Rand
	people   []person
	balance  map[store.ID]decimal.Decimal // of a billing group
	paid     []*paid
	outcomes map[string]int
}

// paid is a payment as the test knows it.
type paid struct {
	id          store.ID
	group       store.ID
	transaction string
	amount, fee decimal.Decimal
	refunded    decimal.Decimal
	promised    bool
	gone        bool // reversed or moved
}

// TestPaymentsOfRandomTills: people are charged and billed, pay, name invoices, promise
// and keep it, get money back, and their payments bounce or are moved, at random. After
// each step Verify finds all in order, every balance is what the test adds up
// by itself, no payment is worth more than it was, what a payment named is paid, and
// what is open again is not dunned before tomorrow.
func TestPaymentsOfRandomTills(t *testing.T) {
	seeds := []uint64{1, 2}
	if *seed != 0 {
		seeds = []uint64{*seed}
	}
	outcomes := map[string]int{}
	for _, n := range seeds {
		t.Run(fmt.Sprint("seed ", n), func(t *testing.T) {
			m := &till{books: open(t), Rand: rand.New(rand.NewPCG(n, 7)), balance: map[store.ID]decimal.Decimal{}, outcomes: outcomes}
			for _, product := range []string{"MONTH", "WEEK", "MONTH", "PREPAID", "YEN"} {
				m.people = append(m.people, m.signUp(product, product))
			}
			m.people = append(m.people, m.addGroup(m.people[0]))
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
		})
	}
	t.Logf("outcomes: %v", outcomes)
	for _, what := range []string{"pay", "pay named", "capture", "reverse", "move", "refund", "refund credit", "bill"} {
		if outcomes[what+" OK"] == 0 {
			t.Errorf("no %s: %v", what, outcomes)
		}
	}
}

func (m *till) step() string {
	operations := []struct {
		name string
		do   func() error
	}{
		{"charge", m.chargeOne}, {"charge", m.chargeOne}, {"pay", m.payOne}, {"pay", m.payOne}, {"pay named", m.payNamed}, {"pay named", m.payNamed},
		{"capture", m.captureOne}, {"reverse", m.reverseOne}, {"move", m.moveOne}, {"refund", m.refundOne}, {"refund credit", m.refundCredit},
		{"bill", m.bill}, {"bill", m.bill},
	}
	o := operations[m.IntN(len(operations))]
	err := o.do()
	code := failure.CodeOf(err)
	if err != nil && (code == nil || code.Kind == failure.Internal || code.Kind == failure.Busy) {
		m.Fatalf("%s: %v", o.name, err)
	}
	outcome := "OK"
	if code != nil {
		outcome = code.Name
	}
	m.outcomes[o.name+" "+outcome]++
	return o.name + ": " + outcome
}

// some is an amount up to a most, in whole units.
func (m *till) some(most int64) decimal.Decimal { return decimal.NewFromInt(1 + m.Int64N(most)) }

func (m *till) moves(group store.ID, by decimal.Decimal) { m.balance[group] = m.balance[group].Add(by) }

func (m *till) chargeOne() error {
	p, amount := pick(m.Rand, m.people...), m.some(200)
	item, sign := pick(m.Rand, "DEBIT", "DEBIT", "DEBIT", "CREDIT"), decimal.NewFromInt(-1)
	if item == "CREDIT" {
		sign = sign.Neg()
	}
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: item, Amount: &amount})
		return err
	})
	if err == nil {
		m.moves(p.group, amount.Mul(sign))
	}
	return err
}

// save records a payment and learns what became of it.
func (m *till) save(p person, f ledger.PaymentFields) error {
	var kept *ledger.PaymentRecord
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		kept, err = SavePayment(tx, brand, p.group, f)
		return err
	})
	if err != nil {
		return err
	}
	if f.Captured {
		m.moves(p.group, f.Amount.Sub(f.Fee))
	}
	m.paid = append(m.paid, &paid{id: kept.ID, group: p.group, transaction: f.TransactionID, amount: f.Amount, fee: f.Fee, promised: !f.Captured})
	return nil
}

func (m *till) payOne() error {
	f := ledger.PaymentFields{Amount: m.some(400), Captured: m.IntN(4) > 0, Date: m.now.Add(-time.Duration(m.IntN(20*24)) * time.Hour)}
	if m.IntN(3) == 0 {
		f.Fee = m.some(5)
	}
	if m.IntN(2) == 0 || !f.Captured {
		f.TransactionID = fmt.Sprint("T", m.IntN(200))
	}
	return m.save(pick(m.Rand, m.people...), f)
}

// payNamed pays one of a person's invoices, which has then got what it was owed, as
// far as the money goes.
func (m *till) payNamed() error {
	p := pick(m.Rand, m.people...)
	all := m.invoicesOf(p)
	if len(all) == 0 {
		return nil
	}
	n := m.IntN(len(all))
	f := ledger.PaymentFields{Amount: m.some(300), Captured: true, Reference: all[n].Number}
	if err := m.save(p, f); err != nil {
		return err
	}
	want := decimal.Min(all[n].Outstanding(), f.Amount)
	if got := m.invoicesOf(p)[n].Settled.Sub(all[n].Settled); got.LessThan(want) {
		m.Errorf("%s named by %s got %s, want %s", all[n].Number, f.Amount, got, want)
	}
	return nil
}

func (m *till) captureOne() error {
	for _, p := range m.paid {
		if !p.promised {
			continue
		}
		err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := SavePayment(tx, brand, p.group, ledger.PaymentFields{Amount: p.amount, Fee: p.fee, Captured: true, TransactionID: p.transaction})
			return err
		})
		if err == nil {
			p.promised = false
			m.moves(p.group, p.amount.Sub(p.fee))
		}
		return err
	}
	return nil
}

// anyPayment is one that was recorded, by its id or by its transaction id.
func (m *till) anyPayment() (*paid, ledger.PaymentKey) {
	if len(m.paid) == 0 {
		return nil, ledger.PaymentKey{}
	}
	p := pick(m.Rand, m.paid...)
	if p.transaction != "" && !p.gone && m.IntN(2) == 0 {
		return p, ledger.PaymentKey{TransactionID: p.transaction}
	}
	return p, ledger.PaymentKey{ID: p.id}
}

func (m *till) reverseOne() error {
	p, key := m.anyPayment()
	if p == nil {
		return nil
	}
	n := NewReversal{PaymentKey: key, Reason: "bounced"}
	if m.IntN(3) == 0 {
		n.ChargeItem = "PRICED"
	}
	var u *Undone
	before := m.invoices(p.group)
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		u, err = ReversePayment(tx, brand, n)
		return err
	})
	m.refusedRightly(p, err)
	if err != nil {
		return err
	}
	p.gone = true
	m.moves(p.group, p.amount.Neg())
	if u.Fee != nil {
		m.moves(p.group, decimal.NewFromInt(-25))
	}
	m.opened(u, before)
	return nil
}

// refusedRightly wants a promise and what is gone to be refused.
func (m *till) refusedRightly(p *paid, err error) {
	m.Helper()
	code := failure.CodeOf(err)
	if p.gone != (code == PaymentReversed) || p.promised != (code == PaymentNotCaptured) {
		m.Errorf("%+v: %v", p, err)
	}
}

// invoices are those of a billing group by their ids.
func (m *till) invoices(group store.ID) map[store.ID]*ledger.Invoice {
	all := map[store.ID]*ledger.Invoice{}
	for _, i := range m.invoicesOf(person{group: group}) {
		all[i.ID] = i
	}
	return all
}

// opened wants what is open again to be dunned on from where it was, but not before
// tomorrow.
func (m *till) opened(u *Undone, before map[store.ID]*ledger.Invoice) {
	for _, i := range u.Opened {
		was := before[i.ID]
		if !i.Outstanding().GreaterThan(was.Outstanding()) || i.Dunning != was.Dunning || i.NextDunning.Before(was.NextDunning) ||
			was.Status() == ledger.Paid && !i.NextDunning.After(m.now) {
			m.Errorf("opened %+v, was %+v", i, was)
		}
	}
}

func (m *till) moveOne() error {
	p, key := m.anyPayment()
	if p == nil {
		return nil
	}
	to := pick(m.Rand, m.people...)
	var moved *ledger.PaymentRecord
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		moved, _, err = MovePayment(tx, brand, key, to.group, "the wrong one")
		return err
	})
	m.refusedRightly(p, err)
	if err != nil {
		return err
	}
	p.gone = true
	m.moves(p.group, p.amount.Neg().Add(p.fee))
	m.moves(to.group, p.amount.Sub(p.fee))
	m.paid = append(m.paid, &paid{id: moved.ID, group: to.group, transaction: p.transaction, amount: p.amount, fee: p.fee})
	return nil
}

func (m *till) refundOne() error {
	p, key := m.anyPayment()
	if p == nil {
		return nil
	}
	amount := m.some(300)
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := RefundPayment(tx, brand, NewRefund{PaymentKey: key, Amount: amount, Reference: "out"})
		return err
	})
	m.refusedRightly(p, err)
	if err != nil {
		return err
	}
	if p.refunded = p.refunded.Add(amount); p.refunded.GreaterThan(p.amount) {
		m.Errorf("%s of %s was refunded", p.refunded, p.amount)
	}
	m.moves(p.group, amount.Neg())
	return nil
}

func (m *till) refundCredit() error {
	p, amount := pick(m.Rand, m.people...), m.some(50)
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := RefundPayment(tx, brand, NewRefund{Group: p.group, Amount: amount, Reference: "out"})
		return err
	})
	if err != nil {
		return err
	}
	if m.moves(p.group, amount.Neg()); m.balance[p.group].IsNegative() {
		m.Errorf("a credit balance was refunded to %s", m.balance[p.group])
	}
	return nil
}

// bill lets some days go by and bills what is over; taxes move balances too.
func (m *till) bill() error {
	before := map[store.ID]int{}
	for _, p := range m.people {
		before[p.group] = len(m.invoicesOf(p))
	}
	m.now = m.now.Add(time.Duration(1+m.IntN(15*24)) * time.Hour)
	m.runWith(Run{AsOf: period.DayOfUTC(m.now)})
	for _, p := range m.people {
		for _, i := range m.invoicesOf(p)[before[p.group]:] {
			m.moves(p.group, i.Tax.Neg())
		}
	}
	return nil
}

// check compares the test's balances, and what it knows of payments, with what is kept.
func (m *till) check() {
	m.Helper()
	m.look(func(tx store.Tx, brand *catalogue.Brand) error {
		for _, p := range m.people {
			g, err := customer.BillingGroupByID(tx, brand, p.group)
			if err != nil {
				return err
			}
			if !g.Balance.Amount.Equal(m.balance[p.group]) {
				m.Errorf("group %s: the balance is %s, want %s", g.Name, g.Balance.Amount, m.balance[p.group])
			}
		}
		for _, p := range m.paid {
			x, err := ledger.Payments.Get(tx, p.id)
			if err != nil {
				return err
			}
			if x.Captured == p.promised || (x.Reversal != 0) != p.gone || x.Refunded.LessThan(p.refunded) {
				m.Errorf("payment %+v is kept as %+v", p, x)
			}
		}
		return nil
	})
}
