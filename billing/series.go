package billing

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

// key is what indexes add of a series to a brand; nothing for invoices, which have
// been there before there were series.
func (s Series) key(brand string, more ...string) string {
	parts := []string{brand}
	if s != InvoiceSeries {
		parts = append(parts, string(s))
	}
	return store.Compose(append(parts, more...)...)
}

// counter is the last number of a series of a brand. It is a record, and no
// sequence of the store, because those may leave gaps.
type counter struct {
	store.Base
	Brand  string
	Series Series `json:",omitempty"`
	Last   int64
}

const byBrand = "brand"

var counters = store.Define("invoice_counter", nil, func(c *counter) *store.Base { return &c.Base },
	store.Index[counter]{Name: byBrand, Value: func(c *counter) string { return c.Series.key(c.Brand) }, Taken: failure.TryAgain})

func counterOf(tx store.Tx, brand string, series Series) (*counter, error) {
	for c, err := range counters.All(tx, byBrand, series.key(brand)) {
		return c, err
	}
	return &counter{Brand: brand, Series: series}, nil
}

func (c *counter) keep(tx store.Tx) error {
	return counters.Keep(tx, c)
}

// numbering gives the numbers of a brand's invoices in one transaction: each
// series is read when it is needed, and kept once.
type numbering struct {
	brand    *catalogue.Brand
	counters [2]*counter // of invoices, of credit notes
	kept     [2]int64    // their Last as it is kept
}

func (n *numbering) counter(tx store.Tx, s Series) (*counter, error) {
	at := 0
	if s == CreditSeries {
		at = 1
	}
	if n.counters[at] == nil {
		c, err := counterOf(tx, n.brand.Key, s)
		if err != nil {
			return nil, err
		}
		n.counters[at], n.kept[at] = c, c.Last
	}
	return n.counters[at], nil
}

// insert keeps a new invoice with the next number of its series; its date is set
// before. It fails with INVOICE_NUMBER_TAKEN.
func (n *numbering) insert(tx store.Tx, i *Invoice) error {
	c, err := n.counter(tx, i.Series)
	if err != nil {
		return err
	}
	c.Last++
	i.Sequence, i.Number = c.Last, n.pattern(i.Series).Format(n.brand.Key, i.Date.Year(), c.Last)
	err = invoices.Insert(tx, i)
	if failure.CodeOf(err) == InvoiceNumberTaken {
		key := "invoice_number"
		if i.Series == CreditSeries {
			key = "credit_note_number"
		}
		return InvoiceNumberTaken.With("%s; change %s of brand %s in the catalogue", i.Number, key, n.brand.Key)
	}
	return err
}

// pattern is how numbers of a series are written now.
func (n *numbering) pattern(s Series) catalogue.NumberPattern {
	if s == CreditSeries {
		return n.brand.CreditNotePattern()
	}
	return n.brand.InvoicePattern()
}

// last is where the series are, and back takes them there again.
func (n *numbering) last() (at [2]int64) {
	for i, c := range n.counters {
		if c != nil {
			at[i] = c.Last
		}
	}
	return at
}

func (n *numbering) back(to [2]int64) {
	for i, c := range n.counters {
		if c != nil {
			c.Last = max(to[i], n.kept[i])
		}
	}
}

// keep writes the series that went on.
func (n *numbering) keep(tx store.Tx) error {
	for i, c := range n.counters {
		if c == nil || c.Last == n.kept[i] {
			continue
		}
		if err := c.keep(tx); err != nil {
			return err
		}
		n.kept[i] = c.Last
	}
	return nil
}
