package server_test

import (
	"bytes"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"

	"rator/server"
)

func TestMemory(t *testing.T) {
	machine := func(files ...string) fstest.MapFS {
		m := fstest.MapFS{"proc/meminfo": {Data: []byte("MemFree: 1 kB\nMemTotal:        8388608 kB\nBuffers: 2 kB\n")}}
		for i := 0; i < len(files); i += 2 {
			m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
		}
		return m
	}
	for name, c := range map[string]struct {
		asked       int64
		environment map[string]string
		root        fstest.MapFS
		limit       int64
		percent     int
		says        string
	}{
		"the machine's":        {0, nil, machine(), 4 << 30, 200, `soft_limit="4096 MiB" from="half of the machine's" collected_at_percent=200`},
		"asked for":            {1 << 30, nil, machine(), 1 << 30, 200, `soft_limit="1024 MiB" from=--memory`},
		"little":               {128 << 20, nil, machine(), 128 << 20, 100, `collected_at_percent=100`},
		"no machine":           {0, nil, fstest.MapFS{}, math.MaxInt64, 200, `soft_limit=none`},
		"version 2":            {0, nil, machine("proc/self/cgroup", "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max", "max\n", "sys/fs/cgroup/a/memory.max", "2147483648\n"), 1 << 30, 200, "1024 MiB"},
		"in a container":       {0, nil, machine("proc/self/cgroup", "0::/system.slice/x\n", "sys/fs/cgroup/memory.max", "1073741824\n"), 512 << 20, 200, "512 MiB"},
		"version 1":            {0, nil, machine("proc/self/cgroup", "4:memory:/a\n3:cpu:/b\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "2147483648\n", "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"), 1 << 30, 200, "1024 MiB"},
		"environment's limit":  {1 << 30, map[string]string{"GOMEMLIMIT": "2GiB"}, machine(), 2 << 30, 200, `soft_limit="2048 MiB" from=GOMEMLIMIT`},
		"environment's at all": {1 << 30, map[string]string{"GOMEMLIMIT": "2GiB", "GOGC": "50"}, machine(), 2 << 30, 50, `collected_at_percent="GOGC of the environment"`},
	} {
		// What Go itself makes of the environment when it starts.
		limit, percent := int64(math.MaxInt64), 100
		if c.environment["GOMEMLIMIT"] != "" {
			limit = 2 << 30
		}
		if c.environment["GOGC"] != "" {
			percent = 50
		}
		limitBefore, percentBefore := debug.SetMemoryLimit(limit), debug.SetGCPercent(percent)
		var log bytes.Buffer
		server.MemoryFor(c.asked, func(name string) string { return c.environment[name] }, c.root).Set(slog.New(slog.NewTextHandler(&log, nil)))
		limit, percent = debug.SetMemoryLimit(limitBefore), debug.SetGCPercent(percentBefore)
		if limit != c.limit || percent != c.percent || !strings.Contains(log.String(), c.says) {
			t.Errorf("%s: %d bytes, %d percent, want %d, %d; it said %s", name, limit, percent, c.limit, c.percent, &log)
		}
	}
}
