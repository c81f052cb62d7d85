package export_test

import (
	"io"
	"testing"

	"rator/bulk/export"
	"rator/server/servertest"
)

// BenchmarkWrite exports customers with what was billed of them.
func BenchmarkWrite(b *testing.B) {
	st := servertest.OpenStore(b, servertest.GroupsFile(b, 5000))
	var customers int64
	b.ReportAllocs()
	for b.Loop() {
		n, err := (&export.Query{}).Write(b.Context(), st, io.Discard)
		if err != nil {
			b.Fatal(err)
		}
		customers += n
	}
	b.ReportMetric(float64(customers)/b.Elapsed().Seconds(), "customers/s")
}
