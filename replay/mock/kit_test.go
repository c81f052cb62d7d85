package mock_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rator/replay/fixture"
	"rator/replay/mock"
)

const (
	soap11 = "http://schemas.xmlsoap.org/soap/envelope/"
	soap12 = "http://www.w3.org/2003/05/soap-envelope"
	xsi    = "http://www.w3.org/2001/XMLSchema-instance"
	cdr    = "http://soap.CDRator.com/"
)

func envelope(space, body string) string {
	return `<S:Envelope xmlns:S="` + space + `"><S:Body>` + body + `</S:Body></S:Envelope>`
}

func ask(hookpoint, entries string) string {
	return envelope(soap11, `<n:executeMethod xmlns:n="`+cdr+`" xmlns:xsi="`+xsi+`"><arg0><hookpointKey>`+hookpoint+`</hookpointKey>`+entries+`</arg0></n:executeMethod>`)
}

func answer(entries string) string {
	return envelope(soap11, `<n:executeMethodResponse xmlns:n="`+cdr+`" xmlns:xsi="`+xsi+
		`"><return><errorCode>0</errorCode><errorMessage/><status>0</status>`+entries+`</return></n:executeMethodResponse>`)
}

func entry(kind, key, text string) string {
	return fmt.Sprintf(`<values xsi:type="n:%sValueDTO"><key>%s</key><value>%s</value></values>`, kind, key, text)
}

func text(key, text string) string { return entry("string", key, text) }

// context is CONTEXT with these keys and values.
func contextOf(pairs ...string) string {
	var b strings.Builder
	b.WriteString(`<values xsi:type="n:complexValueDTO"><key>CONTEXT</key>`)
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&b, `<value xsi:type="n:stringValueDTO"><key>%s</key><value>%s</value></value>`, pairs[i], pairs[i+1])
	}
	return b.String() + "</values>"
}

// folder writes files, name and content in turns, into a folder of its own.
func folder(tb testing.TB, files ...string) string {
	tb.Helper()
	dir := tb.TempDir()
	for i := 0; i < len(files); i += 2 {
		file := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(files[i+1]), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// serve starts a mock of folders.
func serve(tb testing.TB, o mock.Options, dirs ...string) (*mock.Server, string) {
	tb.Helper()
	scenarios, err := fixture.Find(fixture.Options{}, dirs...)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := mock.New(tb.Context(), scenarios, o)
	if err != nil {
		tb.Fatal(err)
	}
	web := httptest.NewServer(s)
	tb.Cleanup(web.Close)
	return s, web.URL
}

// got is what came back.
type got struct {
	status int
	header http.Header
	body   string
}

func post(tb testing.TB, url, body string) got {
	tb.Helper()
	response, err := http.Post(url, "text/xml", strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	return read(tb, response)
}

func read(tb testing.TB, response *http.Response) got {
	tb.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return got{response.StatusCode, response.Header, string(body)}
}
