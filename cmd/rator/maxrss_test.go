package main

import (
	"os"
	"runtime"
	"syscall"
)

// maxRSS is the most memory that a process that ended had, in bytes; 0 where the
// system does not say.
func maxRSS(p *os.ProcessState) uint64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return uint64(usage.Maxrss)
	}
	return uint64(usage.Maxrss) << 10
}
