package main

import (
	"fmt"
	"os/exec"
	"runtime"
	measures "runtime/metrics"
	"testing"
	"time"

	"rator/billing"
)

// BenchmarkBillingRun is a whole run over so many billing groups, each with an
// option, charges and taxes: how long a group takes, how much of the heap the run
// takes at its highest, which must not grow with their number, and the most
// memory that `rator billing run` had as a process, which the mapped pages of the
// store file are part of; the kernel takes those back when it wants them.
func BenchmarkBillingRun(b *testing.B) {
	for _, groups := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(groups), func(b *testing.B) {
			file := groupsFile(b, groups)
			var heap, resident uint64
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				inside, outside := copied(b, file), copied(b, file)
				resident = max(resident, processMemory(b, outside))
				b.StartTimer()
				heap = max(heap, peakHeap(func() { billInside(b, inside) }))
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/run")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*groups), "µs/group")
			b.ReportMetric(float64(heap)/(1<<20), "peak-heap-MB")
			b.ReportMetric(float64(resident)/(1<<20), "max-rss-MB")
		})
	}
}

func billInside(b *testing.B, file string) {
	st := openStore(b, file)
	defer st.Close()
	day, err := time.Parse(time.DateOnly, runDay)
	if err != nil {
		b.Fatal(err)
	}
	report, err := (&billing.Run{AsOf: day}).Do(b.Context(), st)
	if err != nil || report.Refused != 0 || report.Invoices == 0 {
		b.Fatalf("%v %+v", err, report)
	}
}

// peakHeap is the most that the heap grew by while f ran, garbage too.
func peakHeap(f func()) (peak uint64) {
	sample := []measures.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	read := func() uint64 { measures.Read(sample); return sample[0].Value.Uint64() }
	runtime.GC()
	before := read()
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-done:
				tick.Stop()
				return
			case <-tick.C:
				peak = max(peak, read())
			}
		}
	}()
	f()
	close(done)
	<-stopped
	return peak - min(peak, before)
}

// processMemory makes the run as a process of its own and gives the most memory it
// had, in bytes.
func processMemory(b *testing.B, file string) uint64 {
	b.Helper()
	binary, err := buildRator()
	if err != nil {
		b.Fatal(err)
	}
	run := exec.Command(binary, "billing", "run", "--store", file, "--as-of", runDay)
	if out, err := run.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return maxRSS(run.ProcessState)
}
