package ledger

import (
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// Series is a run of invoice numbers of a brand: 1, 2, 3 … without gaps. Credit
// notes have one of their own, so that each stays gapless whatever the other does.
type Series string

// The series. A credit note that was made before there were two keeps its place
// among the invoices.
const (
	InvoiceSeries Series = ""
	CreditSeries  Series = "CREDIT"
)

// Values are both series, for who reads one from outside.
func (Series) Values() []string {
	return []string{string(InvoiceSeries), string(CreditSeries)}
}

func (s Series) String() string {
	if s == CreditSeries {
		return "credit notes"
	}
	return "invoices"
}

// InvoiceNumberTaken is told where the brand's pattern gives a number that an
// earlier invoice has, of either series: nothing is numbered until the pattern is
// another one.
var InvoiceNumberTaken = failure.Declare(432, "INVOICE_NUMBER_TAKEN", failure.Conflict, failure.Text{
	"EN": "the brand's pattern gives an invoice number that exists", "DK": "brandets mønster giver et fakturanummer, der findes", "SE": "varumärkets mönster ger ett fakturanummer som finns",
	"NO": "merkevarens mønster gir et fakturanummer som finnes", "FR": "le modèle de la marque donne un numéro de facture qui existe", "DE": "das Muster der Marke ergibt eine Rechnungsnummer, die es gibt"})

// Key is what indexes add of a series to a brand; nothing for invoices, which have
// been there before there were series.
func (s Series) Key(brand string, more ...string) string {
	parts := []string{brand}
	if s != InvoiceSeries {
		parts = append(parts, string(s))
	}
	return store.Compose(append(parts, more...)...)
}

// Counter is the last number of a series of a brand. It is a record, and no
// sequence of the store, because those may leave gaps.
type Counter struct {
	store.Base
	Brand  string
	Series Series `json:",omitempty"`
	Last   int64
	// Brought is the highest number that came with loaded customers, 0 for none: up to it
	// there may be gaps, of customers that did not come, and none above.
	Brought int64 `json:",omitempty"`
}

const byBrand = "brand"

var counters = store.Define("invoice_counter", nil, func(c *Counter) *store.Base { return &c.Base },
	store.Index[Counter]{Name: byBrand, Value: func(c *Counter) string { return c.Series.Key(c.Brand) }, Taken: failure.TryAgain})

func CounterOf(tx store.Tx, brand string, series Series) (*Counter, error) {
	for c, err := range counters.All(tx, byBrand, series.Key(brand)) {
		return c, err
	}
	return &Counter{Brand: brand, Series: series}, nil
}

func (c *Counter) Keep(tx store.Tx) error {
	return counters.Keep(tx, c)
}

// Numbering gives the numbers of a brand's invoices in one transaction: each
// series is read when it is needed, and kept once.
type Numbering struct {
	Brand    *catalogue.Brand
	counters [2]*Counter // of invoices, of credit notes
	kept     [2]int64    // their Last as it is kept
}

func (n *Numbering) counter(tx store.Tx, s Series) (*Counter, error) {
	at := 0
	if s == CreditSeries {
		at = 1
	}
	if n.counters[at] == nil {
		c, err := CounterOf(tx, n.Brand.Key, s)
		if err != nil {
			return nil, err
		}
		n.counters[at], n.kept[at] = c, c.Last
	}
	return n.counters[at], nil
}

// Insert keeps a new invoice with the next number of its series; its date is set
// before. It fails with INVOICE_NUMBER_TAKEN.
func (n *Numbering) Insert(tx store.Tx, i *Invoice) error {
	c, err := n.counter(tx, i.Series)
	if err != nil {
		return err
	}
	c.Last++
	i.Sequence, i.Number = c.Last, n.pattern(i.Series).Format(n.Brand.Key, i.Date.Year(), c.Last)
	err = Invoices.Insert(tx, i)
	if failure.CodeOf(err) == InvoiceNumberTaken {
		key := "invoice_number"
		if i.Series == CreditSeries {
			key = "credit_note_number"
		}
		return InvoiceNumberTaken.With("%s; change %s of brand %s in the catalogue", i.Number, key, n.Brand.Key)
	}
	return err
}

// pattern is how numbers of a series are written now.
func (n *Numbering) pattern(s Series) catalogue.NumberPattern {
	if s == CreditSeries {
		return n.Brand.CreditNotePattern()
	}
	return n.Brand.InvoicePattern()
}

// Last is where the series are, and back takes them there again.
func (n *Numbering) Last() (at [2]int64) {
	for i, c := range n.counters {
		if c != nil {
			at[i] = c.Last
		}
	}
	return at
}

func (n *Numbering) Back(to [2]int64) {
	for i, c := range n.counters {
		if c != nil {
			c.Last = max(to[i], n.kept[i])
		}
	}
}

// Keep writes the series that went on.
func (n *Numbering) Keep(tx store.Tx) error {
	for i, c := range n.counters {
		if c == nil || c.Last == n.kept[i] {
			continue
		}
		if err := c.Keep(tx); err != nil {
			return err
		}
		n.kept[i] = c.Last
	}
	return nil
}
