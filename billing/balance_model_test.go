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
	"rator/failure"
	"rator/store"
)

// purses is what the test knows of the money of one customer's billing groups.
type purses struct {
	*books
	*rand.Rand
	people   []person // one account, a billing group each
	prepaid  map[store.ID]bool
	in       map[store.ID]decimal.Decimal            // money, debts that were given up, what was brought along
	charges  map[store.ID]map[string]decimal.Decimal // by group and day of posting
	outcomes map[string]int
}

// TestBalancesOfRandomPurses: billing groups of a customer are charged, credited and
// billed, pay, have debts written off and money moved, at random. After each step
// Verify finds all in order and each balance is what came in, less what invoices ask
// for, and what is not billed; and a step is refused exactly where those three say that
// there is not as much: to owe, to move, or to spend.
func TestBalancesOfRandomPurses(t *testing.T) {
	seeds := []uint64{1, 2}
	if *seed != 0 {
		seeds = []uint64{*seed}
	}
	for _, n := range seeds {
		t.Run(fmt.Sprint("seed ", n), func(t *testing.T) {
			m := &purses{books: open(t), Rand: rand.New(rand.NewPCG(n, 9)), prepaid: map[store.ID]bool{},
				in: map[store.ID]decimal.Decimal{}, charges: map[store.ID]map[string]decimal.Decimal{}, outcomes: map[string]int{}}
			m.setting("prepaid_overdraft = 30\nwrite_off_taxed = true")
			first := m.signUp("MONTH", "Øre")
			m.people = []person{first, m.addGroupOf(first, "MONTH"), m.addGroupOf(first, "WEEK"), m.addGroupOf(first, "PREPAID")}
			m.prepaid[m.people[3].group] = true
			for _, p := range m.people {
				m.charges[p.group] = map[string]decimal.Decimal{}
			}
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
			for _, reached := range []string{"write off OK", "write off WRITE_OFF_BEYOND_DEBT", "transfer OK", "transfer TRANSFER_BEYOND_BALANCE", "charge PREPAID_BALANCE_TOO_LOW", "run OK"} {
				if m.outcomes[reached] == 0 {
					t.Errorf("no step reaches %s", reached)
				}
			}
		})
	}
}

// step does one operation, and says which.
func (m *purses) step() string {
	p := pick(m.Rand, m.people...)
	operations := []struct {
		name string
		do   func(person) error
	}{
		{"charge", m.charge1}, {"charge", m.charge1}, {"charge", m.charge1}, {"pay", m.pay1}, {"open", m.open1},
		{"write off", m.writeOff1}, {"write off", m.writeOff1}, {"transfer", m.transfer1}, {"transfer", m.transfer1}, {"run", m.run1},
	}
	o := operations[m.IntN(len(operations))]
	err := o.do(p)
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

func (m *purses) some() decimal.Decimal { return decimal.New(1+m.Int64N(12_000), -2) }

func (m *purses) adds(to map[store.ID]decimal.Decimal, p person, amount decimal.Decimal) {
	to[p.group] = to[p.group].Add(amount)
}

// refused wants an operation to fail with a code exactly when it is beyond what
// there is.
func (m *purses) refused(err error, beyond bool, code *failure.Code) {
	m.Helper()
	if beyond != (failure.CodeOf(err) == code) {
		m.Errorf("error %v, beyond what there is: %v", err, beyond)
	}
}

func (m *purses) charge1(p person) error {
	item, amount := pick(m.Rand, "DEBIT", "DEBIT", "CREDIT"), m.some()
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: item, Amount: &amount})
		return err
	})
	beyond := m.prepaid[p.group] && item == "DEBIT" && amount.GreaterThan(m.balance(p).Add(decimal.NewFromInt(30)))
	m.refused(err, beyond, PrepaidBalanceTooLow)
	if err == nil {
		if item == "DEBIT" {
			amount = amount.Neg()
		}
		m.charges[p.group][period.Format(m.now)] = m.charges[p.group][period.Format(m.now)].Add(amount)
	}
	return err
}

func (m *purses) pay1(p person) error {
	amount := m.some().Div(decimal.NewFromInt(3)).Round(2).Add(decimal.New(1, -2))
	m.pay(p, amount.String())
	m.adds(m.in, p, amount)
	return nil
}

func (m *purses) open1(p person) error {
	amount := m.some().Neg()
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := OpenBalance(tx, brand, p.group, amount, "brought along")
		return err
	})
	if err == nil {
		m.adds(m.in, p, amount)
	}
	return err
}

// writeOff1 writes off all or a part, of any debt or of an invoice.
func (m *purses) writeOff1(p person) error {
	n := NewWriteOff{Group: p.group, Reason: "nobody pays"}
	owed := decimal.Max(m.billed(p).Sub(m.in[p.group]), decimal.Zero)
	if m.prepaid[p.group] {
		owed = decimal.Max(m.balance(p).Neg(), decimal.Zero)
	}
	if all := m.invoicesOf(p); len(all) > 0 && m.IntN(3) == 0 {
		i := pick(m.Rand, all...)
		n.Invoice, owed = i.ID, i.Outstanding()
	}
	owed = decimal.Min(owed, decimal.Max(m.balance(p).Neg(), decimal.Zero))
	amount := owed
	if m.IntN(2) == 0 {
		amount = m.some()
		n.Amount = &amount
	}
	var w *WrittenOff
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		w, err = WriteOffDebt(tx, brand, n)
		return err
	})
	m.refused(err, amount.GreaterThan(owed) || amount.IsZero(), WriteOffBeyondDebt)
	if err == nil {
		if !w.Amount.Equal(amount) || !sumOf(w.Postings).Equal(amount) || w.Tax.IsNegative() || w.Tax.GreaterThan(amount) {
			m.Errorf("wrote %s off, %s of it tax, posted %s, want %s", w.Amount, w.Tax, sumOf(w.Postings), amount)
		}
		m.adds(m.in, p, amount)
	}
	return err
}

func (m *purses) transfer1(p person) error {
	to, amount := pick(m.Rand, m.people...), m.some()
	unused, waits := m.in[p.group].Sub(m.billed(p)), m.unbilled(p)
	if !m.prepaid[p.group] {
		waits = waits.Mul(decimal.New(125, -2)).Round(2) // 25 % of tax come on top
	}
	there := decimal.Min(unused, unused.Add(waits))
	if there.IsPositive() && m.IntN(2) == 0 {
		amount = there
	}
	err := m.try(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := TransferBalance(tx, brand, NewTransfer{From: p.group, To: to.group, Amount: amount})
		return err
	})
	if to == p {
		m.refused(err, true, TransferToItself)
		return err
	}
	m.refused(err, amount.GreaterThan(there), TransferBeyondBalance)
	if err == nil {
		m.adds(m.in, p, amount.Neg())
		m.adds(m.in, to, amount)
	}
	return err
}

// run1 lets days go by and bills.
func (m *purses) run1(person) error {
	m.now = m.now.Add(time.Duration(1+m.IntN(20)) * 24 * time.Hour)
	m.runWith(Run{AsOf: period.DayOfUTC(m.now)})
	return nil
}

// billed is what invoices and credit notes ask for together.
func (m *purses) billed(p person) (sum decimal.Decimal) {
	for _, i := range m.invoicesOf(p) {
		sum = sum.Add(i.Total)
	}
	return sum
}

// balance is what a billing group's balance must be.
func (m *purses) balance(p person) decimal.Decimal {
	return m.in[p.group].Sub(m.billed(p)).Add(m.unbilled(p))
}

// unbilled is what no invoice asks for yet, without tax.
func (m *purses) unbilled(p person) (sum decimal.Decimal) {
	m.look(func(tx store.Tx, _ *catalogue.Brand) error {
		l, err := ledger.Of(tx, p.account, p.group)
		for d, amount := range m.charges[p.group] {
			if l.BilledUntil.IsZero() || d >= period.Format(l.BilledUntil) {
				sum = sum.Add(amount)
			}
		}
		return err
	})
	return sum
}

func (m *purses) check() {
	m.Helper()
	for _, p := range m.people {
		m.balances(p, m.balance(p).String())
	}
}
