package verify

import (
	"fmt"

	"rator/billing/ledger"
	"rator/catalogue"
)

// numbers are the numbers of a series of a brand.
type numbers struct{ count, highest int64 }

func (v *verification) numbersOf(series string) *numbers {
	if v.numbers[series] == nil {
		v.numbers[series] = &numbers{}
	}
	return v.numbers[series]
}

// number counts an invoice in its series. Number is what people got: it is not
// made anew, because the brand's pattern may have been another one then.
func (v *verification) number(i *ledger.Invoice) {
	n := v.numbersOf(i.Series.Key(i.Brand))
	if n.count, n.highest = n.count+1, max(n.highest, i.Sequence); i.Sequence < 1 || i.Number == "" {
		v.report(fmt.Errorf("invoice %q of brand %s is number %d of its %s", i.Number, i.Brand, i.Sequence, i.Series))
	}
	if i.Series == ledger.CreditSeries && !i.Total.IsNegative() {
		v.report(fmt.Errorf("invoice %s of brand %s asks for %s and is numbered among the credit notes", i.Number, i.Brand, i.Total))
	}
}

// sequences checks that a brand with n invoices of a series has the numbers 1 to
// n: the store sees to it that none is there twice.
func (v *verification) sequences() {
	for b, err := range catalogue.Brands.Scan(v.tx) {
		if err != nil {
			v.report(err)
			return
		}
		for _, s := range []ledger.Series{ledger.InvoiceSeries, ledger.CreditSeries} {
			n := v.numbersOf(s.Key(b.Key))
			c, err := ledger.CounterOf(v.tx, b.Key, s)
			if err != nil {
				v.report(err)
				return
			}
			if n.count != n.highest || n.highest != c.Last {
				v.report(fmt.Errorf("brand %s has %d %s, the highest is number %d, the counter says %d", b.Key, n.count, s, n.highest, c.Last))
			}
		}
	}
}
