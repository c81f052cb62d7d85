package billing

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// purse is a customer of the model: two billing groups, and a line in the first.
type purse struct {
	person
	second store.ID
	end    store.ID // that was ordered for the line
}

// market is what the model of all money knows.
type market struct {
	*books
	*rand.Rand
	purses   []*purse
	payments []store.ID
	balance  map[store.ID]decimal.Decimal // of a billing group, as answers say it moved
	outcomes map[string]int
}

// TestAllMoneyOfRandomMarkets: random sequences of everything that moves money. After each
// step the balance of every billing group is what its postings make, what the answers said
// that it moved by, and what its documents say, and no series has a gap (Verify).
func TestAllMoneyOfRandomMarkets(t *testing.T) {
	seeds := []uint64{1, 2, 3}
	if *seed != 0 {
		seeds = []uint64{*seed}
	}
	outcomes := map[string]int{}
	for _, n := range seeds {
		t.Run(fmt.Sprint("seed ", n), func(t *testing.T) {
			m := &market{books: open(t), Rand: rand.New(rand.NewPCG(n, 23)), balance: map[store.ID]decimal.Decimal{}, outcomes: outcomes}
			for range 3 {
				m.join()
			}
			for step := range min(*steps, 120) {
				what := m.step()
				for _, fault := range m.faults() {
					t.Errorf("verify: %s", fault)
				}
				m.compare()
				if t.Failed() {
					t.Fatalf("step %d: %s, on %s", step, what, m.now)
				}
			}
		})
	}
	t.Logf("outcomes: %v", outcomes)
	for _, what := range []string{"charge", "credit", "pay", "reverse", "move", "refund", "credit note", "bill again", "write off", "transfer", "late end", "bill", "close"} {
		if outcomes[what+" OK"] == 0 && *seed == 0 {
			t.Errorf("no %s: %v", what, slices.Sorted(maps.Keys(outcomes)))
		}
	}
}

func (m *market) join() {
	p := &purse{person: m.signUp("MONTH", "Øre")}
	m.subscribe(p.person, "LINE")
	m.life(p.person, customer.ActivateSubscription)
	p.second = m.addGroup(p.person).group
	m.purses = append(m.purses, p)
	for _, id := range []store.ID{p.group, p.second} {
		m.balance[id] = m.balanceOf(id)
	}
}

func (m *market) balanceOf(id store.ID) (balance decimal.Decimal) {
	m.look(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.BillingGroupByID(tx, brand, id)
		balance = g.Balance.Amount
		return err
	})
	return balance
}

func (m *market) compare() {
	for id, want := range m.balance {
		if got := m.balanceOf(id); !got.Equal(want) {
			m.Errorf("billing group %s has %s, the answers make %s", id, got, want)
		}
	}
}

func (m *market) moves(id store.ID, amount decimal.Decimal) {
	m.balance[id] = m.balance[id].Add(amount)
}

// step does one thing and counts how it ended.
func (m *market) step() string {
	m.now = m.now.Add(time.Duration(1+m.IntN(60)) * time.Hour)
	all := map[string]func(*purse, store.ID, decimal.Decimal) error{
		"charge": m.charges, "credit": m.credits, "pay": m.pays, "reverse": m.reverses, "move": m.movesPayment, "refund": m.refunds,
		"credit note": m.creditsInvoice, "bill again": m.billsAgain, "write off": m.writesOff, "transfer": m.transfers, "end": m.ends, "late end": m.endsLate,
		"bill": m.bills, "close": m.closes,
	}
	names := slices.Sorted(maps.Keys(all))
	what := names[m.IntN(len(names))]
	p := m.purses[m.IntN(len(m.purses))]
	group := []store.ID{p.group, p.second}[m.IntN(2)]
	err := all[what](p, group, decimal.New(int64(1+m.IntN(20_000)), -2))
	outcome := "OK"
	if code := failure.CodeOf(err); code != nil {
		outcome = code.Name
	} else if err != nil {
		m.Errorf("%s: %v", what, err)
	}
	m.outcomes[what+" "+outcome]++
	return what + " " + outcome
}

func (m *market) charges(p *purse, group store.ID, amount decimal.Decimal) error {
	return m.book(group, "DEBIT", amount, amount.Neg())
}

func (m *market) credits(p *purse, group store.ID, amount decimal.Decimal) error {
	return m.book(group, "CREDIT", amount, amount)
}

func (m *market) book(group store.ID, item string, amount, moved decimal.Decimal) error {
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: group, ChargeItem: item, Amount: &amount})
		return err
	})
	if err == nil {
		m.moves(group, moved)
	}
	return err
}

func (m *market) pays(p *purse, group store.ID, amount decimal.Decimal) error {
	reference := ""
	if all := m.issued(group); len(all) > 0 && m.IntN(2) == 0 {
		reference = all[m.IntN(len(all))].Number
	}
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		r, err := SavePayment(tx, brand, group, ledger.PaymentFields{Amount: amount, Captured: true, Reference: reference})
		if err == nil {
			m.payments = append(m.payments, r.ID)
		}
		return err
	})
	if err == nil {
		m.moves(group, amount)
	}
	return err
}

func (m *market) payment() ledger.PaymentKey {
	if len(m.payments) == 0 {
		return ledger.PaymentKey{ID: 1}
	}
	return ledger.PaymentKey{ID: m.payments[m.IntN(len(m.payments))]}
}

func (m *market) reverses(*purse, store.ID, decimal.Decimal) error {
	var group store.ID
	var moved decimal.Decimal
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		u, err := ReversePayment(tx, brand, NewReversal{PaymentKey: m.payment()})
		if err == nil {
			group, moved = u.Posting.Group, u.Posting.Amount
		}
		return err
	})
	if err == nil {
		m.moves(group, moved)
	}
	return err
}

func (m *market) movesPayment(_ *purse, to store.ID, _ decimal.Decimal) error {
	var from store.ID
	var amount, back decimal.Decimal
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		r, u, err := MovePayment(tx, brand, m.payment(), to, "")
		if err == nil {
			m.payments = append(m.payments, r.ID)
			from, back, amount = u.Posting.Group, u.Posting.Amount, r.Amount
		}
		return err
	})
	if err == nil {
		m.moves(from, back)
		m.moves(to, amount)
	}
	return err
}

func (m *market) refunds(_ *purse, group store.ID, amount decimal.Decimal) error {
	n := NewRefund{Amount: amount, Reference: "bank"}
	if m.IntN(2) == 0 {
		n.Group = group
	} else {
		n.PaymentKey = m.payment()
	}
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		u, err := RefundPayment(tx, brand, n)
		if err == nil {
			group = u.Posting.Group
		}
		return err
	})
	if err == nil {
		m.moves(group, amount.Neg())
	}
	return err
}

// issued are the invoices of a billing group.
func (m *market) issued(group store.ID) (all []*ledger.Invoice) {
	m.look(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		all, _, err = ledger.Invoices.Page(tx, ledger.ByGroup, group.String(), nil, 1000)
		return err
	})
	return all
}

func (m *market) creditsInvoice(_ *purse, group store.ID, _ decimal.Decimal) error {
	return m.creditInvoice(group, false)
}

func (m *market) billsAgain(_ *purse, group store.ID, _ decimal.Decimal) error {
	return m.creditInvoice(group, true)
}

// creditInvoice credits one, or a line of it; what is billed again is unbilled postings.
func (m *market) creditInvoice(group store.ID, again bool) error {
	all := m.issued(group)
	if len(all) == 0 {
		return ledger.UnknownInvoice.Error()
	}
	n := NewCredit{Invoice: all[m.IntN(len(all))].ID, Reason: "wrong", BillAgain: again}
	moved := decimal.Zero
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		if m.IntN(2) == 0 {
			for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, n.Invoice.String()) {
				if err != nil {
					return err
				}
				if p.Kind != ledger.Tax && len(n.Lines) == 0 {
					n.Lines = []store.ID{p.ID}
				}
			}
		}
		before, err := unbilledSum(tx, group)
		if err != nil {
			return err
		}
		note, err := CreditInvoice(tx, brand, n)
		if err != nil {
			return err
		}
		after, err := unbilledSum(tx, group)
		moved = note.Total.Neg().Add(after).Sub(before)
		return err
	})
	if err == nil {
		m.moves(group, moved)
	}
	return err
}

func unbilledSum(tx store.Tx, group store.ID) (sum decimal.Decimal, err error) {
	waiting, err := draft.Unbilled(tx, group)
	for _, p := range waiting {
		sum = sum.Add(p.Amount)
	}
	return sum, err
}

func (m *market) writesOff(_ *purse, group store.ID, amount decimal.Decimal) error {
	n := NewWriteOff{Group: group, Amount: &amount}
	if m.IntN(2) == 0 {
		n.Amount = nil
	}
	return m.told(group, func(tx store.Tx, brand *catalogue.Brand) (decimal.Decimal, error) {
		w, err := WriteOffDebt(tx, brand, n)
		if err != nil {
			return decimal.Zero, err
		}
		return w.Amount, nil
	})
}

// told does what says by how much it moves a billing group.
func (m *market) told(group store.ID, do func(store.Tx, *catalogue.Brand) (decimal.Decimal, error)) error {
	var moved decimal.Decimal
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		moved, err = do(tx, brand)
		return err
	})
	if err == nil {
		m.moves(group, moved)
	}
	return err
}

func (m *market) transfers(p *purse, group store.ID, amount decimal.Decimal) error {
	to := p.second
	if group == to {
		to = p.group
	}
	err := m.told(group, func(tx store.Tx, brand *catalogue.Brand) (decimal.Decimal, error) {
		_, err := TransferBalance(tx, brand, NewTransfer{From: group, To: to, Amount: amount})
		return amount.Neg(), err
	})
	if err == nil {
		m.moves(to, amount)
	}
	return err
}

// ends orders the end of a line on a day that comes soon.
func (m *market) ends(p *purse, _ store.ID, _ decimal.Decimal) error {
	return m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		t, err := customer.ScheduleTermination(tx, brand, p.subscription, m.now.AddDate(0, 0, 1+m.IntN(10)))
		if err == nil {
			p.end = t.ID
		}
		return err
	})
}

// endsLate runs an end whose day may be billed already: what is given back is unbilled.
func (m *market) endsLate(p *purse, _ store.ID, _ decimal.Decimal) error {
	return m.told(p.group, func(tx store.Tx, brand *catalogue.Brand) (decimal.Decimal, error) {
		before, err := unbilledSum(tx, p.group)
		if err != nil {
			return before, err
		}
		if _, err := customer.RunTermination(tx, brand, p.end); err != nil {
			return before, err
		}
		after, err := unbilledSum(tx, p.group)
		return after.Sub(before), err
	})
}

// bills makes a run of today: it adds recurrent prices and taxes, which are on the new documents.
func (m *market) bills(*purse, store.ID, decimal.Decimal) error {
	return m.issues(func() error {
		m.runWith(Run{AsOf: period.DayOfUTC(m.now)})
		return nil
	})
}

func (m *market) closes(p *purse, _ store.ID, _ decimal.Decimal) error {
	err := m.issues(func() error {
		return m.try(func(tx store.Tx, brand *catalogue.Brand) error {
			if _, err := BillNow(tx, brand, p.account); err != nil {
				return err
			}
			_, err := customer.CloseAccount(tx, brand, p.account)
			return err
		})
	})
	if err == nil {
		m.join() // somebody else
	}
	return err
}

// issues moves each group by its new documents, less what was posted before them.
func (m *market) issues(do func() error) error {
	known, waiting := map[store.ID]bool{}, map[store.ID]decimal.Decimal{}
	m.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for id := range m.balance {
			sum, err := unbilledSum(tx, id)
			if err != nil {
				return err
			}
			waiting[id] = sum
		}
		return nil
	})
	for id := range m.balance {
		for _, i := range m.issued(id) {
			known[i.ID] = true
		}
	}
	if err := do(); err != nil {
		return err
	}
	m.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for id := range m.balance {
			left, err := unbilledSum(tx, id)
			if err != nil {
				return err
			}
			moved := left.Sub(waiting[id])
			for _, i := range m.issued(id) {
				if !known[i.ID] {
					moved = moved.Sub(i.Total)
				}
			}
			m.moves(id, moved)
		}
		return nil
	})
	return nil
}
