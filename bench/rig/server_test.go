package rig

import (
	"runtime"
	"testing"
	"time"

	"rator/suite"
)

func TestProcessorTime(t *testing.T) {
	if runtime.GOOS != "linux" {
		suite.Missing(t, "/proc of Linux")
	}
	before := cpuOf("self")
	for n, start := 0, time.Now(); cpuOf("self") == before; n++ {
		if n%1000 == 999 && time.Since(start) > time.Minute {
			t.Fatalf("a process that works took %s, and a minute later no more", before)
		}
	}
}
