package transport

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A listener that is closed cuts off who was let in by the kernel and not yet accepted, and
// whose request may be on its way. So it first lets nobody in: a filter of the socket drops
// what begins a connection, and nothing else.
var beginsNone = []unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 13},        // the flags of the TCP header
	{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0x12},     // SYN and ACK
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 2, Jf: 1}, // SYN alone
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	{Code: unix.BPF_RET | unix.BPF_K, K: 1<<32 - 1},
}

const (
	settleBegun = 200 * time.Millisecond // for connections that had begun: longer than a way there and back
	settleEach  = 20 * time.Millisecond
	settleMost  = 5 * time.Second
)

// Settle has a listener on TCP let nobody in any more, and returns when all who were are
// accepted. Then it may be closed, and nobody is cut off: who comes meanwhile hears nothing,
// asks again within a second by itself, and is refused. Where the system cannot do that, as for
// Multipath TCP, it returns at once.
func Settle(l net.Listener) {
	c, ok := l.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	filter := unix.SockFprog{Len: uint16(len(beginsNone)), Filter: &beginsNone[0]}
	failed := raw.Control(func(fd uintptr) {
		err = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &filter)
	})
	if failed != nil || err != nil {
		return
	}
	time.Sleep(settleBegun)
	for end := time.Now().Add(settleMost); waiting(raw) > 0 && time.Now().Before(end); {
		time.Sleep(settleEach)
	}
	time.Sleep(settleEach) // the last one is handed on
}

// waiting is how many connections of a listener nobody has accepted yet.
func waiting(raw syscall.RawConn) (n uint32) {
	_ = raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			n = info.Unacked // what the kernel says of a listener there
		}
	})
	return n
}
