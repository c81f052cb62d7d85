package billing

import (
	"testing"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestTransfer: money that lies unused in one billing group pays the invoices of
// the other; both postings name each other.
func TestTransfer(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	wrong := b.addGroup(p)
	b.owing(p, 2)
	b.pay(wrong, "250")
	x := b.transfer(wrong, p, "150")
	b.settled(p, "100 50", "0")
	b.settled(wrong, "", "100")
	b.balances(p, "-50")
	b.balances(wrong, "100")
	if x.Out.Reference != x.In.ID.String() || x.In.Reference != x.Out.ID.String() || x.Out.Kind != ledger.Transfer || x.In.Text != "Transfer from 100001-2" {
		t.Errorf("posted %+v and %+v", x.Out, x.In)
	}
	b.transfer(wrong, p, "100")
	b.settled(p, "100 100", "50")
	b.balances(wrong, "0")
}

// TestTransferRefusals: never what is not there, nor to where it does not belong.
func TestTransferRefusals(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	second := b.addGroup(p)
	other := b.signUp("MONTH", "Ek")
	var yen, card person
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		for code, place := range map[string]*person{"YEN": &yen, "PREPAID": &card} {
			g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: p.account, Owner: p.owner, ProductCode: code})
			if err != nil {
				return err
			}
			*place = person{account: p.account, owner: p.owner, group: g.ID}
		}
		return nil
	})
	b.pay(p, "100")
	b.charge(p, "DEBIT", "30") // not billed yet, and covered with its 25 % of tax
	b.pay(card, "100")
	b.charge(card, "CREDIT", "50") // a bonus is no money
	b.charge(card, "DEBIT", "20")
	tests := []struct {
		name     string
		from, to person
		amount   string
		fails    *failure.Code
	}{
		{"to itself", p, p, "1", TransferToItself},
		{"another customer's", p, other, "1", TransferAcrossCustomers},
		{"another currency", p, yen, "1", TransferAcrossCurrencies},
		{"more than is not used up", p, second, "62.51", TransferBeyondBalance},
		{"from an empty one", second, p, "0.01", TransferBeyondBalance},
		{"a bonus", card, p, "100.01", TransferBeyondBalance},
		{"nothing", p, second, "0", ledger.InvalidAmount},
		{"below 0", p, second, "-1", ledger.InvalidAmount},
		{"parts of a cent", p, second, "0.001", ledger.InvalidAmount},
		{"too much for anything", p, second, "10000000.01", AmountBeyondLimit},
		{"from nowhere", person{group: p.account}, p, "1", customer.UnknownBillingGroup},
		{"to nowhere", p, person{group: p.account}, "1", customer.UnknownBillingGroup},
		{"all that may go", p, second, "62.50", nil},
		{"all that was paid", card, p, "100", nil},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			err := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
				_, err := TransferBalance(tx, brand, NewTransfer{From: c.from.group, To: c.to.group, Amount: *money(c.amount)})
				return err
			})
			if failure.CodeOf(err) != c.fails {
				t.Errorf("error %v, want %v", err, c.fails)
			}
		})
	}
	b.balances(p, "107.50")
	b.balances(second, "62.50")
	b.balances(card, "30")
}

// TestTransferOfAClosedAccount: what lies there still moves.
func TestTransferOfAClosedAccount(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	second := b.addGroup(p)
	b.pay(p, "100")
	b.life(p, customer.TerminateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, brand, p.account)
		return err
	})
	b.transfer(p, second, "100")
	b.balances(p, "0")
	b.balances(second, "100")
}

func (b *books) transfer(from, to person, amount string) (x *Transferred) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		x, err = TransferBalance(tx, brand, NewTransfer{From: from.group, To: to.group, Amount: *money(amount)})
		return err
	})
	return x
}
