package clustertest_test

import (
	"bufio"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rator/store/postgres/clustertest"
)

// asHelper has this test's program start a server, say where, and wait to be ended.
const asHelper = "RATOR_CLUSTERTEST_HELPER"

// TestSharedIsGone: a process that is killed leaves no server and no folder.
func TestSharedIsGone(t *testing.T) {
	if os.Getenv(asHelper) != "" {
		address, err := url.Parse(clustertest.Shared(t).DSN("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println("\n" + address.Query().Get("host"))
		_, _ = bufio.NewReader(os.Stdin).ReadByte()
		panic("asked to")
	}
	clustertest.Shared(t) // whether it can be had
	for how, end := range map[string]func(*exec.Cmd) error{
		"killed":   func(c *exec.Cmd) error { return c.Process.Kill() },
		"panicked": func(c *exec.Cmd) error { return c.Process.Signal(syscall.SIGABRT) },
	} {
		helper := exec.Command(os.Args[0], "-test.run=^TestSharedIsGone$", "-test.v")
		helper.Env = append(os.Environ(), asHelper+"=true")
		in, err := helper.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		out, err := helper.StdoutPipe()
		if err == nil {
			err = helper.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		dir := ""
		for s := bufio.NewScanner(out); dir == "" && s.Scan(); {
			if filepath.IsAbs(s.Text()) {
				dir = s.Text()
			}
		}
		if dir == "" {
			t.Fatal("the helper named no folder")
		}
		pid := 0
		pidFile, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
		if err == nil {
			_, err = fmt.Sscan(string(pidFile), &pid)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := end(helper); err != nil {
			t.Fatal(err)
		}
		_ = helper.Wait() // it was ended
		gone := func() bool {
			_, err := os.Stat(dir)
			state, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // none of what has ended; Z of what nobody asked about since
			return errors.Is(err, os.ErrNotExist) && (len(state) == 0 || strings.Contains(string(state), ") Z "))
		}
		for end := time.Now().Add(time.Minute); !gone(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: the server %d or its folder %s are still there", how, pid, dir)
			}
		}
	}
}
