package server

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
)

// LeastMemory is the least that a server may be told to keep to.
const LeastMemory = 64 << 20

// Memory is how much a process takes before it looks harder for what it no longer needs
// (runtime/debug.SetMemoryLimit): its own memory, without that of the store's file, which
// the system lends it. It is no bound: what is needed is taken.
type Memory struct {
	limit   int64 // bytes; 0 = as the environment or Go has it
	percent int   // of what is in use that may gather until it is collected; 0 likewise
	from    string
}

// MemoryFor is the setting for what was asked for, in bytes; 0 = half of what the machine
// has, or its control group may take. GOMEMLIMIT and GOGC of the environment go before it.
// root is the root of the file system.
func MemoryFor(asked int64, getenv func(string) string, root fs.FS) Memory {
	m := Memory{limit: asked, from: "--memory"}
	if asked == 0 {
		m.limit, m.from = machineMemory(root)/2, "half of the machine's"
	}
	// Twice what is in use, beside it, halves the collector's work; beyond that little
	// is gained (speed.md "Memory of the process").
	const plenty = 256 << 20
	m.percent = 200
	if m.limit > 0 && m.limit < plenty {
		m.percent = 100
	}
	if getenv("GOMEMLIMIT") != "" {
		m.limit, m.from = 0, "GOMEMLIMIT"
	}
	if getenv("GOGC") != "" {
		m.percent = 0
	}
	return m
}

// Set has the process keep to it, and says so.
func (m Memory) Set(log *slog.Logger) {
	if m.limit > 0 {
		debug.SetMemoryLimit(m.limit)
	}
	percent := "GOGC of the environment"
	if m.percent > 0 {
		debug.SetGCPercent(m.percent)
		percent = strconv.Itoa(m.percent)
	}
	limit := "none"
	if now := debug.SetMemoryLimit(-1); now < 1<<62 {
		limit = fmt.Sprintf("%d MiB", now>>20)
	}
	log.Info("memory", "soft_limit", limit, "from", m.from, "collected_at_percent", percent)
}

// machineMemory is how many bytes of memory the machine has, or less where the control
// group of the process may take less; 0 = not known.
func machineMemory(root fs.FS) int64 {
	least := int64(0)
	note := func(n int64) {
		if n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	text, _ := fs.ReadFile(root, "proc/meminfo")
	for line := range strings.Lines(string(text)) {
		if size, found := strings.CutPrefix(line, "MemTotal:"); found {
			kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(size), "kB")), 10, 64)
			note(kilobytes << 10)
		}
	}
	groups, _ := fs.ReadFile(root, "proc/self/cgroup") // cgroups(7): ID:CONTROLLERS:PATH, none of version 2
	for line := range strings.Lines(string(groups)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		mount, file := "", ""
		switch parts[1] {
		case "":
			mount, file = "sys/fs/cgroup", "memory.max"
		case "memory":
			mount, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		default:
			continue
		}
		// In a container the path may be the host's, and the group what is mounted.
		for dir := path.Clean("/" + parts[2]); ; dir = path.Dir(dir) {
			limit, _ := fs.ReadFile(root, path.Join(mount, dir, file))
			n, err := strconv.ParseInt(string(bytes.TrimSpace(limit)), 10, 64)
			if err == nil { // version 2 says max for none
				note(n)
			}
			if dir == "/" {
				break
			}
		}
	}
	return least
}
