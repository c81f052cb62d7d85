package catalogue

import (
	"github.com/shopspring/decimal"
	"golang.org/x/text/currency"
)

// Money is an amount in a currency. It is decimal throughout; on the wire it is
// a double (architecture.md 4). On a balance negative means that the customer
// owes (rator-api.md 2.5).
type Money struct {
	Amount   decimal.Decimal
	Currency string // ISO 4217
}

// Rounded is m in whole minor units of its currency, halves away from zero.
func (m Money) Rounded() Money {
	return Money{m.Amount.Round(MinorUnits(m.Currency)), m.Currency}
}

// String is the amount with all its minor units, then the currency: "12.50 USD".
func (m Money) String() string {
	return m.Amount.StringFixed(MinorUnits(m.Currency)) + " " + m.Currency
}

// minorUnits are ISO 4217's exceptions from two.
var minorUnits = map[string]int32{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// MinorUnits is how many decimals amounts of a currency have.
func MinorUnits(currency string) int32 {
	if n, ok := minorUnits[currency]; ok {
		return n
	}
	return 2
}

// isCurrency reports whether s is an ISO 4217 code in capitals.
func isCurrency(s string) bool {
	unit, err := currency.ParseISO(s)
	return err == nil && unit.String() == s
}
