package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// WriteOffBeyondDebt is told where more is to be written off than is owed.
var WriteOffBeyondDebt = failure.Declare(426, "WRITE_OFF_BEYOND_DEBT", failure.Conflict, failure.Text{
	"EN": "more is to be written off than is owed", "DK": "der skal afskrives mere, end der skyldes", "SE": "mer ska skrivas av än vad som är skyldigt",
	"NO": "det skal avskrives mer enn det som skyldes", "FR": "le montant à passer en perte dépasse la dette", "DE": "es soll mehr abgeschrieben werden, als geschuldet ist"})

// NewWriteOff is what WriteOffDebt needs.
type NewWriteOff struct {
	Group   store.ID
	Invoice store.ID         // of the group: what is written off; none = the oldest debt first
	Amount  *decimal.Decimal // above 0; nil = all that is owed
	Reason  string           // for people
}

// WrittenOff is what a write-off posted.
type WrittenOff struct {
	Postings []*ledger.Posting // the first is the written-off amount, without the shares of tax
	Amount   decimal.Decimal   // of all of them
	Tax      decimal.Decimal   // the shares of tax; 0 unless the brand says write_off_taxed
}

// WriteOffDebt gives up a debt that nobody will pay, on a closed account too. It takes
// what is asked for, tax and all, and no tax comes on top: it settles the invoice
// that is named, else an opening debt and then the open invoices, the oldest first.
// What is not billed yet cannot be written off; it can be credited.
//
// Never more than is owed: neither than is open nor than the balance is below 0, so
// that nobody ends with a credit of it (WRITE_OFF_BEYOND_DEBT). A prepaid billing
// group owes what its balance is below 0.
//
// With the brand's write_off_taxed the amount is the same, in several postings:
// each tax of the invoices that are settled has its share in one of its own, with
// its rate, for the tax that a tax office gives back.
func WriteOffDebt(tx store.Tx, brand *catalogue.Brand, n NewWriteOff) (*WrittenOff, error) {
	g, err := customer.BillingGroupByID(tx, brand, n.Group)
	if err != nil {
		return nil, err
	}
	named, err := n.named(tx, brand, g)
	if err != nil {
		return nil, err
	}
	l, err := ledger.Of(tx, g.Account, g.ID)
	if err != nil {
		return nil, err
	}
	owed, err := debtOf(tx, g, l, named)
	if err != nil {
		return nil, err
	}
	amount := owed
	if n.Amount != nil {
		amount = *n.Amount
		if err := checkPositive("AMOUNT", amount, g.Balance.Currency); err != nil {
			return nil, err
		}
	}
	if amount.GreaterThan(owed) || amount.IsZero() {
		return nil, WriteOffBeyondDebt.With("%s is owed", catalogue.Money{Amount: owed, Currency: g.Balance.Currency})
	}
	return n.post(tx, brand, g, l, named, amount)
}

// named is the invoice that is to be written off; nil for the oldest debt.
func (n *NewWriteOff) named(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup) (*ledger.Invoice, error) {
	if n.Invoice == 0 {
		return nil, nil
	}
	i, err := ledger.InvoiceByID(tx, brand, n.Invoice)
	if err == nil && i.Group != g.ID {
		err = ledger.UnknownInvoice.With("%s is not of billing group %s", i.Number, g.Name)
	}
	return i, err
}

// debtOf is how much of a billing group, or of one invoice of it, can be written off.
func debtOf(tx store.Tx, g *customer.BillingGroup, l *ledger.Ledger, named *ledger.Invoice) (decimal.Decimal, error) {
	below := decimal.Max(g.Balance.Amount.Neg(), decimal.Zero)
	if g.Type != catalogue.PostPaid {
		return below, nil
	}
	if named != nil {
		return decimal.Min(named.Outstanding(), below), nil
	}
	owed := decimal.Max(l.Unused.Neg(), decimal.Zero)
	for i, err := range ledger.Invoices.All(tx, ledger.ByOpen, g.ID.String()) {
		if err != nil {
			return owed, err
		}
		owed = owed.Add(i.Outstanding())
	}
	return decimal.Min(owed, below), nil
}

func (n *NewWriteOff) post(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, l *ledger.Ledger, named *ledger.Invoice, amount decimal.Decimal) (*WrittenOff, error) {
	done, err := l.SettleFirst(tx, amount, named)
	if err != nil {
		return nil, err
	}
	if err := l.Keep(tx); err != nil {
		return nil, err
	}
	first := &ledger.Posting{Kind: ledger.WriteOff, Amount: amount, Text: n.Reason}
	if named != nil {
		first.Reference = named.Number
	}
	w := &WrittenOff{Postings: []*ledger.Posting{first}, Amount: amount}
	for _, s := range done {
		if err := w.cover(tx, brand, g, s); err != nil {
			return nil, err
		}
	}
	first.Amount = amount.Sub(w.Tax)
	if err := ledger.Post(tx, brand, g, w.Postings...); err != nil {
		return nil, err
	}
	return w, tell(tx, balanceWrittenOff, g, brand.Key, event.ID("WRITE_OFF_ID", first.ID), event.ID(invoiceKey.Name, n.Invoice),
		amountOf(w.Amount), event.Amount("TAX_AMOUNT", w.Tax))
}

// cover notes in an invoice that it was settled without money, and takes the
// shares of its taxes.
func (w *WrittenOff) cover(tx store.Tx, brand *catalogue.Brand, g *customer.BillingGroup, s ledger.Settlement) error {
	i, err := ledger.Invoices.Get(tx, s.Invoice)
	if err != nil {
		return err
	}
	before := i.Covered
	i.Covered, i.WrittenOff = before.Add(s.Amount), i.WrittenOff.Add(s.Amount)
	if err := ledger.Invoices.Put(tx, i); err != nil || !brand.WriteOffTaxed {
		return err
	}
	for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
		if err != nil {
			return err
		}
		if p.Kind != ledger.Tax {
			continue
		}
		// Shares of one invoice add up to its tax, however often a part is written off.
		upTo := func(covered decimal.Decimal) decimal.Decimal {
			return catalogue.Money{Amount: p.Amount.Neg().Mul(covered).Div(i.Total), Currency: g.Balance.Currency}.Rounded().Amount
		}
		w.share(p, upTo(i.Covered).Sub(upTo(before)))
	}
	return nil
}

// share adds to the posting of a tax; one rate of a tax has one.
func (w *WrittenOff) share(of *ledger.Posting, amount decimal.Decimal) {
	if amount.IsZero() {
		return
	}
	w.Tax = w.Tax.Add(amount)
	for _, p := range w.Postings[1:] {
		if p.Text == of.Text && p.Rate.Equal(of.Rate) {
			p.Amount = p.Amount.Add(amount)
			return
		}
	}
	w.Postings = append(w.Postings, &ledger.Posting{Kind: ledger.WriteOff, Amount: amount, Text: of.Text, Rate: of.Rate, Reference: w.Postings[0].Reference})
}
