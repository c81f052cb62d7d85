package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"rator/store/address"
)

// The administration socket lies beside the store, for its owner only, and has its
// name and .sock. The kernel takes no long paths for sockets; then it is given the
// folder as an open file.

const (
	longestSocketPath = 103 // bytes that every system takes
	longestSocketName = 80  // bytes that go after /proc/self/fd/N/
)

// SocketOf is the socket of a store's server: the same by whatever path, absolute,
// relative or through symbolic links, the store is named.
func SocketOf(file string) string {
	if resolved, err := filepath.EvalSymlinks(file); err == nil {
		file = resolved
	}
	dir, name := filepath.Split(file)
	if len(name)+len(".sock") > longestSocketName {
		name = fmt.Sprintf("rator-%x", sha256.Sum256([]byte(name)))[:32]
	}
	return dir + name + ".sock"
}

// shortened is a path of the socket that the kernel takes, until release.
func shortened(socket string) (path string, release func(), err error) {
	if len(socket) <= longestSocketPath {
		return socket, func() {}, nil
	}
	const open = "/proc/self/fd"
	if _, err := os.Stat(open); err != nil {
		return "", nil, fmt.Errorf("%s has %d bytes and a socket's path at most %d, where there is no %s; name a shorter --store", socket, len(socket), longestSocketPath, open)
	}
	dir, err := os.Open(filepath.Dir(socket))
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("%s/%d/%s", open, dir.Fd(), filepath.Base(socket)), func() { dir.Close() }, nil
}

// ListenOnSocket makes the socket; closing the listener removes it.
func ListenOnSocket(ctx context.Context, socket string) (net.Listener, error) {
	path, release, err := shortened(socket)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(socket) // left by a killed server; the store's lock says that none runs
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "unix", path)
	if err == nil {
		if err = os.Chmod(socket, 0o600); err != nil {
			l.Close()
		}
	}
	if err != nil {
		release()
		return nil, err
	}
	return &socketListener{l, release}, nil
}

// socketListener keeps its folder open, which Close needs to remove the socket.
type socketListener struct {
	net.Listener
	release func()
}

func (l *socketListener) Close() error {
	defer l.release()
	return l.Listener.Close()
}

func DialSocket(ctx context.Context, socket string) (net.Conn, error) {
	path, release, err := shortened(socket)
	if err != nil {
		return nil, err
	}
	defer release()
	return (&net.Dialer{}).DialContext(ctx, "unix", path)
}

// IsServed reports whether a server has the file of a store, so that nobody else may. It fails when the socket is
// somebody's who has no business with the store: what is typed would go to him.
func IsServed(ctx context.Context, store string) (bool, error) {
	if address.Is(store) {
		return false, nil // no socket is beside a database, and none is needed
	}
	socket := SocketOf(store)
	c, err := DialSocket(ctx, socket)
	if err != nil {
		return false, nil // none listens, or a killed server left it
	}
	defer c.Close()
	at, err := os.Lstat(socket)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil // the server ended meanwhile
	}
	file, statErr := os.Stat(store)
	if err = errors.Join(err, statErr); err != nil {
		return false, err
	}
	if owner := ownerOf(at); owner != 0 && owner != ownerOf(file) && owner != uint32(os.Geteuid()) {
		return false, fmt.Errorf("%s belongs to user %d, who owns neither the store nor this process, so nothing is sent there; remove it", socket, owner)
	}
	return true, nil
}

func ownerOf(info os.FileInfo) uint32 { return info.Sys().(*syscall.Stat_t).Uid }

// ListenForCommands opens the administration socket of a store.
func ListenForCommands(ctx context.Context, file string) (net.Listener, error) {
	l, err := ListenOnSocket(ctx, SocketOf(file))
	if err != nil {
		return nil, fmt.Errorf("administration socket: %w", err)
	}
	return l, nil
}
