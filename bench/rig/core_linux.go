package rig

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// Cores are the processors that this process may use, counted from 0.
func Cores() (cores []int, err error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("which processors may be used: %w", err)
	}
	for core, left := 0, set.Count(); left > 0; core++ {
		if set.IsSet(core) {
			cores = append(cores, core)
			left--
		}
	}
	return cores, nil
}

// OnCore has a function start programs that use that processor alone; this one goes on
// where it was.
func OnCore(core int, start func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	if err := unix.SchedSetaffinity(0, only(core)); err != nil {
		return fmt.Errorf("to use processor %d alone: %w", core, err)
	}
	return errors.Join(start(), unix.SchedSetaffinity(0, &before))
}

// KeepTo has this process, all its threads, use that processor alone from now on.
func KeepTo(core int) error {
	runtime.GOMAXPROCS(1)
	for moved := true; moved; { // a thread that was made meanwhile is where its maker was
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		moved = false
		for _, thread := range threads {
			id, err := strconv.Atoi(thread.Name())
			if err != nil {
				return err
			}
			var now unix.CPUSet
			if err := unix.SchedGetaffinity(id, &now); err == unix.ESRCH || err == nil && now == *only(core) {
				continue
			}
			if err := unix.SchedSetaffinity(id, only(core)); err != nil && err != unix.ESRCH {
				return fmt.Errorf("to use processor %d alone: %w", core, err)
			}
			moved = true
		}
	}
	return nil
}

func only(core int) *unix.CPUSet {
	var set unix.CPUSet
	set.Set(core)
	return &set
}
