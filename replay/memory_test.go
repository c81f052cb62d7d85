package replay_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"rator/replay"
	"rator/replay/fixture"
	"rator/workflow/contract"
)

// padding makes an answer large enough for one that is kept to be noticed.
var padding = strings.Repeat("kept?", 800)

// expected is what answering answers, under other ids.
func expected(id string) string {
	return "<order xmlns='urn:orders'><id>" + id + "</id><text>" + padding + "</text></order>"
}

// answering is an endpoint in this process that gives every order another id, as a
// real one would. Not for scenarios that are played at a time.
type answering struct{ orders int }

func (a *answering) Endpoint() string { return "" }

func (a *answering) Does(string) error { return nil }

func (a *answering) Begin(context.Context, *fixture.Scenario) (replay.Session, error) { return a, nil }

func (a *answering) Do(r *http.Request) (*http.Response, error) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return nil, err
	}
	a.orders++
	body := expected(fmt.Sprintf("%018d", 201502030000000000+a.orders))
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func (a *answering) Deed(context.Context, string) (*replay.DeedAnswer, error) { return nil, nil }
func (a *answering) Contract(string) *contract.Contract                       { return nil }
func (a *answering) Now() time.Time                                           { return time.Time{} }
func (a *answering) Close() error                                             { return nil }

// counting keeps nothing but counts, as the reports do.
type counting struct{ equal, other int }

func (c *counting) Played(r *replay.Result) error {
	for i := range r.Exchanges {
		if x := &r.Exchanges[i]; x.Outcome == replay.Equal {
			c.equal += x.Latency.Count
		} else {
			c.other++
		}
	}
	return r.Err
}

func (c *counting) Done(*replay.Summary) error { return nil }

const perScenario = 20

// generated makes scenarios of perScenario exchanges each, all of the same files.
func generated(t testing.TB, scenarios int) []*fixture.Scenario {
	t.Helper()
	files := map[string]string{}
	for x := range perScenario {
		step := fmt.Sprintf("first/%02d-order.", x+1)
		files[step+"request.xml"] = "<order xmlns='urn:orders'/>"
		files[step+"response.xml"] = expected(fmt.Sprintf("%018d", 201401010000000000+x))
	}
	first := suite(t, files)[0].Dir
	for s := 1; s < scenarios; s++ {
		dir := filepath.Join(filepath.Dir(first), fmt.Sprintf("next-%05d", s))
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for name := range files {
			if err := os.Link(filepath.Join(first, filepath.Base(name)), filepath.Join(dir, filepath.Base(name))); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := fixture.Find(fixture.Options{}, filepath.Dir(first))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// playCounted plays and says that all was equal; at is called with each exchange.
func playCounted(t testing.TB, scenarios []*fixture.Scenario, repeat int, at func(done int)) {
	t.Helper()
	c := &counting{}
	player := replay.Player{Target: &answering{}, Sink: c, Repeat: repeat, Progress: func(done, _ int) { at(done) }}
	if _, err := player.Play(t.Context(), scenarios); err != nil {
		t.Fatal(err)
	}
	if want := len(scenarios) * perScenario * repeat; c.equal != want || c.other != 0 {
		t.Fatalf("%d exchanges were equal, %d not; want %d", c.equal, c.other, want)
	}
}

// TestMemoryIsFlat: after many exchanges no more is kept than after a few, whether
// they are repeated or each is another.
func TestMemoryIsFlat(t *testing.T) {
	const few, many = 500, 4000
	for name, c := range map[string]struct{ scenarios, repeat int }{
		"repeated":  {1, many / perScenario},
		"scenarios": {many / perScenario, 1},
	} {
		t.Run(name, func(t *testing.T) {
			live := map[int]uint64{}
			playCounted(t, generated(t, c.scenarios), c.repeat, func(done int) {
				if done != few && done != many {
					return
				}
				var m runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&m)
				live[done] = m.HeapAlloc
			})
			// What 3,500 kept answers would take is 14 MB.
			if live[many] > live[few]+4<<20 {
				t.Errorf("after %d exchanges %d bytes are kept, after %d only %d", many, live[many], few, live[few])
			}
		})
	}
}

// BenchmarkMemory plays 10,000 and 100,000 exchanges, and reports the largest heap
// that was seen on the way, garbage with it, over what the list of the scenarios'
// files takes, and exchanges/s. The endpoint does next to nothing, so that is what the
// player can do on its own.
func BenchmarkMemory(b *testing.B) {
	for _, exchanges := range []int{10_000, 100_000} {
		for name, scenarios := range map[string]int{"repeated": 1, "scenarios": exchanges / perScenario} {
			b.Run(fmt.Sprintf("%s/%d", name, exchanges), func(b *testing.B) {
				heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
				live := func() uint64 {
					for range 2 { // the second gives the heap's goal its size
						runtime.GC()
					}
					metrics.Read(heap)
					return heap[0].Value.Uint64()
				}
				none := live()
				found := generated(b, scenarios)
				list := live() - none
				var peak uint64
				b.ResetTimer()
				for range b.N {
					playCounted(b, found, exchanges/perScenario/scenarios, func(done int) {
						if done%100 == 0 {
							metrics.Read(heap)
							peak = max(peak, heap[0].Value.Uint64())
						}
					})
				}
				b.ReportMetric(float64(list)/(1<<20), "list-MiB")
				b.ReportMetric(float64(peak-list)/(1<<20), "peak-MiB")
				b.ReportMetric(float64(exchanges*b.N)/b.Elapsed().Seconds(), "exchanges/s")
			})
		}
	}
}
