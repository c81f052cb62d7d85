package billing

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/verify"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// moving is a customer with its books, as it is taken from one store to another.
type moving struct {
	*customer.Whole
	*ledger.Books
}

func (b *books) takeOut(p person) (m moving) {
	b.Helper()
	b.look(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		if m.Whole, err = customer.LoadWhole(tx, brand, p.account); err != nil {
			return err
		}
		m.Books, err = ledger.BooksOf(tx, p.account, []store.ID{p.group})
		return err
	})
	return m
}

func (m moving) load(tx store.Tx, brand *catalogue.Brand) error {
	if err := m.Whole.Load(tx, brand); err != nil {
		return err
	}
	return m.Books.Load(tx, brand)
}

// billedThree gives books with three customers who have invoices, a credit note and payments.
func billedThree(t *testing.T) (*books, []person) {
	b := open(t)
	all := []person{b.signUp("MONTH", "Ek"), b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Bo")}
	for _, p := range all {
		b.subscribe(p, "LINE")
		b.life(p, customer.ActivateSubscription)
		b.charge(p, "DEBIT", "10")
	}
	b.run("2026-02-01")
	b.pay(all[1], "100")
	b.do(savePayment(all[2], ledger.PaymentFields{Amount: *money("7"), TransactionID: "promise"}))
	b.run("2026-03-01")
	b.movePayment(b.payBy(all[0], "30", ""), all[1]) // whose other end may not come along
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := CreditInvoice(tx, brand, NewCredit{Invoice: b.invoicesOf(all[2])[1].ID})
		return err
	})
	return b, all
}

// TestLoadBooks takes customers with their money to another store, all of them and some,
// where billing goes on: each store is verified at the end.
func TestLoadBooks(t *testing.T) {
	for _, c := range []struct {
		name string
		who  []int // by their number among three, in the order in which they come
		next string
	}{
		{"all", []int{0, 1, 2}, "INV-000007"}, {"in another order", []int{2, 0, 1}, "INV-000007"},
		{"one", []int{1}, "INV-000006"}, {"the first", []int{0}, "INV-000005"},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, people := billedThree(t)
			to := open(t)
			to.now = from.now
			for _, n := range c.who {
				original := from.takeOut(people[n])
				to.do(func(tx store.Tx, brand *catalogue.Brand) error { return from.takeOut(people[n]).load(tx, brand) })
				if diff := cmp.Diff(original, to.takeOut(people[n]), cmp.AllowUnexported(moving{})); diff != "" {
					t.Errorf("the loaded customer (-original +loaded):\n%s", diff)
				}
			}
			to.charge(to.signUp("MONTH", "Ny"), "DEBIT", "10")
			first := people[c.who[0]]
			to.run("2026-04-01")
			if all := to.invoicesOf(first); all[len(all)-1].Number < c.next {
				t.Errorf("the next invoice is %s, want one from %s on", all[len(all)-1].Number, c.next)
			}
			if faults := to.faults(); len(faults) > 0 {
				t.Errorf("it is reported %q", faults)
			}
			to.findsGap()
		})
	}
}

// findsGap takes the newest invoice away, which is no loaded one: it is missed.
func (b *books) findsGap() {
	b.Helper()
	undo, found := errors.New("undo"), ""
	err := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
		var newest *ledger.Invoice
		for i, err := range ledger.Invoices.Scan(tx) {
			if err != nil {
				return err
			}
			if i.Series == ledger.InvoiceSeries && (newest == nil || i.Sequence > newest.Sequence) {
				newest = i
			}
		}
		if err := ledger.Invoices.Delete(tx, newest); err != nil {
			return err
		}
		verify.Money(store.Looks{Txs: []store.Tx{tx}}, func(err error) { found += err.Error() + "\n" })
		return undo
	})
	if !errors.Is(err, undo) || !strings.Contains(found, "the last that was loaded, the highest is number") {
		b.Errorf("without its newest invoice it is reported %q, %v", found, err)
	}
}

// TestLoadedBooksThatAreWrong rehearses books that do not add up, or are not the
// customer's.
func TestLoadedBooksThatAreWrong(t *testing.T) {
	from, people := billedThree(t)
	to := open(t)
	to.now = from.now
	there := from.takeOut(people[0])
	to.do(func(tx store.Tx, brand *catalogue.Brand) error { return from.takeOut(people[0]).load(tx, brand) })
	for _, c := range []struct {
		name  string
		want  string        // in a report; "" = none
		code  *failure.Code // Load fails with
		spoil func(m moving)
	}{
		{"nothing", "", nil, func(moving) {}},
		{"a balance", "its balance is", nil, func(m moving) { m.BillingGroups[0].Balance.Amount = decimal.NewFromInt(1) }},
		{"a lost posting", "its postings make", nil, func(m moving) { m.Postings = m.Postings[1:] }},
		{"a changed invoice", "its lines make", nil, func(m moving) { m.Invoices[0].Total = decimal.NewFromInt(1) }},
		{"a lost payment", "is of no payment", nil, func(m moving) { m.Payments = nil }},
		{"a payment that came from another", "which does not say so", nil, func(m moving) { m.Payments[1].MovedFrom = m.Payments[0].ID }},
		{"an invoice without a number", "is number 0", nil, func(m moving) { m.Invoices[0].Sequence = 0 }},
		{"a number that another invoice has", "", ledger.InvoiceNumberTaken, func(m moving) { m.Invoices[0].Number = there.Invoices[0].Number }},
		{"a place that another invoice has", "", failure.InvalidRequest, func(m moving) { m.Invoices[0].Sequence = there.Invoices[0].Sequence }},
		{"a posting of another customer's group", "", customer.WrongAccount, func(m moving) { m.Postings[0].Group = people[0].group }},
		{"a posting of no group", "", customer.UnknownBillingGroup, func(m moving) { m.Postings[0].Group = 7 }},
		{"an invoice of another brand", "", failure.InvalidRequest, func(m moving) { m.Invoices[0].Brand = "OTHER" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := from.takeOut(people[1])
			c.spoil(m)
			var found []string
			err := to.Rehearse(context.Background(), func(tx store.Tx) error {
				if err := m.load(tx, must(catalogue.BrandByKey(tx, to.brand))); err != nil {
					return err
				}
				verify.Customer(tx, m.BillingGroups, func(err error) { found = append(found, err.Error()) })
				return nil
			})
			if all := strings.Join(found, "\n"); failure.CodeOf(err) != c.code || (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("it fails with %v and reports %q, want %q", err, found, c.want)
			}
		})
	}
}
