package together

import (
	"context"
	"log/slog"
	"time"
)

// skewTold is from which difference of the clocks on the log says so.
const skewTold = 2 * time.Second

// clock tells when the clocks of database and machine part, and when they agree again.
type clock struct {
	log   *slog.Logger
	apart bool
}

func (c *clock) saw(skew time.Duration) {
	switch apart := skew.Abs() > skewTold; {
	case apart == c.apart:
		return
	case apart:
		c.log.Warn("the clocks of the database and of this machine differ; changes are of the database's time", "database_is_ahead_by", skew.Round(time.Millisecond))
	default:
		c.log.Info("the clocks of the database and of this machine agree again")
	}
	c.apart = !c.apart
}

// WatchClock has the log say when the clocks of database and machine part, until ctx ends.
// Skew is what the database's is ahead of the machine's.
func WatchClock(ctx context.Context, log *slog.Logger, skew func() time.Duration) {
	c := clock{log: log}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		c.saw(skew())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
