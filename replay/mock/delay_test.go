package mock

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestDelaysHaveTheirQuantiles draws many and looks where they lie.
func TestDelaysHaveTheirQuantiles(t *testing.T) {
	d, err := ParseDelay("p50=20ms, p99=400ms")
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	drawn := make([]time.Duration, 100_000)
	for i := range drawn {
		drawn[i] = d.draw(r)
	}
	slices.Sort(drawn)
	for _, q := range []struct {
		at   int
		want time.Duration
	}{{50_000, 20 * time.Millisecond}, {99_000, 400 * time.Millisecond}} {
		if got := drawn[q.at]; got < q.want*9/10 || got > q.want*11/10 {
			t.Errorf("%d of 100000 took up to %v, want %v", q.at, got, q.want)
		}
	}
	if d, err := ParseDelay("p50=20ms"); err != nil || d.draw(r) != 20*time.Millisecond && d.draw(r)-20*time.Millisecond > time.Microsecond {
		t.Errorf("%v %v", d, err)
	}
}

func TestExamplesMatch(t *testing.T) {
	for pattern, want := range map[string]string{
		`\d{18}`: "000000000000000000", `(A|B)C+D?`: "AC", `[^<]x`: "0x", `a.b`: "axb", `((a{900}){900}){900}`: "", `[`: "",
	} {
		if got := example(pattern); got != want && want != "" || len(got) > 2*exampleRunes {
			t.Errorf("%s gives %q", pattern, got)
		}
	}
}
