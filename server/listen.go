package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Listen takes the address that a flag names. Commands do so before they make anything:
// one that finds the address taken leaves nothing behind.
func Listen(ctx context.Context, flag, address string) (net.Listener, error) {
	var lc net.ListenConfig
	lc.SetMultipathTCP(false) // else transport.Settle can do nothing
	l, err := lc.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		err = fmt.Errorf("%s: address already in use%s; stop what listens there, or name another address with %s", address, holderOf(address), flag)
	}
	if err != nil {
		return nil, &OpenError{fmt.Errorf("%s: %w", flag, err)}
	}
	return l, nil
}

// holderOf names the process that listens on an address's port, as " by process 42
// (rator)"; "" where that is another user's, or there is no /proc.
func holderOf(address string) string {
	at, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return ""
	}
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		rows, _ := os.ReadFile(table)
		for row := range strings.Lines(string(rows)) {
			const local, state, listens, inode = 1, 3, "0A", 9
			if f := strings.Fields(row); len(f) > inode && f[state] == listens && strings.HasSuffix(f[local], fmt.Sprintf(":%04X", at.Port)) {
				sockets["socket:["+f[inode]+"]"] = true
			}
		}
	}
	files, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, file := range files {
		if open, err := os.Readlink(file); err == nil && sockets[open] {
			process := strings.Split(file, "/")[2]
			name, _ := os.ReadFile("/proc/" + process + "/comm")
			return fmt.Sprintf(" by process %s (%s)", process, strings.TrimSpace(string(name)))
		}
	}
	return ""
}
