package together

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestClockIsTold: once when the clocks part, and once when they agree again.
func TestClockIsTold(t *testing.T) {
	var said bytes.Buffer
	c := clock{log: slog.New(slog.NewTextHandler(&said, nil))}
	for n, skew := range []time.Duration{0, time.Second, -3 * time.Second, 4 * time.Second, time.Second, 0} {
		c.saw(skew)
		if differ, agree := strings.Count(said.String(), "differ"), strings.Count(said.String(), "agree again"); differ != min(1, n/2) || agree != n/4 {
			t.Errorf("after %d: %s", n, said.String())
		}
	}
}
