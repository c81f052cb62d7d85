package access

// GuardCounts is what a Guard counted since the start.
type GuardCounts struct {
	Hashes  int64 // of passwords that were not known
	Refused int64 // calls, because a lane was full
}

// Counts tells what was counted so far.
func (g *Guard) Counts() GuardCounts {
	return GuardCounts{g.hashed.Load(), g.lanes.refusals()}
}
