package rig

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// Uncache has the kernel forget what it keeps of a file in memory, so that who reads it
// next reads the disk.
func Uncache(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	return errors.Join(f.Sync(), unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)) // what is not written it keeps
}
