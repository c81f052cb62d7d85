package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	measures "runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/billing"
	"rator/server/servertest"
)

// BenchmarkBillingRun is a whole run over so many billing groups, each with an
// option, charges and taxes: how long a group takes, how much of the heap the run
// takes at its highest, and what `rator billing run` takes as a process: the most
// memory of its own, and the most in all. The latter has the store file's pages in
// it, which the kernel takes back when it wants them; the others must not grow
// with the number of groups.
func BenchmarkBillingRun(b *testing.B) {
	for _, groups := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(groups), func(b *testing.B) {
			file := servertest.GroupsFile(b, groups)
			var heap uint64
			var process memory
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				inside, outside := servertest.Copied(b, file), servertest.Copied(b, file)
				process = processMemory(b, outside)
				b.StartTimer()
				heap = max(heap, peakHeap(func() { billInside(b, inside) }))
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/run")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*groups), "µs/group")
			b.ReportMetric(float64(heap)/(1<<20), "peak-heap-MB")
			b.ReportMetric(float64(process.own)/(1<<20), "max-own-MB")
			b.ReportMetric(float64(process.all)/(1<<20), "max-rss-MB")
		})
	}
}

func billInside(b *testing.B, file string) {
	st := servertest.OpenStore(b, file)
	defer st.Close()
	day, err := time.Parse(time.DateOnly, servertest.RunDay)
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

// memory is the most that a process had, in bytes; 0 where the system does not say.
type memory struct {
	own uint64 // without the pages of files
	all uint64
}

// processMemory makes the run as a process of its own and watches it.
func processMemory(b *testing.B, file string) (m memory) {
	b.Helper()
	binary, err := buildRator()
	if err != nil {
		b.Fatal(err)
	}
	var said bytes.Buffer
	run := exec.Command(binary, "billing", "run", "--store", file, "--as-of", servertest.RunDay)
	run.Stdout, run.Stderr = &said, &said
	if err := run.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- run.Wait() }()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		select {
		case err := <-ended:
			tick.Stop()
			if err != nil {
				b.Fatalf("%v\n%s", err, said.String())
			}
			m.all = maxRSS(run.ProcessState)
			return m
		case <-tick.C:
			m.own = max(m.own, ownMemory(run.Process.Pid))
		}
	}
}

// ownMemory is the resident memory of a process without the pages of files; 0 where
// there is no /proc.
func ownMemory(pid int) uint64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, text, _ := strings.Cut(string(status), "\nRssAnon:")
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return 0
	}
	kilobytes, _ := strconv.ParseUint(fields[0], 10, 64)
	return kilobytes << 10
}
