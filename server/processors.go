package server

import "runtime"

// leastThreads is how many threads may run Go at least, also on one processor: a thread
// that waits for the disk keeps what Go calls a processor for some milliseconds until it
// is noticed, and with the only one taken the next group of writes does not gather
// (speed.md "Writing").
const leastThreads = 2

// UseThreads lets at least two threads run Go, unless GOMAXPROCS of the environment says
// how many.
func UseThreads(getenv func(string) string) {
	if getenv("GOMAXPROCS") == "" && runtime.GOMAXPROCS(0) < leastThreads {
		runtime.GOMAXPROCS(leastThreads)
	}
}
