package cluster

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// process is a program that ends with ours.
type process struct {
	pid   int
	ended chan struct{}
}

// run starts a program that writes to the end of a file. The system ends it with the thread
// that started it, so that one does nothing else and waits.
func run(cmd *exec.Cmd, log string) (*process, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the program has its own
	cmd.Stdout, cmd.Stderr = file, file
	p := &process{ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
			close(p.ended)
		}
	}()
	return p, <-started
}

// end sends a signal and waits until the program has ended.
func (p *process) end(signal syscall.Signal) error {
	select {
	case <-p.ended: // its number may be another's by now
		return nil
	default:
	}
	err := syscall.Kill(p.pid, signal)
	if errors.Is(err, syscall.ESRCH) {
		err = nil
	}
	if err == nil {
		<-p.ended
	}
	return err
}
