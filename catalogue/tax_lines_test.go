package catalogue

import "rator/store"

// TaxLines gives the lines of an amount. A place that the table does not know has none.
func TaxLines(tx store.Tx, brand *Brand, what Taxable, amount Money) ([]TaxLine, error) {
	taxes, err := taxesOf(tx, brand, what)
	if err != nil {
		return nil, err
	}
	return taxes.lines(what.Date, amount), nil
}
