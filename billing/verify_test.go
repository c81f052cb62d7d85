package billing

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/billing/verify"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// wrong is a customer's money, to be spoilt behind the operations' back: two
// invoices, the older one partly paid, an unbilled charge, a payment that is not
// captured, an option's price.
type wrong struct {
	tx       store.Tx
	brand    *catalogue.Brand
	p        person
	invoices []*ledger.Invoice
	ledger   *ledger.Ledger
	postings map[ledger.Kind]*ledger.Posting // the first of each kind
	payment  *ledger.PaymentRecord
}

// TestVerifyFinds each case of money as no operation would leave it.
func TestVerifyFinds(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	other := b.signUp("MONTH", "Ek")
	b.subscribe(p, "LINE")
	b.life(p, customer.ActivateSubscription)
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := OpenBalance(tx, brand, p.group, *money("-30"), "brought along")
		return err
	})
	b.charge(p, "CREDIT", "10")
	b.run("2026-03-01")
	b.charge(p, "DEBIT", "5")
	b.pay(p, "100")
	b.do(savePayment(p, ledger.PaymentFields{Amount: *money("7"), TransactionID: "promise"}))
	const nowhere = store.ID(202001010000009999)
	for _, c := range []struct {
		name  string
		want  string // in a report; "" = none
		spoil func(w *wrong) error
	}{
		{"nothing", "", func(w *wrong) error { return nil }},
		{"a balance that moved alone", "its balance is", func(w *wrong) error {
			_, err := customer.MoveBalance(w.tx, w.brand, w.p.group, decimal.NewFromInt(1))
			return err
		}},
		{"a lost charge", "its postings make", func(w *wrong) error { return ledger.Postings.Delete(w.tx, w.postings[ledger.Charge]) }},
		{"a changed charge", "its postings make", func(w *wrong) error {
			w.postings[ledger.Charge].Amount = decimal.NewFromInt(-6)
			return ledger.Postings.Put(w.tx, w.postings[ledger.Charge])
		}},
		{"a posting of another account", "is of account " + other.account.String(), func(w *wrong) error {
			w.postings[ledger.Charge].Account = other.account
			return ledger.Postings.Put(w.tx, w.postings[ledger.Charge])
		}},
		{"a posting in another currency", "in SEK, the group of", func(w *wrong) error {
			w.postings[ledger.Charge].Currency = "SEK"
			return ledger.Postings.Put(w.tx, w.postings[ledger.Charge])
		}},
		{"a posting of no group", "of kind posting 1 belong to no billing group", func(w *wrong) error {
			w.postings[ledger.Charge].Group = nowhere
			return ledger.Postings.Put(w.tx, w.postings[ledger.Charge])
		}},
		{"a payment that is billed", "is a PAYMENT and on invoice", func(w *wrong) error {
			w.postings[ledger.Payment].Invoice = w.invoices[0].ID
			return ledger.Postings.Put(w.tx, w.postings[ledger.Payment])
		}},
		{"a price that is not billed", "is a RECURRENT and on no invoice", func(w *wrong) error {
			w.postings[ledger.Recurrent].Invoice = 0
			return ledger.Postings.Put(w.tx, w.postings[ledger.Recurrent])
		}},
		{"a credit that was left out", "is on no invoice, though all is billed before 2026-03-01", func(w *wrong) error {
			w.postings[ledger.Credit].Invoice = 0
			return ledger.Postings.Put(w.tx, w.postings[ledger.Credit])
		}},
		{"a line of the other invoice", "its lines make", func(w *wrong) error {
			w.postings[ledger.Credit].Invoice = w.invoices[1].ID
			return ledger.Postings.Put(w.tx, w.postings[ledger.Credit])
		}},
		{"a line of no invoice", "which it does not have", func(w *wrong) error {
			w.postings[ledger.Credit].Invoice = nowhere
			return ledger.Postings.Put(w.tx, w.postings[ledger.Credit])
		}},
		{"days of an option billed twice", "is billed 2 times on 2026-02-01", func(w *wrong) error {
			w.postings[ledger.Recurrent].Until = w.postings[ledger.Recurrent].Until.AddDate(0, 0, 1)
			return ledger.Postings.Put(w.tx, w.postings[ledger.Recurrent])
		}},
		{"days of an option left out", "is not billed from 2026-01-11 to 2026-01-31", func(w *wrong) error {
			w.postings[ledger.Recurrent].Until = period.Date(2026, 1, 11)
			return ledger.Postings.Put(w.tx, w.postings[ledger.Recurrent])
		}},
		{"an option credited for days that it is not billed for", "is billed -1 times on 2026-03-01", func(w *wrong) error {
			credit := &ledger.Posting{Kind: ledger.Recurrent, Amount: decimal.NewFromInt(10), Option: w.postings[ledger.Recurrent].Option, Subscription: p.subscription, From: period.Date(2026, 3, 1), Until: period.Date(2026, 3, 2)}
			g, err := customer.BillingGroupByID(w.tx, w.brand, p.group)
			return errors.Join(err, ledger.Post(w.tx, w.brand, g, credit))
		}},
		{"an option billed for no day", "for 2026-01-01 to 2026-01-01, which are no days", func(w *wrong) error {
			w.postings[ledger.Recurrent].Until = w.postings[ledger.Recurrent].From
			return ledger.Postings.Put(w.tx, w.postings[ledger.Recurrent])
		}},
		{"an invoice of another total", "INV-000001 asks for", func(w *wrong) error {
			w.invoices[0].Total = w.invoices[0].Total.Add(decimal.NewFromInt(1))
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice of another tax", "INV-000001 asks for", func(w *wrong) error {
			w.invoices[0].Tax = w.invoices[0].Tax.Add(decimal.NewFromInt(1))
			w.invoices[0].Net = w.invoices[0].Net.Sub(decimal.NewFromInt(1))
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice settled with nothing", "its ledger has", func(w *wrong) error {
			w.invoices[0].Settled = w.invoices[0].Settled.Add(decimal.NewFromInt(1))
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice settled with too much", "INV-000001 asks for 375, 376 of it is settled", func(w *wrong) error {
			w.invoices[0].Settled = decimal.NewFromInt(376)
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice settled with another's payment", "payments settled invoice", func(w *wrong) error {
			w.invoices[0].Settled, w.invoices[1].Settled = decimal.Zero, w.invoices[0].Settled
			return errors.Join(ledger.Invoices.Put(w.tx, w.invoices[0]), ledger.Invoices.Put(w.tx, w.invoices[1]))
		}},
		{"an invoice of another account", "INV-000001 is of account", func(w *wrong) error {
			w.invoices[0].Account = other.account
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice of another group", "bills nothing", func(w *wrong) error {
			w.invoices[1].Group = other.group
			return ledger.Invoices.Put(w.tx, w.invoices[1])
		}},
		{"a lost invoice", "has 1 invoices, the highest is number 2", func(w *wrong) error { return ledger.Invoices.Delete(w.tx, w.invoices[0]) }},
		{"the last invoice lost", "has 1 invoices, the highest is number 1, the counter says 2", func(w *wrong) error { return ledger.Invoices.Delete(w.tx, w.invoices[1]) }},
		{"a number that is none", "is number 0", func(w *wrong) error {
			w.invoices[0].Sequence = 0
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"no number for people", "invoice \"\" of brand BOOKS is number 1 of its invoices", func(w *wrong) error {
			w.invoices[0].Number = ""
			return ledger.Invoices.Put(w.tx, w.invoices[0])
		}},
		{"a credit note of another invoice", "which is not on invoice", func(w *wrong) error {
			note, err := w.credit()
			note.Credits = w.invoices[0].ID
			return errors.Join(err, ledger.Invoices.Put(w.tx, note))
		}},
		{"a credit note of nothing", "which is no invoice of it", func(w *wrong) error {
			note, err := w.credit()
			note.Credits = nowhere
			return errors.Join(err, ledger.Invoices.Put(w.tx, note))
		}},
		{"a line credited twice", "is taken back", func(w *wrong) error {
			_, err := w.credit()
			twin := w.back(ledger.Recurrent)
			twin.Base, twin.Invoice, twin.Credits = store.Base{}, 0, w.last(ledger.Recurrent).ID
			return errors.Join(err, ledger.Postings.Insert(w.tx, &twin))
		}},
		{"a credit of another amount", "of -310 with 309", func(w *wrong) error {
			_, err := w.credit()
			back := w.back(ledger.Recurrent)
			back.Amount = back.Amount.Sub(decimal.NewFromInt(1))
			return errors.Join(err, ledger.Postings.Put(w.tx, &back))
		}},
		{"a credit of a posting that is none", "which is no earlier one of its kind", func(w *wrong) error {
			_, err := w.credit()
			back := w.back(ledger.Recurrent)
			back.Credits = nowhere
			return errors.Join(err, ledger.Postings.Put(w.tx, &back))
		}},
		{"billed again without credit", "bills 20", func(w *wrong) error {
			again := *w.last(ledger.Recurrent)
			again.Base, again.Invoice, again.Again = store.Base{}, 0, again.ID
			return ledger.Postings.Insert(w.tx, &again)
		}},
		{"a lost credit note", "has 0 credit notes, the highest is number 0, the counter says 1", func(w *wrong) error {
			note, err := w.credit()
			return errors.Join(err, ledger.Invoices.Delete(w.tx, note))
		}},
		{"an invoice among the credit notes", "is numbered among the credit notes", func(w *wrong) error {
			w.invoices[1].Series, w.invoices[1].Sequence = ledger.CreditSeries, 1
			return ledger.Invoices.Put(w.tx, w.invoices[1])
		}},
		{"a counter behind", "the counter says 1", func(w *wrong) error {
			c, err := ledger.CounterOf(w.tx, w.brand.Key, ledger.InvoiceSeries)
			c.Last--
			return errors.Join(err, c.Keep(w.tx))
		}},
		{"a period billed twice", "which is billed already or not marked as billed", func(w *wrong) error {
			w.invoices[1].From = w.invoices[0].From
			return ledger.Invoices.Put(w.tx, w.invoices[1])
		}},
		{"a period that is not marked", "which is billed already or not marked as billed", func(w *wrong) error {
			w.ledger.BilledUntil = w.invoices[0].Until
			return ledger.Ledgers.Put(w.tx, w.ledger)
		}},
		{"money that is not used", "lies unused while invoices are owed", func(w *wrong) error {
			w.ledger.Unused, w.invoices[0].Settled = w.invoices[0].Settled, decimal.Zero
			return errors.Join(ledger.Ledgers.Put(w.tx, w.ledger), ledger.Invoices.Put(w.tx, w.invoices[0]))
		}},
		{"money that came from nowhere", "its ledger has 1 left", func(w *wrong) error {
			w.ledger.Unused = w.ledger.Unused.Add(decimal.NewFromInt(1))
			return ledger.Ledgers.Put(w.tx, w.ledger)
		}},
		{"a lost ledger", "not marked as billed", func(w *wrong) error { return ledger.Ledgers.Delete(w.tx, w.ledger) }},
		{"a ledger of another account", "its ledger is of account", func(w *wrong) error {
			w.ledger.Account = other.account
			return ledger.Ledgers.Put(w.tx, w.ledger)
		}},
		{"a lost payment", "is of no payment", func(w *wrong) error { return ledger.Payments.Delete(w.tx, w.payment) }},
		{"a changed payment", "of 101 is not posted", func(w *wrong) error {
			w.payment.Amount = decimal.NewFromInt(101)
			return ledger.Payments.Put(w.tx, w.payment)
		}},
		{"a posted payment that is not captured", "is not captured, but posted", func(w *wrong) error {
			w.payment.Captured = false
			return ledger.Payments.Put(w.tx, w.payment)
		}},
		{"a payment in another currency", "in SEK, the group of", func(w *wrong) error {
			w.payment.Currency = "SEK"
			return ledger.Payments.Put(w.tx, w.payment)
		}},
		{"a payment posted twice", "is not posted", func(w *wrong) error {
			twin := *w.payment
			twin.TransactionID = ""
			return ledger.Payments.Insert(w.tx, &twin)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var found []string
			undo := errors.New("undo")
			err := b.Update(context.Background(), func(tx store.Tx) error {
				found = nil
				w := b.wrong(tx, p)
				if err := c.spoil(w); err != nil {
					t.Error(err)
				}
				verify.Money(store.Looks{Txs: []store.Tx{tx}}, func(err error) { found = append(found, err.Error()) })
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatal(err)
			}
			all := strings.Join(found, "\n")
			if (c.want == "") != (all == "") || !strings.Contains(all, c.want) {
				t.Errorf("found %q, want one with %q", all, c.want)
			}
		})
	}
}

// credit credits the second invoice.
func (w *wrong) credit() (*ledger.Invoice, error) {
	return CreditInvoice(w.tx, w.brand, NewCredit{Invoice: w.invoices[1].ID})
}

// last is the last posting of a kind that is on the second invoice.
func (w *wrong) last(k ledger.Kind) (last *ledger.Posting) {
	for x := range ledger.Postings.All(w.tx, ledger.ByInvoice, w.invoices[1].ID.String()) {
		if x.Kind == k {
			last = x
		}
	}
	return last
}

// back is the posting that takes it back.
func (w *wrong) back(k ledger.Kind) ledger.Posting {
	return *must(ledger.Postings.By(w.tx, ledger.ByCredits, w.last(k).ID.String()))
}

func (b *books) wrong(tx store.Tx, p person) *wrong {
	w := &wrong{tx: tx, brand: must(catalogue.BrandByKey(tx, b.brand)), p: p, postings: map[ledger.Kind]*ledger.Posting{}}
	for i := range ledger.Invoices.All(tx, ledger.ByGroup, p.group.String()) {
		w.invoices = append(w.invoices, i)
	}
	for x := range ledger.Postings.All(tx, ledger.ByGroup, p.group.String()) {
		if w.postings[x.Kind] == nil {
			w.postings[x.Kind] = x
		}
	}
	for x := range ledger.Payments.All(tx, ledger.ByGroup, p.group.String()) {
		if x.Captured {
			w.payment = x
		}
	}
	w.ledger = must(ledger.Of(tx, p.account, p.group))
	return w
}
