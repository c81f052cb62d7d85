package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rator/suite"
)

// diskOp is one thing that a process asked the disk for.
type diskOp struct {
	at     time.Time // when it asked
	kind   diskKind
	offset int64  // of a write
	data   []byte // of a write
	size   int64  // of a resize
}

type diskKind uint8

const (
	diskWrite  diskKind = iota
	diskResize          // the file is so long now
	diskSync            // all before it is on the disk: the moment at which it was done
)

// diskTrace is what a server asks the disk for about one file, as strace sees it.
type diskTrace struct {
	strace *exec.Cmd // to be run with a program
	read   chan struct{}
	// ops and failed are to be looked at once read is closed.
	ops      []diskOp
	injected int // calls that strace made fail
	err      error
	ours     *os.File // our end of the child's, closed once it runs
	counts   bool     // only how many calls strace made fail is asked
}

// traceDisk is a trace of a file; inject is what strace is to make fail, "" = nothing.
func traceDisk(t *testing.T, file, inject string) *diskTrace {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		suite.Missing(t, "strace is not there, which sees what the disk is asked for: apt install strace")
	}
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// -D: the server is our child, not strace. Of the calls of these names, only those
	// that are about the file are seen. Signals are not.
	args := []string{"-f", "-D", "-qqq", "-ttt", "-e", "signal=none", "-o", "/dev/fd/3", "-P", file}
	if inject == "" {
		args = append(args, "-xx", "-s", "16777216", "--seccomp-bpf")
	} else {
		args = append(args, "-s", "0", "-e", "inject="+inject)
	}
	d := &diskTrace{strace: exec.Command(strace, append(args, "-e", "trace="+diskCalls)...), read: make(chan struct{}), ours: in, counts: inject != ""}
	d.strace.ExtraFiles = []*os.File{in}
	go func() {
		defer close(d.read)
		defer out.Close()
		d.err = d.parse(out)
	}()
	return d
}

// diskCalls are the system calls by which a file changes, and by which it is made sure
// that it did.
const diskCalls = "write,pwrite64,writev,pwritev,pwritev2,ftruncate,fallocate,fsync,fdatasync,sync_file_range,msync"

// spawn starts `rator serve` under the trace; the error is for a server that did not
// come to serve.
func (d *diskTrace) spawn(t *testing.T, args ...string) (*serverProcess, error) {
	t.Helper()
	p, err := spawnUnder(t, "", d.strace, args...)
	d.ours.Close()
	return p, err
}

// end waits for the end of what was traced, and wants the trace to be whole.
func (d *diskTrace) end(t *testing.T) {
	t.Helper()
	<-d.read
	if d.err != nil {
		t.Fatal(d.err)
	}
}

var (
	diskLine    = regexp.MustCompile(`^(\d+) +(\d+)\.(\d{6}) (?:<\.\.\. )?(\w+)(\(| resumed>)`)
	diskResized = regexp.MustCompile(`^\d+, (\d+)`)
	// A thread that is killed as it asks, of which strace can no longer read what it asks
	// for, or the bytes. The kernel does not do it.
	diskKilled = regexp.MustCompile(`^\d+ +\d+\.\d{6} (?:\?+|\w+)\((?:|\d+, (?:0x[0-9a-f]+|NULL), .*)(?: <unfinished \.\.\.>|\)? += \?.*)$`)
)

func (d *diskTrace) parse(out io.Reader) error {
	in := bufio.NewReaderSize(out, 1<<20)
	for {
		line, err := in.ReadString('\n')
		if err == io.EOF && line == "" {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.take(strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
	}
}

// take takes in a line: a call, its beginning or its end.
func (d *diskTrace) take(line string) error {
	if strings.HasSuffix(line, "<detached ...>") || diskKilled.MatchString(line) {
		return nil // a thread that was killed within a call
	}
	m := diskLine.FindStringSubmatchIndex(line)
	if m == nil {
		return fmt.Errorf("strace printed %.200q", line)
	}
	part := func(n int) string { return line[m[2*n]:m[2*n+1]] }
	seconds, _ := strconv.ParseInt(part(2), 10, 64)
	micros, _ := strconv.ParseInt(part(3), 10, 64)
	op := diskOp{at: time.Unix(seconds, micros*1000)}
	call, resumed, rest := part(4), part(5) != "(", line[m[1]:]
	unfinished := strings.HasSuffix(rest, "<unfinished ...>")
	if strings.HasSuffix(rest, "(INJECTED)") {
		d.injected++
		return nil // it did not reach the disk
	}
	if d.counts {
		return nil
	}
	switch call {
	case "pwrite64":
		if resumed {
			return nil // taken in when it began
		}
		var err error
		if op.data, op.offset, err = tracedWrite(rest); err != nil {
			return err
		}
	case "ftruncate":
		if resumed {
			return nil
		}
		w := diskResized.FindStringSubmatch(rest)
		if w == nil {
			return fmt.Errorf("strace printed %.200q", line)
		}
		op.kind = diskResize
		op.size, _ = strconv.ParseInt(w[1], 10, 64)
	case "fsync", "fdatasync":
		if unfinished {
			return nil // done when it is resumed
		}
		if !strings.HasSuffix(rest, "= 0") {
			return nil // it failed, so nothing is sure
		}
		op.kind = diskSync
	default:
		return fmt.Errorf("the file is changed in a way that this test does not know: %.200s", line)
	}
	d.ops = append(d.ops, op)
	return nil
}

// tracedWrite reads what a pwrite64 writes, and where: `7, "\x00\xff", 2, 4096) = 2`. No
// pattern goes over the bytes, for they are megabytes.
func tracedWrite(call string) (data []byte, offset int64, err error) {
	_, rest, opened := strings.Cut(call, `, "`)
	text, rest, closed := strings.Cut(rest, `", `)
	length := 0
	if n, _ := fmt.Sscanf(rest, "%d, %d", &length, &offset); !opened || !closed || n != 2 {
		return nil, 0, fmt.Errorf("strace printed %.200q", call)
	}
	data, err = hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
	if err != nil || len(data) != length {
		return nil, 0, fmt.Errorf("strace printed %d of %d bytes: %v", len(data), length, err)
	}
	return data, offset, nil
}

// sector is what a disk writes wholly or not at all.
const sector = 512

// disk is what is on a disk, and what it was asked for since and may have done, each
// sector by itself.
type disk struct {
	sure    []byte
	pending []diskOp
	lies    bool // a sync does nothing: the control, which loses what was acknowledged
}

// ask takes in what the disk is asked for next.
func (d *disk) ask(op diskOp) {
	if op.kind != diskSync {
		d.pending = append(d.pending, op)
		return
	}
	if d.lies {
		return
	}
	d.sure = after(d.sure, d.pending, func() bool { return true })
	d.pending = nil
}

// cut is what is there when the power fails now: of each sector that was not synced, the
// old or the new.
func (d *disk) cut(rng *rand.Rand) []byte {
	share := []float64{0, 0.1, 0.5, 0.9, 1}[rng.IntN(5)]
	return after(bytes.Clone(d.sure), d.pending, func() bool { return rng.Float64() < share })
}

// after does to a file what of the operations is kept.
func after(file []byte, ops []diskOp, kept func() bool) []byte {
	grow := func(size int64) {
		if missing := size - int64(len(file)); missing > 0 {
			file = append(file, make([]byte, missing)...)
		}
	}
	for _, op := range ops {
		if op.kind == diskResize {
			if kept() {
				grow(op.size)
				file = file[:op.size]
			}
			continue
		}
		for rest, at := op.data, op.offset; len(rest) > 0; {
			n := min(int64(len(rest)), sector-at%sector)
			if kept() {
				grow(at + n)
				copy(file[at:], rest[:n])
			}
			rest, at = rest[n:], at+n
		}
	}
	return slices.Clip(file)
}

// TestDiskTraceOfTheKilled: what strace prints of threads that are killed as they ask, or
// while they wait, is nothing that the disk was asked for.
func TestDiskTraceOfTheKilled(t *testing.T) {
	for _, line := range []string{
		`25150 1796042362.257823 ???( <unfinished ...>`,
		`25150 1796042362.257823 ????( <unfinished ...>`,
		`25150 1796042362.257823 pwrite64( <unfinished ...>`,
		`25150 1796042362.257823 pwrite64(5, 0xc000123000, 4096, 8192 <unfinished ...>`,
		`25150 1796042362.257823 pwrite64(5, 0xc000123000, 4096, 8192) = ?`,
		`25150 1796042362.257823 ???()           = ?`,
		`25150 1796042362.257823 fdatasync( <unfinished ...>`,
		`25150 1796042362.257823 fdatasync(5 <detached ...>`,
	} {
		var d diskTrace
		if err := d.take(line); err != nil || len(d.ops) != 0 {
			t.Errorf("%s: %v, %d operations", line, err, len(d.ops))
		}
	}
	var d diskTrace
	if err := d.take(`25150 1796042362.257823 pwrite64(5, "\x01\x02", 2, 8192 <unfinished ...>`); err != nil || len(d.ops) != 1 {
		t.Errorf("%v, %d operations of a write that began", err, len(d.ops))
	}
}
