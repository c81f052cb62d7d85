package rig

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Outcome is how one request ended.
type Outcome int

const (
	Done       Outcome = iota // 2xx, over SOAP with errorCode 0
	Busy                      // 503, or errorCode 6
	Denied                    // 401 or 403, or errorCode 2 or 3
	Failed                    // any other answer
	Cut                       // the connection could not be made, or broke
	Unanswered                // nothing came until the time was over
	outcomes
)

var outcomeNames = [outcomes]string{"done", "busy", "denied", "failed", "cut off", "unanswered"}

func (o Outcome) String() string { return outcomeNames[o] }

// Here is the address of this machine that callers come from.
const Here = "127.0.0.1"

// Caller is one connection that asks and reads answers. It speaks HTTP/1.1 by hand:
// the generator shares the cores with what it measures, so it must be light.
type Caller struct {
	To, From string    // HOST:PORT; an address of this machine
	End      time.Time // no answer is waited for any longer

	conn  *net.TCPConn
	in    *bufio.Reader
	Body  []byte
	Wait  time.Duration // what the last answer's Retry-After says
	close bool          // the server said that it closes the connection
}

// HangUp closes the connection at once: the ports of thousands that linger for a
// minute take the kernel longer to look past than the server's answers take.
func (c *Caller) HangUp() {
	if c.conn != nil {
		_ = c.conn.SetLinger(0) // an error means that it is closed
		c.conn.Close()
		c.conn = nil
	}
}

func (c *Caller) dial() error {
	d := net.Dialer{Deadline: c.End, KeepAlive: -1}
	if c.From != Here { // which they come from anyway
		d.LocalAddr = &net.TCPAddr{IP: net.ParseIP(c.From)}
	}
	conn, err := d.Dial("tcp4", c.To)
	if err != nil {
		return err
	}
	c.conn = conn.(*net.TCPConn)
	if c.in == nil {
		c.in = bufio.NewReaderSize(conn, 2048)
	} else {
		c.in.Reset(conn)
	}
	return conn.SetDeadline(c.End)
}

// Ask sends a request and reads the answer, whose body is in c.Body until the next.
func (c *Caller) Ask(m *Message) Outcome {
	status, err := c.exchange(m)
	if err != nil || c.close {
		c.HangUp()
	}
	var late net.Error
	switch {
	case errors.As(err, &late) && late.Timeout():
		return Unanswered
	case err != nil:
		return Cut
	}
	return outcomeOf(status, c.Body)
}

func outcomeOf(status int, body []byte) Outcome {
	code := errorCode(body)
	switch {
	case status == 503 || code == "6":
		return Busy
	case status == 401 || status == 403 || code == "2" || code == "3":
		return Denied
	case status/100 == 2 && (code == "" || code == "0"):
		return Done
	}
	return Failed
}

// errorCode is that of a SOAP answer, "" when there is none.
func errorCode(body []byte) string {
	_, rest, found := bytes.Cut(body, []byte("<errorCode>"))
	if !found {
		return ""
	}
	code, _, _ := bytes.Cut(rest, []byte("<"))
	return string(code)
}

func (c *Caller) exchange(m *Message) (status int, err error) {
	if c.conn == nil {
		if err := c.dial(); err != nil {
			return 0, err
		}
	}
	if _, err := c.conn.Write(m.raw); err != nil {
		return 0, err
	}
	return c.read()
}

// read takes one answer from the connection.
func (c *Caller) read() (status int, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 || string(line[:7]) != "HTTP/1." {
		return 0, fmt.Errorf("no HTTP answer: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length, chunked := 0, false
	c.Wait, c.close, c.Body = 0, false, c.Body[:0]
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		name, value, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(": "))
		switch {
		case len(name) == 0:
			if chunked {
				return status, c.readChunks()
			}
			return status, c.readBody(length)
		case is(name, "Content-Length"):
			length, _ = strconv.Atoi(string(value))
		case is(name, "Transfer-Encoding"):
			chunked = string(value) == "chunked"
		case is(name, "Retry-After"):
			seconds, _ := strconv.Atoi(string(value))
			c.Wait = time.Duration(seconds) * time.Second
		case is(name, "Connection"):
			c.close = string(value) == "close"
		}
	}
}

// is compares the name of a header, which each server writes with capitals of its own.
func is(name []byte, header string) bool {
	return len(name) == len(header) && strings.EqualFold(string(name), header)
}

// readBody appends n bytes to the body.
func (c *Caller) readBody(n int) error {
	from := len(c.Body)
	if cap(c.Body) < from+n {
		c.Body = append(make([]byte, 0, 2*(from+n)), c.Body...)
	}
	c.Body = c.Body[:from+n]
	_, err := io.ReadFull(c.in, c.Body[from:])
	return err
}

func (c *Caller) readChunks() error {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 32)
		if err != nil {
			return err
		}
		if err := c.readBody(int(n)); err != nil {
			return err
		}
		if _, err := c.in.ReadSlice('\n'); err != nil || n == 0 {
			return err
		}
	}
}
