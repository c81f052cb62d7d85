package soap_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"rator/soap"
	"rator/wire"
)

// TestRecordedBytesOverASocket sends each recorded exchange as it was sent then,
// chunked ones included, and wants an answer that echoes its values.
func TestRecordedBytesOverASocket(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	for _, file := range fixtures(t, "recorded", ".http") {
		message, media := recordedRequest(t, file)
		want, err := decodeWhole(message, media)
		if err != nil {
			t.Fatal(err)
		}
		connection := dial(t, server)
		recorded := readFile(t, file)
		if _, err := io.WriteString(connection, recorded[strings.Index(recorded, "POST "):]); err != nil {
			t.Fatal(err)
		}
		status, body := readResponse(t, bufio.NewReader(connection))
		limits := soap.DefaultAnswerLimits()
		got, err := soap.DecodeAnswer(body, soap.Media{}, &limits)
		if status != 200 || err != nil || treeText(got.Values) != treeText(want.Values) {
			t.Errorf("%s: %d %v\n%s", file, status, err, body)
		}
	}
}

func TestHTTP10WithoutKeepAlive(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	connection := dial(t, server)
	fmt.Fprintf(connection, "POST %s HTTP/1.0\r\nContent-Type: text/xml; charset=utf-8\r\nSOAPAction: \"\"\r\nContent-Length: %d\r\n\r\n%s",
		wire.Path, len(request), request)
	answer, err := io.ReadAll(connection) // the server hangs up
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.0 200 OK\r\n") || !strings.HasSuffix(string(answer), "</S:Envelope>") {
		t.Errorf("%v %s", err, answer)
	}
	if strings.Contains(string(answer), "chunked") {
		t.Errorf("HTTP/1.0 was answered in chunks: %s", answer)
	}
}

func TestExpect100Continue(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	head := func(contentType string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
			wire.Path, contentType, len(request))
	}
	connection := dial(t, server)
	reader := bufio.NewReader(connection)
	io.WriteString(connection, head("text/xml"))
	if line, err := reader.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q %v", line, err)
	}
	reader.ReadString('\n')
	io.WriteString(connection, request)
	if status, body := readResponse(t, reader); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	// Who is refused must not send the body first.
	refused := dial(t, server)
	io.WriteString(refused, head("application/json"))
	if status, body := readResponse(t, bufio.NewReader(refused)); status != 415 {
		t.Errorf("%d %s", status, body)
	}
}

func TestChunkedAndKeepAlive(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	connection := dial(t, server)
	reader := bufio.NewReader(connection)
	for range 3 {
		fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n", wire.Path)
		for rest := request; rest != ""; {
			n := min(7, len(rest))
			fmt.Fprintf(connection, "%x\r\n%s\r\n", n, rest[:n])
			rest = rest[n:]
		}
		io.WriteString(connection, "0\r\n\r\n")
		if status, body := readResponse(t, reader); status != 200 {
			t.Fatalf("%d %s", status, body)
		}
	}
	// A fault leaves the connection usable.
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx", wire.Path)
	if status, _ := readResponse(t, reader); status != 500 {
		t.Errorf("status %d", status)
	}
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", wire.Path, len(request), request)
	if status, _ := readResponse(t, reader); status != 200 {
		t.Errorf("status %d", status)
	}
}

func TestBodyThatEndsEarly(t *testing.T) {
	server := listen(t, soap.NewHandler(echo, soap.Options{}))
	connection := dial(t, server)
	fmt.Fprintf(connection, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", wire.Path, len(request)+10, request)
	if err := connection.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if status, body := readResponse(t, bufio.NewReader(connection)); status != 500 || !strings.Contains(body, "the body ended before its end") {
		t.Errorf("%d %s", status, body)
	}
}

// TestAnswerGoesNowhereElse offers a ReplyTo address that listens: nobody may
// call there.
func TestAnswerGoesNowhereElse(t *testing.T) {
	elsewhere, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan struct{}, 1)
	go func() {
		if connection, err := elsewhere.Accept(); err == nil {
			connection.Close()
			called <- struct{}{}
		}
	}()
	body := strings.ReplaceAll(readFile(t, testdata+"soap-shapes/headers.xml"), "http://192.0.2.1/elsewhere", "http://"+elsewhere.Addr().String())
	doctype := `<!DOCTYPE r SYSTEM "http://` + elsewhere.Addr().String() + `/x.dtd">` + request
	h := soap.NewHandler(echo, soap.Options{})
	if w := post(h, body); w.Code != 500 || !strings.Contains(w.Body.String(), "OnlyAnonymousAddressSupported") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := post(h, doctype); w.Code != 500 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	select {
	case <-called:
		t.Error("a connection was opened to an address in a message")
	case <-time.After(100 * time.Millisecond):
	}
	elsewhere.Close()
}
