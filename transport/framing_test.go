package transport_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"rator/transport"
)

// serve answers each request with its path and the length of its body.
func serve(t testing.TB, l net.Listener) {
	t.Helper()
	srv := &http.Server{ErrorLog: log.New(io.Discard, "", 0), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			w.WriteHeader(http.StatusTeapot) // the body is broken
		}
		fmt.Fprintf(w, "%s %d", r.URL.Path, n)
	})}
	go transport.Serve(srv, l, nil)
	t.Cleanup(func() { srv.Close() })
}

func loopback(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// talk sends all that is sent and gives every answer up to the end of the
// connection, which the server must make when closes is true: otherwise it is made
// here.
func talk(t testing.TB, address, sent string, closes bool) (answers []string) {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(time.Minute)); err != nil { // a server that is wrong would be waited for
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, sent); err != nil {
		t.Fatal(err)
	}
	if !closes {
		c.(*net.TCPConn).CloseWrite()
	}
	reader := bufio.NewReader(c)
	for {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			if err != io.ErrUnexpectedEOF && err != io.EOF {
				t.Errorf("the connection broke: %v", err)
			}
			return answers
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Errorf("an answer broke off: %v", err)
		}
		answers = append(answers, fmt.Sprintf("%d %s", response.StatusCode, body))
	}
}

const hidden = "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"

// streams are what is sent, and the answers; the last one of refused is 400.
var streams = []struct {
	name, sent string
	closes     bool // by the server, whatever the client still sends
	answers    []string
}{
	{"nothing odd", "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcPOST /c HTTP/1.1\r\nhost: x\r\nTRANSFER-ENCODING: Chunked\r\n\r\n" +
		"2;x=y\r\nab\r\n1\r\nc\r\n0\r\n\r\nGET /d HTTP/1.1\r\nHost: x\r\nCookie: Content-Length\r\n\r\n", false, []string{"200 /a 0", "200 /b 3", "200 /c 3", "200 /d 0"}},
	{"both, in a body", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 56\r\n\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n1234567GET /b HTTP/1.1\r\nHost: x\r\n\r\n", false, []string{"200 /a 56", "200 /b 0"}},
	{"both, in a chunk", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n31\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n", false, []string{"200 /a 49", "200 /b 0"}},
	{"trailer", "POST /a HTTP/1.1\r\nHost: x\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n", false, []string{"200 /a 0", "200 /b 0"}},
	{"a field on two lines", "GET /a HTTP/1.1\r\nHost: x\r\nX: y\r\n Content-Length: 5\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n", false, []string{"200 /a 0", "200 /b 0"}},
	{"the same length twice", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\naGET /b HTTP/1.1\r\nHost: x\r\n\r\n", false, []string{"200 /a 1", "200 /b 0"}},
	{"line feeds alone", "POST /a HTTP/1.1\nHost: x\nContent-Length: 1\n\naGET /b HTTP/1.1\nHost: x\n\n", false, []string{"200 /a 1", "200 /b 0"}},
	{"empty lines between requests", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n", false, []string{"200 /a 1", "200 /b 0"}},
	{"length, then coding", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"coding, then length", "POST /a HTTP/1.1\r\nHost: x\r\ntransfer-encoding:chunked\r\ncontent-length:5\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"far apart", "POST /a HTTP/1.1\r\nContent-Length: 5\r\nHost: x\r\nX: " + strings.Repeat("y", 9000) + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"second on the connection", "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"200 /a 0", "400 400 Bad Request"}},
	{"behind a body", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" + strings.Repeat("b", 5000) + "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"200 /a 5000", "400 400 Bad Request"}},
	{"behind chunks", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"200 /a 3", "400 400 Bad Request"}},
	{"another coding beside a length", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"an empty coding beside a length", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"coding on two lines", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"length on two lines", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\t5\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"coding in HTTP/1.0", "POST /a HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"two lengths", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"no length", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"blank before the colon", "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"400 400 Bad Request"}},
	{"codings that are not taken", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"501 Unsupported transfer encoding"}},
	{"coding twice", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, true, []string{"501 Unsupported transfer encoding"}},
	{"size of a chunk with a sign", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n" + hidden, true, []string{"418 /a 0"}},
	{"chunk that ends elsewhere", "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc0\r\n\r\n" + hidden, true, []string{"418 /a 1"}},
}

func TestRequestsOfTwoLengths(t *testing.T) {
	l := loopback(t)
	serve(t, l)
	for _, c := range streams {
		t.Run(c.name, func(t *testing.T) {
			if got := talk(t, l.Addr().String(), c.sent, c.closes); strings.Join(got, "\n") != strings.Join(c.answers, "\n") {
				t.Errorf("%q, want %q", got, c.answers)
			}
		})
	}
}

// slow gives what comes a byte at a time.
type slow struct{ net.Listener }

func (l slow) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return slowConn{c, iotest.OneByteReader(c)}, nil
}

type slowConn struct {
	net.Conn
	io.Reader
}

func (c slowConn) CloseWrite() error { return c.Conn.(*net.TCPConn).CloseWrite() }

func (c slowConn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

// However a request is cut into packets, it is refused before anything of it or
// behind it is done.
func TestRequestsOfTwoLengthsInPieces(t *testing.T) {
	l := loopback(t)
	serve(t, slow{l})
	for _, c := range streams {
		if strings.HasPrefix(c.answers[0], "418") {
			continue // net/http gives up in the middle of what was sent
		}
		t.Run(c.name, func(t *testing.T) {
			got := talk(t, l.Addr().String(), c.sent, c.closes)
			if len(got) != len(c.answers) || got[len(got)-1][:2] != c.answers[len(got)-1][:2] && got[len(got)-1][:3] != "501" {
				t.Errorf("%q, want %q", got, c.answers)
			}
		})
	}
}

// FuzzFraming holds framing against net/http's own reading: of what is passed on,
// no request that net/http takes has two lengths.
func FuzzFraming(f *testing.F) {
	for _, c := range streams {
		f.Add(c.sent)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		rest := transport.Passed(sent)
		reader := bufio.NewReaderSize(strings.NewReader(rest), 64<<10)
		for {
			r, err := http.ReadRequest(reader)
			if err != nil {
				return
			}
			head, _, _ := strings.Cut(strings.TrimLeft(rest, "\r\n"), "\n\r\n")
			head, _, _ = strings.Cut(head, "\n\n")
			lower := strings.ToLower(head)
			if len(r.TransferEncoding) > 0 && strings.Contains(lower, "\ncontent-length:") {
				t.Fatalf("%q has two lengths", head)
			}
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
			left, _ := io.ReadAll(reader)
			rest = string(left)
			reader = bufio.NewReaderSize(strings.NewReader(rest), 64<<10)
		}
	})
}
