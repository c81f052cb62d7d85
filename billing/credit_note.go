package billing

import (
	"slices"

	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// What a credit note can fail with.
var (
	AlreadyCredited = failure.Declare(433, "ALREADY_CREDITED", failure.Conflict, failure.Text{
		"EN": "it is credited already", "DK": "det er allerede krediteret", "SE": "det är redan krediterat",
		"NO": "det er allerede kreditert", "FR": "un avoir existe déjà", "DE": "es ist schon gutgeschrieben"})
	CreditOfCreditNote = failure.Declare(434, "CREDIT_OF_A_CREDIT_NOTE", failure.Conflict, failure.Text{
		"EN": "a credit note cannot be credited", "DK": "en kreditnota kan ikke krediteres", "SE": "en kreditfaktura kan inte krediteras",
		"NO": "en kreditnota kan ikke krediteres", "FR": "un avoir ne peut pas être crédité", "DE": "eine Gutschrift lässt sich nicht gutschreiben"})
	LineOfAnotherInvoice = failure.Declare(435, "LINE_OF_ANOTHER_INVOICE", failure.Conflict, failure.Text{
		"EN": "the line is not on that invoice", "DK": "linjen er ikke på den faktura", "SE": "raden finns inte på den fakturan",
		"NO": "linjen er ikke på den fakturaen", "FR": "la ligne n'est pas sur cette facture", "DE": "die Zeile steht nicht auf dieser Rechnung"})
	CreditOfTaxLine = failure.Declare(436, "CREDIT_OF_A_TAX_LINE", failure.Conflict, failure.Text{
		"EN": "a tax is credited with the lines that it is on, not alone", "DK": "en afgift krediteres med de linjer, den er på, ikke alene", "SE": "en skatt krediteras med de rader den ligger på, inte ensam",
		"NO": "en avgift krediteres med linjene den er på, ikke alene", "FR": "une taxe se crédite avec les lignes qu'elle frappe, pas seule", "DE": "eine Steuer wird mit den Zeilen gutgeschrieben, auf denen sie liegt, nicht allein"})
	NothingToCredit = failure.Declare(437, "NOTHING_TO_CREDIT", failure.Conflict, failure.Text{
		"EN": "the lines ask for nothing that could be credited", "DK": "linjerne kræver intet, der kan krediteres", "SE": "raderna kräver inget som kan krediteras",
		"NO": "linjene krever ingenting som kan krediteres", "FR": "les lignes ne demandent rien qui puisse être crédité", "DE": "die Zeilen verlangen nichts, das sich gutschreiben ließe"})
)

// InvoiceWrittenOff is told where an invoice would be credited for what was written off
// of it: nobody paid that, and its tax is given back already.
var InvoiceWrittenOff = failure.Declare(446, "INVOICE_WRITTEN_OFF", failure.Conflict, failure.Text{
	"EN": "the invoice is written off", "DK": "fakturaen er afskrevet", "SE": "fakturan är avskriven",
	"NO": "fakturaen er avskrevet", "FR": "la facture est passée en perte", "DE": "die Rechnung ist ausgebucht"})

// NewCredit is what CreditInvoice needs.
type NewCredit struct {
	Invoice   store.ID   // or
	Number    string     // its INVOICE_NUMBER
	Lines     []store.ID // postings on the invoice; none = all that are not credited yet
	Reason    string     // for people, on the credit note
	BillAgain bool       // see billAgain
}

// CreditInvoice takes an issued invoice back, whole or by lines, by a credit note:
// an Invoice of the series of credit notes with the opposite of each line, and of
// the taxes on them by the rates on the invoice. Credited line by line, an invoice
// ends at exactly 0. What is credited settles that invoice first, then others, the
// oldest first; what is left lies unused. The invoice itself stays as it was
// issued. A closed account can be credited too, but not billed again.
//
// It fails with UNKNOWN_INVOICE, CREDIT_OF_A_CREDIT_NOTE, LINE_OF_ANOTHER_INVOICE,
// CREDIT_OF_A_TAX_LINE, ALREADY_CREDITED (a line, or the whole invoice),
// INVOICE_WRITTEN_OFF for more than was not written off, NOTHING_TO_CREDIT where the
// lines add up to 0 or to a credit, and WRONG_STATE.
func CreditInvoice(tx store.Tx, brand *catalogue.Brand, n NewCredit) (*ledger.Invoice, error) {
	i, err := n.invoice(tx, brand)
	if err != nil {
		return nil, err
	}
	if i.Total.IsNegative() || i.Credits != 0 {
		return nil, CreditOfCreditNote.With("%s", i.Number)
	}
	c, err := creditOf(tx, brand, i)
	if err != nil {
		return nil, err
	}
	if err := c.choose(n.Lines); err != nil {
		return nil, err
	}
	if n.BillAgain && c.Whole.Account.State != customer.Active {
		return nil, customer.WrongState.With("account %s is %s, not %s: nothing is billed to it again", i.Account, c.Whole.Account.State, customer.Active)
	}
	corrections, err := c.givenBack()
	if err != nil {
		return nil, err
	}
	note, err := c.issue(n.Reason)
	if err != nil {
		return nil, err
	}
	if len(corrections) > 0 {
		if err := ledger.Post(tx, brand, c.group, corrections...); err != nil {
			return nil, err
		}
	}
	if n.BillAgain {
		if err := c.billAgain(); err != nil {
			return nil, err
		}
	}
	return note, invoiceCredited.Emit(tx, event.Whose{Brand: i.Brand, Account: i.Account}, event.ID(invoiceKey.Name, i.ID),
		event.ID("CREDIT_NOTE_ID", note.ID), event.ID(groupKey.Name, note.Group), event.Amount("TOTAL_AMOUNT", note.Total))
}

func (n *NewCredit) invoice(tx store.Tx, brand *catalogue.Brand) (*ledger.Invoice, error) {
	if n.Invoice == 0 && n.Number != "" {
		return ledger.InvoiceByNumber(tx, brand, n.Number)
	}
	return ledger.InvoiceByID(tx, brand, n.Invoice)
}

// credit is a credit note while it is made.
type credit struct {
	*draft.Drafter
	group    *customer.BillingGroup
	invoice  *ledger.Invoice
	lines    []*ledger.Posting // of the invoice
	taxes    []*ledger.Posting // of the invoice
	credited map[store.ID]bool // lines that an earlier credit note takes back
	before   decimal.Decimal   // what those made, above 0
	chosen   []*ledger.Posting // what this one takes back
}

func creditOf(tx store.Tx, brand *catalogue.Brand, i *ledger.Invoice) (*credit, error) {
	d, err := draft.New(tx, brand, i.Account, draft.NewCache())
	if err != nil {
		return nil, err
	}
	c := &credit{Drafter: d, invoice: i, group: d.Whole.BillingGroup(i.Group), credited: map[store.ID]bool{}}
	for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
		switch {
		case err != nil:
			return nil, err
		case p.Kind == ledger.Tax:
			c.taxes = append(c.taxes, p)
		default:
			c.lines = append(c.lines, p)
		}
	}
	notes, err := CreditNotesOf(tx, i)
	if err != nil {
		return nil, err
	}
	var b store.Batch
	lines := make([][]*ledger.Posting, len(notes[0]))
	for n, note := range notes[0] {
		c.before = c.before.Sub(note.Total)
		ledger.Postings.Ask(&b, ledger.ByInvoice, note.ID.String(), &lines[n])
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	for _, p := range slices.Concat(lines...) {
		c.credited[p.Credits] = true
	}
	return c, nil
}

// CreditNotesOf gives the credit notes of invoices, oldest first, in one list after
// another.
func CreditNotesOf(tx store.Tx, of ...*ledger.Invoice) ([][]*ledger.Invoice, error) {
	var b store.Batch
	notes := make([][]*ledger.Invoice, len(of))
	for n, i := range of {
		ledger.Invoices.Ask(&b, ledger.ByCredits, i.ID.String(), &notes[n])
	}
	return notes, b.Answer(tx)
}

// choose takes the lines that are named, or all that are left.
func (c *credit) choose(named []store.ID) error {
	if len(named) == 0 {
		for _, p := range c.lines {
			if !c.credited[p.ID] {
				c.chosen = append(c.chosen, p)
			}
		}
		if len(c.chosen) == 0 {
			return AlreadyCredited.With("invoice %s, every line", c.invoice.Number)
		}
		return nil
	}
	for _, id := range named {
		at := slices.IndexFunc(c.lines, func(p *ledger.Posting) bool { return p.ID == id })
		switch {
		case at >= 0 && (c.credited[id] || slices.Contains(c.chosen, c.lines[at])):
			return AlreadyCredited.With("line %s of invoice %s", id, c.invoice.Number)
		case at >= 0:
			c.chosen = append(c.chosen, c.lines[at])
		case slices.ContainsFunc(c.taxes, func(p *ledger.Posting) bool { return p.ID == id }):
			return CreditOfTaxLine.With("line %s of invoice %s", id, c.invoice.Number)
		default:
			return LineOfAnotherInvoice.With("line %s, invoice %s", id, c.invoice.Number)
		}
	}
	return nil
}

// issue makes the credit note, and settles with it.
func (c *credit) issue(reason string) (*ledger.Invoice, error) {
	i, g := c.invoice, c.group
	net, tax := decimal.Zero, decimal.Zero
	var mirrored []*ledger.Posting
	for _, p := range c.chosen {
		net = net.Add(p.Amount)
		mirrored = append(mirrored, p.Opposite(p.Amount))
	}
	for _, t := range c.taxBack() {
		tax = tax.Add(t.amount)
		mirrored = append(mirrored, t.Opposite(t.amount))
	}
	if left := i.Total.Sub(i.WrittenOff).Sub(c.before); i.WrittenOff.IsPositive() && net.Add(tax).Neg().GreaterThan(left) {
		return nil, InvoiceWrittenOff.With("of invoice %s %s %s are written off: %s can be credited", i.Number, i.WrittenOff, i.Currency, left)
	}
	if !net.Add(tax).IsNegative() {
		return nil, NothingToCredit.With("they make %s %s on invoice %s", net.Add(tax).Neg(), i.Currency, i.Number)
	}
	waiting, err := draft.Unbilled(c.Tx, g.ID)
	if err != nil {
		return nil, err
	}
	note := &ledger.Invoice{Brand: i.Brand, Account: i.Account, Group: i.Group, Series: ledger.CreditSeries, Credits: i.ID, Reason: reason,
		From: i.From, Until: i.Until, Net: net, Tax: tax, Total: net.Add(tax), Settled: net.Add(tax), Currency: i.Currency, Letterhead: i.Letterhead}
	note.IssuedOn(c.Brand.Day(c.Tx.Now()), 0)
	note.Carried = g.Balance.Amount
	for _, p := range waiting {
		note.Carried = note.Carried.Sub(p.Amount)
	}
	numbers := &ledger.Numbering{Brand: c.Brand}
	if err := numbers.Insert(c.Tx, note); err != nil {
		return nil, err
	}
	if err := numbers.Keep(c.Tx); err != nil {
		return nil, err
	}
	for _, p := range mirrored {
		p.Invoice, p.Date, p.Day = note.ID, note.Date, note.Date
	}
	if err := ledger.Post(c.Tx, c.Brand, g, mirrored...); err != nil {
		return nil, err
	}
	if err := c.settle(note.Total.Neg()); err != nil {
		return nil, err
	}
	return note, announce(c.Tx, note, invoiceCreated)
}

// givenBack are postings that take back what an end that came late gave back of the chosen lines:
// it is in the credit note now.
func (c *credit) givenBack() ([]*ledger.Posting, error) {
	var back []*ledger.Posting
	for _, p := range c.chosen {
		for given, err := range ledger.Postings.All(c.Tx, ledger.ByCredits, p.ID.String()) {
			if err != nil {
				return nil, err
			}
			net, err := given.Net(c.Tx)
			if err != nil {
				return nil, err
			}
			if !net.IsZero() {
				back = append(back, given.Opposite(net))
			}
		}
	}
	return back, nil
}

// settle settles the credited invoice first, and others with what is left. What money
// had settled of it is free for others too: the invoice is covered by the credit, and
// money that goes back does not open it again.
func (c *credit) settle(amount decimal.Decimal) error {
	l, err := ledger.Of(c.Tx, c.group.Account, c.group.ID)
	if err != nil {
		return err
	}
	i := c.invoice
	if _, err := l.SettleFirst(c.Tx, amount, i); err != nil {
		return err
	}
	i.Covered = decimal.Min(i.Covered.Add(amount), i.Settled)
	if err := ledger.Invoices.Put(c.Tx, i); err != nil {
		return err
	}
	if err := l.Unsettle(c.Tx, i); err != nil {
		return err
	}
	return l.Keep(c.Tx)
}
