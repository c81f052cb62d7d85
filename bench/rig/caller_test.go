package rig

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

// answering is a server that answers every request with the same bytes.
func answering(t *testing.T, answer string) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				for in := bufio.NewReader(conn); ; {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					if _, err := in.Discard(int(r.ContentLength)); err != nil {
						return
					}
					fmt.Fprint(conn, answer)
				}
			}()
		}
	}()
	return l.Addr().String()
}

func TestAnswersAreRead(t *testing.T) {
	const fault = "<errorCode>%s</errorCode>"
	soap := func(code string) string {
		body := fmt.Sprintf(fault, code)
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	}
	for _, test := range []struct {
		name, answer string
		want         Outcome
		body         string
		wait         time.Duration
		closed       bool
	}{
		{name: "with its length", answer: "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", want: Done, body: "hello"},
		{name: "in chunks", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", want: Done, body: "hello"},
		{name: "in chunks, with other capitals", answer: "HTTP/1.1 200 OK\r\nTransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n\r\n", want: Done, body: "hel"},
		{name: "without a body", answer: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", want: Done},
		{name: "busy", answer: "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", want: Busy, wait: 3 * time.Second},
		{name: "no account", answer: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", want: Denied},
		{name: "a fault", answer: "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", want: Failed},
		{name: "closed", answer: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", want: Done, closed: true},
		{name: "no HTTP", answer: "220 mail.example.com\r\n", want: Cut, closed: true},
		{name: "cut off", answer: "HTTP/1.1 200 OK\r\nContent-Length: x", want: Unanswered, closed: true},
		{name: "errorCode 0", answer: soap("0"), want: Done, body: fmt.Sprintf(fault, "0")},
		{name: "errorCode 2", answer: soap("2"), want: Denied, body: fmt.Sprintf(fault, "2")},
		{name: "errorCode 6", answer: soap("6"), want: Busy, body: fmt.Sprintf(fault, "6")},
		{name: "errorCode 100", answer: soap("100"), want: Failed, body: fmt.Sprintf(fault, "100")},
	} {
		t.Run(test.name, func(t *testing.T) {
			patience := time.Minute
			if test.want == Unanswered {
				patience = 100 * time.Millisecond
			}
			k := &Caller{To: answering(t, test.answer), From: Here, End: time.Now().Add(patience)}
			defer k.HangUp()
			for range 2 { // on the connection from before, or on a new one
				if got := k.Ask(newMessage("POST / HTTP/1.1", "body")); got != test.want || string(k.Body) != test.body || k.Wait != test.wait || (k.conn == nil) != test.closed {
					t.Fatalf("%s, body %q, wait %s, closed %v", got, k.Body, k.Wait, k.conn == nil)
				}
			}
		})
	}
}
