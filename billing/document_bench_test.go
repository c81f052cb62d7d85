package billing

import (
	"fmt"
	"testing"

	"rator/billing/document"
	"rator/catalogue"
	"rator/store"
)

// BenchmarkDocument makes invoices of a page and of many.
func BenchmarkDocument(b *testing.B) {
	for _, lines := range []int{3, 350, 10_000} {
		b.Run(fmt.Sprint(lines), func(b *testing.B) {
			k := open(b)
			p := k.signUp("MONTH", "Øre")
			k.do(func(tx store.Tx, brand *catalogue.Brand) error {
				for n := range lines {
					if _, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("1.5"), Text: fmt.Sprint("Call ", n+1)}); err != nil {
						return err
					}
				}
				return nil
			})
			k.run("2026-02-01")
			i, size := k.invoicesOf(p)[0], 0
			b.ReportAllocs()
			for b.Loop() {
				k.look(func(tx store.Tx, _ *catalogue.Brand) error {
					doc, _, err := document.PDF(tx, i, nil)
					size = len(doc)
					return err
				})
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
