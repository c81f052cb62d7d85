package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Process is a program that serves on an address of this machine.
type Process struct {
	*exec.Cmd
	Address string // HOST:PORT
	ended   chan struct{}
}

// startTime is how long a program may take until it serves.
const startTime = 30 * time.Second

// Start starts a program and waits until what it prints matches serving, whose first
// group is its HOST:PORT. What it prints goes into a file: reading it would cost the
// generator a call's worth for each call.
func Start(cmd *exec.Cmd, printed string, serving *regexp.Regexp) (*Process, error) {
	out, err := os.Create(printed)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p := &Process{Cmd: cmd, ended: make(chan struct{})}
	p.Stdout, p.Stderr = out, out
	if err := p.Cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = p.Wait() // Stop looks at ProcessState
		close(p.ended)
	}()
	for end := time.Now().Add(startTime); ; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(printed)
		if err != nil {
			return nil, errors.Join(err, p.Stop())
		}
		if at := serving.FindSubmatch(text); at != nil {
			p.Address = string(at[1])
			return p, nil
		}
		select {
		case <-p.ended:
			return nil, fmt.Errorf("%s ended with %v:\n%s", cmd, p.ProcessState, text)
		default:
		}
		if time.Now().After(end) {
			return nil, errors.Join(fmt.Errorf("%s does not serve after %s:\n%s", cmd, startTime, text), p.Stop())
		}
	}
}

// Stop asks the program to end, and kills it when it does not.
func (p *Process) Stop() error {
	_ = p.Process.Signal(os.Interrupt) // fails when it ended
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		p.Kill()
		return fmt.Errorf("%s did not end within 30 s and was killed", p.Path)
	}
	return nil
}

// Kill ends the program as it is.
func (p *Process) Kill() {
	_ = p.Process.Kill() // fails when it ended
	<-p.ended
}

// CPU is what the program took of the processors so far, user and system.
func (p *Process) CPU() time.Duration { return cpuOf(strconv.Itoa(p.Process.Pid)) }

// cpuOf reads the times of all threads of a process, which the kernel counts in
// nanoseconds there; those in stat are in hundredths of a second. 0 where it cannot
// be read. Threads that ended are missing; those of Go stay.
func cpuOf(process string) (sum time.Duration) {
	files, _ := filepath.Glob("/proc/" + process + "/task/*/schedstat")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		first, _, _ := strings.Cut(string(text), " ")
		n, _ := strconv.ParseInt(first, 10, 64)
		sum += time.Duration(n)
	}
	return sum
}

// FamilyCPU is what a process and its children took, named by the process's id: those that
// are there.
func FamilyCPU(process string) time.Duration {
	sum := cpuOf(process)
	text, _ := os.ReadFile("/proc/" + process + "/task/" + process + "/children")
	for _, child := range strings.Fields(string(text)) {
		sum += cpuOf(child)
	}
	return sum
}
