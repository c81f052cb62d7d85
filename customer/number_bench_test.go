package customer_test

import (
	"fmt"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// BenchmarkLine makes lines with numbers that were drawn, that are of a series and
// that are of none, and looks one up.
func BenchmarkLine(b *testing.B) {
	s := open(b)
	c := signUp(b, s, "aase")
	for name, number := range map[string]func(n int) string{
		"drawn": func(int) string { return "" }, "of a series": func(n int) string { return fmt.Sprintf("1303555%04d", 1000+n%9000) }, "of none": func(n int) string { return fmt.Sprintf("1415%07d", 2000000+n%7000000) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			in(b, s, func(tx store.Tx, demo *catalogue.Brand) error {
				for n := 0; b.Loop(); n++ {
					err := tx.Savepoint(func() error {
						sv := customer.NewService{Subscription: c.subscription}
						sv.MSISDN = number(n)
						if _, err := customer.CreateService(tx, demo, sv); err != nil {
							return err
						}
						return failure.TryAgain.Error()
					})
					if failure.CodeOf(err) != failure.TryAgain {
						return err
					}
				}
				return nil
			})
		})
	}
	b.Run("found", func(b *testing.B) {
		b.ReportAllocs()
		in(b, s, func(tx store.Tx, demo *catalogue.Brand) error {
			for b.Loop() {
				if _, _, err := customer.FindByMSISDN(tx, demo, "13035550000"); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
