package billing

import "testing"

// BenchmarkRun is a billing run of 1,000 billing groups, each with a subscription and a
// charge, that keeps nothing.
func BenchmarkRun(b *testing.B) {
	books := open(b)
	books.many(1000)
	books.at("2026-02-01")
	for b.Loop() {
		if r := books.runWith(Run{AsOf: books.date("2026-02-01"), DryRun: true}); r.Invoices != 1000 {
			b.Fatalf("%d invoices", r.Invoices)
		}
	}
}
