package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"rator/suite"
)

// TestDiskErrors has system calls of a server under traffic fail, each of those that
// change the store's file or make sure of it, with EIO and ENOSPC, once or from then on,
// at starting and at work. Whatever was acknowledged is there, whatever was refused is
// there wholly or not at all, and the file is whole after each.
func TestDiskErrors(t *testing.T) {
	t.Parallel()
	const clients = 3
	type fault struct{ call, code, more string }
	var faults []fault
	for _, call := range []string{"pwrite64", "fdatasync"} {
		for _, code := range []string{"EIO", "ENOSPC"} {
			faults = append(faults, fault{call, code, ""}, fault{call, code, "+"})
		}
	}
	rounds := suite.Soak(t, 8, 64)
	c := newCrash(t)
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	injected, started := 0, 0
	for round := range rounds {
		soaked(t, round, rounds)
		f := faults[round%len(faults)]
		when := 1 + rng.IntN(60) // of one thread: strace counts for each
		if f.call == "fdatasync" {
			when = 1 + rng.IntN(4) // a commit writes many pages, and syncs twice
		}
		inject := fmt.Sprintf("%s:error=%s:when=%d%s", f.call, f.code, when, f.more)
		trace := traceDisk(t, c.file, inject)
		if p, err := trace.spawn(t, "--store", c.file); err == nil {
			started++
			c.round(t, p, clients, time.Duration(rng.IntN(100))*time.Millisecond)
		}
		trace.end(t)
		injected += trace.injected
		if out, err := ratorProcess(t, "verify", "--store", c.file); err != nil {
			t.Fatalf("seed %d, round %d, %s: %v\n%s", seed, round, inject, err, out)
		}
	}
	c.settle(t)
	t.Logf("seed %d: %d rounds, %d calls failed, %d starts went through: %d customers acknowledged, %d calls refused or cut off and repeated",
		seed, rounds, injected, started, len(c.acknowledged), len(c.unanswered))
	// A server that has little of the processors writes little until it is killed.
	if injected < rounds/8 {
		t.Errorf("only %d calls failed in %d rounds", injected, rounds)
	}
}
