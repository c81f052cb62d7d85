package mock

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// Delay is how long answers take: drawn from the log-normal distribution through two
// quantiles, which is how latencies of servers are spread.
type Delay struct {
	P50, P99 time.Duration
}

// maxDelay ends what the distribution's tail may give.
const maxDelay = 10 * time.Minute

// ParseDelay reads p50=20ms,p99=400ms. Without p99 each answer takes p50.
func ParseDelay(text string) (*Delay, error) {
	var d Delay
	for part := range strings.SplitSeq(text, ",") {
		name, amount, ok := strings.Cut(strings.TrimSpace(part), "=")
		var into *time.Duration
		switch {
		case ok && name == "p50":
			into = &d.P50
		case ok && name == "p99":
			into = &d.P99
		default:
			return nil, fmt.Errorf("%q is no quantile; a delay is such as p50=20ms,p99=400ms", part)
		}
		if *into != 0 {
			return nil, fmt.Errorf("%s is given twice", name)
		}
		given, err := time.ParseDuration(amount)
		if err != nil || given <= 0 || given > maxDelay {
			return nil, fmt.Errorf("%s=%s: a time is such as 20ms or 1.5s, above 0 and up to %v", name, amount, maxDelay)
		}
		*into = given
	}
	if d.P50 == 0 {
		return nil, fmt.Errorf("%q has no p50; a delay is such as p50=20ms,p99=400ms", text)
	}
	if d.P99 == 0 {
		d.P99 = d.P50
	}
	if d.P99 < d.P50 {
		return nil, fmt.Errorf("p99=%v is shorter than p50=%v; it is what 99 of 100 answers do not take longer than", d.P99, d.P50)
	}
	return &d, nil
}

// z99 is the standard normal distribution's quantile of 0.99.
const z99 = 2.3263478740408408

func (d *Delay) draw(r *rand.Rand) time.Duration {
	sigma := (math.Log(float64(d.P99)) - math.Log(float64(d.P50))) / z99
	return time.Duration(min(float64(d.P50)*math.Exp(sigma*r.NormFloat64()), float64(maxDelay)))
}
