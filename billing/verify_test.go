package billing

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing/period"
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
	invoices []*Invoice
	ledger   *Ledger
	postings map[Kind]*Posting // the first of each kind
	payment  *PaymentRecord
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
	b.do(savePayment(p, PaymentFields{Amount: *money("7"), TransactionID: "promise"}))
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
		{"a lost charge", "its postings make", func(w *wrong) error { return postings.Delete(w.tx, w.postings[Charge]) }},
		{"a changed charge", "its postings make", func(w *wrong) error {
			w.postings[Charge].Amount = decimal.NewFromInt(-6)
			return postings.Put(w.tx, w.postings[Charge])
		}},
		{"a posting of another account", "is of account " + other.account.String(), func(w *wrong) error {
			w.postings[Charge].Account = other.account
			return postings.Put(w.tx, w.postings[Charge])
		}},
		{"a posting in another currency", "in SEK, the group of", func(w *wrong) error {
			w.postings[Charge].Currency = "SEK"
			return postings.Put(w.tx, w.postings[Charge])
		}},
		{"a posting of no group", "of kind posting 1 belong to no billing group", func(w *wrong) error {
			w.postings[Charge].Group = nowhere
			return postings.Put(w.tx, w.postings[Charge])
		}},
		{"a payment that is billed", "is a PAYMENT and on invoice", func(w *wrong) error {
			w.postings[Payment].Invoice = w.invoices[0].ID
			return postings.Put(w.tx, w.postings[Payment])
		}},
		{"a price that is not billed", "is a RECURRENT and on no invoice", func(w *wrong) error {
			w.postings[Recurrent].Invoice = 0
			return postings.Put(w.tx, w.postings[Recurrent])
		}},
		{"a credit that was left out", "is on no invoice, though all is billed before 2026-03-01", func(w *wrong) error {
			w.postings[Credit].Invoice = 0
			return postings.Put(w.tx, w.postings[Credit])
		}},
		{"a line of the other invoice", "its lines make", func(w *wrong) error {
			w.postings[Credit].Invoice = w.invoices[1].ID
			return postings.Put(w.tx, w.postings[Credit])
		}},
		{"a line of no invoice", "which it does not have", func(w *wrong) error {
			w.postings[Credit].Invoice = nowhere
			return postings.Put(w.tx, w.postings[Credit])
		}},
		{"days of an option billed twice", "is billed 2 times on 2026-02-01", func(w *wrong) error {
			w.postings[Recurrent].Until = w.postings[Recurrent].Until.AddDate(0, 0, 1)
			return postings.Put(w.tx, w.postings[Recurrent])
		}},
		{"days of an option left out", "is not billed from 2026-01-11 to 2026-01-31", func(w *wrong) error {
			w.postings[Recurrent].Until = period.Date(2026, 1, 11)
			return postings.Put(w.tx, w.postings[Recurrent])
		}},
		{"an option credited for days that it is not billed for", "is billed -1 times on 2026-03-01", func(w *wrong) error {
			credit := &Posting{Kind: Recurrent, Amount: decimal.NewFromInt(10), Option: w.postings[Recurrent].Option, Subscription: p.subscription, From: period.Date(2026, 3, 1), Until: period.Date(2026, 3, 2)}
			g, err := customer.BillingGroupByID(w.tx, w.brand, p.group)
			return errors.Join(err, post(w.tx, w.brand, g, credit))
		}},
		{"an option billed for no day", "for 2026-01-01 to 2026-01-01, which are no days", func(w *wrong) error {
			w.postings[Recurrent].Until = w.postings[Recurrent].From
			return postings.Put(w.tx, w.postings[Recurrent])
		}},
		{"an invoice of another total", "INV-000001 asks for", func(w *wrong) error {
			w.invoices[0].Total = w.invoices[0].Total.Add(decimal.NewFromInt(1))
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice of another tax", "INV-000001 asks for", func(w *wrong) error {
			w.invoices[0].Tax = w.invoices[0].Tax.Add(decimal.NewFromInt(1))
			w.invoices[0].Net = w.invoices[0].Net.Sub(decimal.NewFromInt(1))
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice settled with nothing", "its ledger has", func(w *wrong) error {
			w.invoices[0].Settled = w.invoices[0].Settled.Add(decimal.NewFromInt(1))
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice settled with too much", "INV-000001 asks for 375, 376 of it is settled", func(w *wrong) error {
			w.invoices[0].Settled = decimal.NewFromInt(376)
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice settled with another's payment", "payments settled invoice", func(w *wrong) error {
			w.invoices[0].Settled, w.invoices[1].Settled = decimal.Zero, w.invoices[0].Settled
			return errors.Join(invoices.Put(w.tx, w.invoices[0]), invoices.Put(w.tx, w.invoices[1]))
		}},
		{"an invoice of another account", "INV-000001 is of account", func(w *wrong) error {
			w.invoices[0].Account = other.account
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"an invoice of another group", "bills nothing", func(w *wrong) error {
			w.invoices[1].Group = other.group
			return invoices.Put(w.tx, w.invoices[1])
		}},
		{"a lost invoice", "has 1 invoices, the highest is number 2", func(w *wrong) error { return invoices.Delete(w.tx, w.invoices[0]) }},
		{"the last invoice lost", "has 1 invoices, the highest is number 1, the counter says 2", func(w *wrong) error { return invoices.Delete(w.tx, w.invoices[1]) }},
		{"a number that is none", "is number 0", func(w *wrong) error {
			w.invoices[0].Sequence = 0
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"no number for people", "invoice \"\" of brand BOOKS is number 1 of its invoices", func(w *wrong) error {
			w.invoices[0].Number = ""
			return invoices.Put(w.tx, w.invoices[0])
		}},
		{"a credit note of another invoice", "which is not on invoice", func(w *wrong) error {
			note, err := w.credit()
			note.Credits = w.invoices[0].ID
			return errors.Join(err, invoices.Put(w.tx, note))
		}},
		{"a credit note of nothing", "which is no invoice of it", func(w *wrong) error {
			note, err := w.credit()
			note.Credits = nowhere
			return errors.Join(err, invoices.Put(w.tx, note))
		}},
		{"a line credited twice", "is taken back", func(w *wrong) error {
			_, err := w.credit()
			twin := w.back(Recurrent)
			twin.Base, twin.Invoice, twin.Credits = store.Base{}, 0, w.last(Recurrent).ID
			return errors.Join(err, postings.Insert(w.tx, &twin))
		}},
		{"a credit of another amount", "of -310 with 309", func(w *wrong) error {
			_, err := w.credit()
			back := w.back(Recurrent)
			back.Amount = back.Amount.Sub(decimal.NewFromInt(1))
			return errors.Join(err, postings.Put(w.tx, &back))
		}},
		{"a credit of a posting that is none", "which is no earlier one of its kind", func(w *wrong) error {
			_, err := w.credit()
			back := w.back(Recurrent)
			back.Credits = nowhere
			return errors.Join(err, postings.Put(w.tx, &back))
		}},
		{"billed again without credit", "bills 20", func(w *wrong) error {
			again := *w.last(Recurrent)
			again.Base, again.Invoice, again.Again = store.Base{}, 0, again.ID
			return postings.Insert(w.tx, &again)
		}},
		{"a lost credit note", "has 0 credit notes, the highest is number 0, the counter says 1", func(w *wrong) error {
			note, err := w.credit()
			return errors.Join(err, invoices.Delete(w.tx, note))
		}},
		{"an invoice among the credit notes", "is numbered among the credit notes", func(w *wrong) error {
			w.invoices[1].Series, w.invoices[1].Sequence = CreditSeries, 1
			return invoices.Put(w.tx, w.invoices[1])
		}},
		{"a counter behind", "the counter says 1", func(w *wrong) error {
			c, err := counterOf(w.tx, w.brand.Key, InvoiceSeries)
			c.Last--
			return errors.Join(err, c.keep(w.tx))
		}},
		{"a period billed twice", "which is billed already or not marked as billed", func(w *wrong) error {
			w.invoices[1].From = w.invoices[0].From
			return invoices.Put(w.tx, w.invoices[1])
		}},
		{"a period that is not marked", "which is billed already or not marked as billed", func(w *wrong) error {
			w.ledger.BilledUntil = w.invoices[0].Until
			return ledgers.Put(w.tx, w.ledger)
		}},
		{"money that is not used", "lies unused while invoices are owed", func(w *wrong) error {
			w.ledger.Unused, w.invoices[0].Settled = w.invoices[0].Settled, decimal.Zero
			return errors.Join(ledgers.Put(w.tx, w.ledger), invoices.Put(w.tx, w.invoices[0]))
		}},
		{"money that came from nowhere", "its ledger has 1 left", func(w *wrong) error {
			w.ledger.Unused = w.ledger.Unused.Add(decimal.NewFromInt(1))
			return ledgers.Put(w.tx, w.ledger)
		}},
		{"a lost ledger", "not marked as billed", func(w *wrong) error { return ledgers.Delete(w.tx, w.ledger) }},
		{"a ledger of another account", "its ledger is of account", func(w *wrong) error {
			w.ledger.Account = other.account
			return ledgers.Put(w.tx, w.ledger)
		}},
		{"a lost payment", "is of no payment", func(w *wrong) error { return payments.Delete(w.tx, w.payment) }},
		{"a changed payment", "of 101 is not posted", func(w *wrong) error {
			w.payment.Amount = decimal.NewFromInt(101)
			return payments.Put(w.tx, w.payment)
		}},
		{"a posted payment that is not captured", "is not captured, but posted", func(w *wrong) error {
			w.payment.Captured = false
			return payments.Put(w.tx, w.payment)
		}},
		{"a payment in another currency", "in SEK, the group of", func(w *wrong) error {
			w.payment.Currency = "SEK"
			return payments.Put(w.tx, w.payment)
		}},
		{"a payment posted twice", "is not posted", func(w *wrong) error {
			twin := *w.payment
			twin.TransactionID = ""
			return payments.Insert(w.tx, &twin)
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
				Verify(tx, func(err error) { found = append(found, err.Error()) })
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
func (w *wrong) credit() (*Invoice, error) {
	return CreditInvoice(w.tx, w.brand, NewCredit{Invoice: w.invoices[1].ID})
}

// last is the last posting of a kind that is on the second invoice.
func (w *wrong) last(k Kind) (last *Posting) {
	for x := range postings.All(w.tx, byInvoice, w.invoices[1].ID.String()) {
		if x.Kind == k {
			last = x
		}
	}
	return last
}

// back is the posting that takes it back.
func (w *wrong) back(k Kind) Posting {
	return *must(postings.By(w.tx, byCredits, w.last(k).ID.String()))
}

func (b *books) wrong(tx store.Tx, p person) *wrong {
	w := &wrong{tx: tx, brand: must(catalogue.BrandByKey(tx, b.brand)), p: p, postings: map[Kind]*Posting{}}
	for i := range invoices.All(tx, byGroup, p.group.String()) {
		w.invoices = append(w.invoices, i)
	}
	for x := range postings.All(tx, byGroup, p.group.String()) {
		if w.postings[x.Kind] == nil {
			w.postings[x.Kind] = x
		}
	}
	for x := range payments.All(tx, byGroup, p.group.String()) {
		if x.Captured {
			w.payment = x
		}
	}
	w.ledger = must(ledgerOf(tx, p.account, p.group))
	return w
}
