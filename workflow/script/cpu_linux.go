package script

import (
	"syscall"
	"time"
)

// threadTime is the processor's time that the calling thread took since it began.
func threadTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &u); err != nil {
		return 0 // then no time is a script's fault
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
