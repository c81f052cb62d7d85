package bolt

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// errHeld is what is said of a file that another process has open.
var errHeld = errors.New("another process has the file open; stop it first")

// Hold opens the file of a store for reading, whatever is in it, and keeps every
// process from opening it as a store until the result is closed; with shared, only
// those that want to write.
func Hold(path string, shared bool) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(lockWait / 20) {
		if err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(end) {
			if errors.Is(err, syscall.EWOULDBLOCK) {
				err = errHeld
			}
			return nil, errors.Join(err, f.Close())
		}
	}
	opened, err := f.Stat()
	if err == nil {
		err = stillAt(path, opened)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// stillAt fails when what was opened at path, and locked since, has that name no
// longer: who held it until then put another file there.
func stillAt(path string, opened os.FileInfo) error {
	now, err := os.Stat(path)
	if err == nil && !os.SameFile(now, opened) {
		err = errors.New("another file took its name meanwhile; start again")
	}
	return err
}
