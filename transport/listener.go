package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Serve has a server answer on a listener, over TLS where config is not nil, as
// srv.Serve does. A request that has both a Content-Length and a
// Transfer-Encoding, or one of them in a form that others may read differently,
// gets 400, and is the last on its connection (RFC 9112, 6.3).
func Serve(srv *http.Server, l net.Listener, config *tls.Config) error {
	srv.ConnState = func(c net.Conn, state http.ConnState) {
		if own, ok := c.(interface{ let() }); ok && state == http.StateHijacked {
			own.let()
		}
	}
	return srv.Serve(&listener{l, srv, config})
}

type listener struct {
	net.Listener
	srv    *http.Server
	config *tls.Config
}

func (l *listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if l.config == nil {
		return &conn{Conn: accepted, log: l.logf}, nil
	}
	secured := tls.Server(accepted, l.config)
	return &secureConn{conn: &conn{Conn: secured, log: l.logf}, tls: secured, wait: l.srv.ReadHeaderTimeout}, nil
}

func (l *listener) logf(format string, args ...any) {
	if l.srv.ErrorLog != nil {
		l.srv.ErrorLog.Printf(format, args...)
		return
	}
	log.Printf(format, args...)
}

// conn is a connection whose requests are looked at as they are read.
type conn struct {
	net.Conn
	framing framing // of whoever reads, one at a time
	pending string  // what is read instead of what came
	log     func(format string, args ...any)
	last    atomic.Bool // the request being read is the last one
	free    atomic.Bool // it carries no more requests
}

// let leaves the connection to whoever took it from net/http.
func (c *conn) let() { c.free.Store(true) }

func (c *conn) Read(p []byte) (int, error) {
	switch {
	case c.pending != "":
		n := copy(p, c.pending)
		c.pending = c.pending[n:]
		return n, nil
	case c.free.Load():
		return c.Conn.Read(p)
	case c.framing.stage == ended:
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p)
	passed, why := c.framing.pass(p[:n])
	if why != "" {
		c.refuse(why)
	}
	if c.framing.stage != ended {
		return n, err
	}
	c.last.Store(true)
	if passed == 0 {
		return c.Read(p)
	}
	return passed, nil
}

// refuse has net/http read a head that it answers with 400, in its turn after the
// requests before it: a line that is no field.
func (c *conn) refuse(why string) {
	const noField = "\x00\r\n\r\n"
	c.pending = noField
	if len(c.framing.line) > 0 { // the line is begun
		c.pending = "\n" + noField
	}
	c.framing.stage = ended
	c.log("http: refused a request from %s: %s", c.RemoteAddr(), why)
}

// CloseWrite ends what is sent, so that the other side can read the last answer.
func (c *conn) CloseWrite() error {
	if w, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return w.CloseWrite()
	}
	return errors.ErrUnsupported
}

// SetLinger is that of a TCP connection, for who has taken it over.
func (c *conn) SetLinger(seconds int) error {
	if tcp, ok := c.Conn.(interface{ SetLinger(int) error }); ok {
		return tcp.SetLinger(seconds)
	}
	return errors.ErrUnsupported
}

// Close takes in what a client still sends behind the last request that is read,
// within reason: the answer would be lost where the connection is reset.
func (c *conn) Close() error {
	const lingers, bytes = 500 * time.Millisecond, 256 << 10
	if c.last.Swap(false) && c.CloseWrite() == nil {
		_ = c.Conn.SetReadDeadline(time.Now().Add(lingers))
		_, _ = io.CopyN(io.Discard, c.Conn, bytes)
	}
	return c.Conn.Close()
}

// secureConn is a conn over TLS. Its handshake is what net/http does for a
// *tls.Conn, which it would not take another connection for.
type secureConn struct {
	*conn
	tls  *tls.Conn
	wait time.Duration
}

// ConnectionState is asked by net/http before anything else.
func (c *secureConn) ConnectionState() tls.ConnectionState {
	if c.wait > 0 {
		_ = c.tls.SetDeadline(time.Now().Add(c.wait))
		defer c.tls.SetDeadline(time.Time{})
	}
	if err := c.tls.HandshakeContext(context.Background()); err != nil {
		var record tls.RecordHeaderError
		if errors.As(err, &record) && record.Conn != nil && isHTTP(record.RecordHeader) {
			_, _ = io.WriteString(record.Conn, "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n")
			err = errors.New("client sent an HTTP request to an HTTPS server")
		}
		c.log("http: TLS handshake error from %s: %v", c.RemoteAddr(), err)
		_ = c.tls.NetConn().Close()
	}
	return c.tls.ConnectionState()
}

// isHTTP reports whether a client began as one without TLS does.
func isHTTP(begin [5]byte) bool {
	switch string(begin[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "OPTIO", "PATCH", "DELET":
		return true
	}
	return false
}
