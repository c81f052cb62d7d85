package main

import "runtime/debug"

// readersGarbage is how much garbage may gather in a command that reads a whole store, in
// percent of what is in use. That is a few megabytes, however large the store is, so that it
// would be collected hundreds of times a second.
const readersGarbage = 400

// letGarbageGather is for a command that reads a whole store in a process of its own. GOGC of
// the environment goes before it.
func letGarbageGather(t *terminal) {
	if t.live == nil && (t.getenv == nil || t.getenv("GOGC") == "") {
		debug.SetGCPercent(readersGarbage)
	}
}
