package replay_test

import (
	"runtime"
	"testing"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server/servertest"
)

// wanted counts what is played and fails the benchmark for what is not equal.
type wanted struct {
	testing.TB
	exchanges int
}

func (w *wanted) Played(r *replay.Result) error {
	if r.Outcome() != replay.Equal {
		w.Errorf("%s: %s %v", r.Scenario.Name, r.Outcome(), r.Err)
	}
	for i := range r.Exchanges {
		w.exchanges += r.Exchanges[i].Latency.Count
	}
	return nil
}

func (w *wanted) Done(*replay.Summary) error { return nil }

// found gives the scenarios below dir.
func found(t testing.TB, dir string) []*fixture.Scenario {
	t.Helper()
	all, err := fixture.Find(fixture.Options{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// onOneCore has the rest of a benchmark run on one core.
func onOneCore(b *testing.B) {
	before := runtime.GOMAXPROCS(1)
	b.Cleanup(func() { runtime.GOMAXPROCS(before) })
}

// BenchmarkReplay plays scenarios in this process on one core, from reading the
// files to the comparison, and reports exchanges/s and allocations for each
// exchange: all of testdata/soap, where every scenario and repetition has a fresh
// server whose store is verified in the end, and one that asks the same server a
// thousand times.
func BenchmarkReplay(b *testing.B) {
	all := found(b, servertest.Scenarios)
	one := *found(b, servertest.Scenarios+"/SOAP_GET_PRODUCT_CONFIGS")[0]
	one.Config.Compare = fixture.CompareTyped // request ids count on
	for steps := one.Steps; len(one.Steps) < 1000; {
		one.Steps = append(one.Steps, steps...)
	}
	for name, played := range map[string][]*fixture.Scenario{"soap": all, "one": {&one}} {
		b.Run(name, func(b *testing.B) {
			onOneCore(b)
			player := &replay.Player{Target: servertest.Target(), Sink: &wanted{TB: b}}
			if _, err := player.Play(b.Context(), all); err != nil { // prepares servers and checks passwords
				b.Fatal(err)
			}
			counted := &wanted{TB: b}
			player.Sink, player.Repeat = counted, b.N
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.ResetTimer()
			if _, err := player.Play(b.Context(), played); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(counted.exchanges)/b.Elapsed().Seconds(), "exchanges/s")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(counted.exchanges), "allocs/exchange")
		})
	}
}
