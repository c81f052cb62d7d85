package report_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"rator/replay"
	"rator/replay/compare"
	"rator/replay/report"
	"rator/workflow/value"
)

// BenchmarkReports tells each report of 100,000 exchanges in 10,000 scenarios, one
// in a hundred different, each result made when it is told. live-MB is what the
// report keeps of them before the end; it must not grow with their number.
func BenchmarkReports(b *testing.B) {
	list := answer(value.Of("INVOICES", value.Of("INVOICE", value.OfString("STATE", "OPEN"))))
	paid := answer(value.Of("INVOICES", value.Of("INVOICE", value.OfString("STATE", "PAID"))))
	make := func(n int) *replay.Result {
		r := scenario(fmt.Sprintf("area%02d/scenario%05d", n%40, n), "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
		for i := range 10 {
			played(r, fmt.Sprintf("SOAP_OPERATION_%d", (n+i)%60), time.Duration(500+n%977*i)*time.Microsecond, func(x *replay.Exchange) {
				if (n*10+i)%100 == 0 {
					different(x, list, paid, differs("return/values[INVOICES]/INVOICE[0]/STATE", compare.Value, "OPEN", "PAID", list, "OPEN"))
				}
			})
		}
		return r
	}
	for _, tt := range []struct {
		name string
		sink func(w io.Writer) replay.Sink
	}{
		{"terminal", func(w io.Writer) replay.Sink { return report.NewTerminal(w, report.TerminalOptions{}) }},
		{"junit", func(w io.Writer) replay.Sink { return report.NewJUnit(w, report.Options{}) }},
		{"json", func(w io.Writer) replay.Sink { return report.NewJSON(w, report.Options{}) }},
		{"html", func(w io.Writer) replay.Sink { return report.NewHTML(w, report.Options{}) }},
	} {
		for _, scenarios := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", tt.name, scenarios*10), func(b *testing.B) {
				for b.Loop() {
					var w counter
					before := live()
					sink := tt.sink(&w)
					summary := &replay.Summary{
						Started: began, Scenarios: map[replay.Outcome]int{}, Exchanges: map[replay.Outcome]int{}, Operations: map[string]*replay.Histogram{},
					}
					for n := range scenarios {
						r := make(n)
						summary.Scenarios[r.Outcome()]++
						summary.Exchanges[replay.Equal] += len(r.Exchanges)
						if err := sink.Played(r); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(max(0, float64(live()-before))/1e6, "live-MB")
					if err := sink.Done(summary); err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(w)/1e6, "file-MB")
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*scenarios*10), "µs/exchange")
			})
		}
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func live() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkCoverage observes one sign-up-sized exchange.
func BenchmarkCoverage(b *testing.B) {
	c := report.NewCoverage(contracts(b))
	sent := request("SOAP_PAY", value.Of("INVOICE", value.OfString("ID", "1"), value.OfMoney("AMOUNT", money("1.5"))))
	got := answer(value.OfString("STATUS", "0"), value.Of("LINES", value.OfString("TEXT", "a")))
	for b.Loop() {
		c.Observe("SOAP_PAY", sent, got)
	}
}
