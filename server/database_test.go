package server

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rator/store/postgres"
)

// TestFenceIsLogged: the log names who holds up the events.
func TestFenceIsLogged(t *testing.T) {
	var said bytes.Buffer
	fenced(slog.New(slog.NewTextHandler(&said, nil)))(postgres.Fence{Who: "a report", Process: 7, Since: time.Unix(0, 0)})
	for _, want := range []string{"level=WARN", "a report (process 7, since 1970-01-01T00:00:00Z)", "process=7", "since=1970-01-01T00:00:00"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("no %q in %s", want, &said)
		}
	}
}
