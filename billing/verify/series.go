package verify

import (
	"fmt"

	"rator/billing/ledger"
	"rator/catalogue"
)

// numbers are the numbers of a series of a brand; count is of those above what came with
// loaded customers.
type numbers struct{ count, highest, brought int64 }

func (v *verification) numbersOf(brand string, series ledger.Series) (*numbers, error) {
	key := series.Key(brand)
	if v.numbers[key] == nil {
		c, err := ledger.CounterOf(v.tx, brand, series)
		if err != nil {
			return nil, err
		}
		v.numbers[key] = &numbers{highest: c.Brought, brought: c.Brought}
	}
	return v.numbers[key], nil
}

// number counts an invoice in its series. Number is what people got: it is not
// made anew, because the brand's pattern may have been another one then.
func (v *verification) number(i *ledger.Invoice) error {
	n, err := v.numbersOf(i.Brand, i.Series)
	if err != nil {
		return err
	}
	if n.highest = max(n.highest, i.Sequence); i.Sequence > n.brought {
		n.count++
	}
	if i.Sequence < 1 || i.Number == "" {
		v.report(fmt.Errorf("invoice %q of brand %s is number %d of its %s", i.Number, i.Brand, i.Sequence, i.Series))
	}
	if i.Series == ledger.CreditSeries && !i.Total.IsNegative() {
		v.report(fmt.Errorf("invoice %s of brand %s asks for %s and is numbered among the credit notes", i.Number, i.Brand, i.Total))
	}
	return nil
}

// sequences checks that a brand with n invoices of a series, above those that came with
// loaded customers, has the next n numbers: the store sees to it that none is there twice.
func (v *verification) sequences() {
	for b, err := range catalogue.Brands.Scan(v.tx) {
		if err != nil {
			v.report(err)
			return
		}
		for _, s := range []ledger.Series{ledger.InvoiceSeries, ledger.CreditSeries} {
			n, err := v.numbersOf(b.Key, s)
			if err != nil {
				v.report(err)
				return
			}
			c, err := ledger.CounterOf(v.tx, b.Key, s)
			if err != nil {
				v.report(err)
				return
			}
			above := ""
			if n.brought > 0 {
				above = fmt.Sprintf(" above number %d, the last that was loaded", n.brought)
			}
			if n.count != n.highest-n.brought || n.highest != c.Last {
				v.report(fmt.Errorf("brand %s has %d %s%s, the highest is number %d, the counter says %d", b.Key, n.count, s, above, n.highest, c.Last))
			}
		}
	}
}
