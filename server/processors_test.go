package server_test

import (
	"runtime"
	"testing"

	"rator/server"
)

func TestThreads(t *testing.T) {
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	for _, test := range []struct {
		said      string
		had, want int
	}{{"1", 1, 1}, {"", 1, 2}, {"", 3, 3}} {
		runtime.GOMAXPROCS(test.had)
		server.UseThreads(func(string) string { return test.said })
		if got := runtime.GOMAXPROCS(0); got != test.want {
			t.Errorf("GOMAXPROCS=%q on %d processors: %d threads, want %d", test.said, test.had, got, test.want)
		}
	}
}
