package load

import (
	"runtime"
	"testing"

	"rator/server"
	"rator/store/bolt"
)

// BenchmarkLoad loads customers with a line, an option and money, checked and durable: so
// many a second, and the most that the heap had in use after one.
func BenchmarkLoad(b *testing.B) {
	const each = 3000 // of line(n) all are different
	j := newJob(b, nil)
	j.Group, j.Jobs = 250, runtime.GOMAXPROCS(0)
	var most uint64
	for b.Loop() {
		b.StopTimer()
		empty, err := bolt.Open(b.TempDir()+"/bench.db", bolt.Options{})
		if err == nil {
			err = server.PrepareDemo(b.Context(), empty)
		}
		if err != nil {
			b.Fatal(err)
		}
		j.Store, j.Inputs = empty, []Input{bytesInput("a.ndjson", linesOf(0, each))}
		b.StartTimer()
		j.do(b)
		b.StopTimer()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapInuse)
		if err := empty.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.N*each)/b.Elapsed().Seconds(), "customers/s")
	b.ReportMetric(float64(most)/(1<<20), "MiB-heap")
}
