package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rator/charset"
	"rator/server/servertest"
	"rator/soap"
	"rator/wire"
	"rator/workflow/value"
)

func TestDocumentedCharsets(t *testing.T) {
	for _, row := range servertest.DocsTable(t, "soap.md", "character set ") {
		named, _, _ := strings.Cut(row[1], ";")
		for alias := range strings.SplitSeq(named, ",") {
			alias = strings.Trim(strings.TrimSpace(alias), "`")
			if is := charset.Of(alias); !strings.HasPrefix(string(is), row[0]) {
				t.Errorf("%s is %q, in the docs %s", alias, is, row[0])
			}
		}
		if !strings.Contains(charset.Taken, row[0]) {
			t.Errorf("%s is not taken", row[0])
		}
	}
}

func TestDocumentedLimits(t *testing.T) {
	d := soap.DefaultLimits()
	defaults := map[string]int{
		"message_bytes": d.MessageBytes, "hookpoint_bytes": soap.DefaultHookpointBytes, "depth": d.Depth, "value_depth": d.ValueDepth, "elements": d.Elements,
		"children": d.Children, "attributes": d.Attributes, "namespaces": d.Namespaces, "namespaces_in_scope": d.NamespacesInScope,
		"attribute_bytes": d.AttributeBytes, "text_bytes": d.TextBytes, "name_bytes": d.NameBytes, "parts": d.Parts, "part_header_bytes": d.PartHeaderBytes,
	}
	help, err := ratorProcess(t, "serve", "--help")
	if err != nil {
		t.Fatal(err, help)
	}
	for _, row := range servertest.DocsTable(t, "soap.md", "limit ") {
		name := strings.Trim(row[0], "`")
		if got := strconv.Itoa(defaults[name]); got != row[1] {
			t.Errorf("%s is %s, in the docs %s", name, got, row[1])
		}
		delete(defaults, name)
		if flag := strings.Trim(row[2], "`"); strings.HasPrefix(flag, "--") && !strings.Contains(help, flag+"=") {
			t.Errorf("serve has no flag %s", flag)
		}
	}
	if len(defaults) > 0 {
		t.Errorf("limits that the docs leave out: %v", defaults)
	}
}

func TestDocumentedAddresses(t *testing.T) {
	base := strings.TrimSuffix(startServer(t, "--demo").endpoint, wire.Path)
	for _, row := range servertest.DocsTable(t, "soap.md", "GET ") {
		r, err := http.Get(base + strings.Trim(row[0], "`"))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		want := "text/xml; charset=utf-8"
		switch {
		case strings.Contains(row[1], "page") && strings.HasPrefix(row[1], "200"):
			want = "text/html; charset=utf-8"
		case strings.HasPrefix(row[1], "404"):
			want = "text/plain; charset=utf-8"
		}
		if err != nil || !strings.HasPrefix(row[1], strconv.Itoa(r.StatusCode)) || r.Header.Get("Content-Type") != want || len(body) == 0 {
			t.Errorf("%s: %v %d %s, in the docs %s", row[0], err, r.StatusCode, r.Header.Get("Content-Type"), row[1])
		}
	}
}

// An answer that holds a secret is never packed, whoever asks.
func TestSecretAnswersAreNotPacked(t *testing.T) {
	dir := t.TempDir()
	for _, key := range []string{"NOTE", "PUK", "CODE"} {
		folder := filepath.Join(dir, "SOAP_TELL_"+key)
		secret := map[string]string{"CODE": ` secret="true"`}[key]
		for file, text := range map[string]string{
			"contract.xml":  `<soapcall><request><hookpointKey>SOAP_TELL_` + key + `</hookpointKey><values/></request><response><values><value key="` + key + `" type="s"` + secret + `/></values></response></soapcall>`,
			"workflow.star": "def run(p):\n    return {\"" + key + "\": \"1234 \" * 1000}\n",
		} {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	endpoint := startServer(t, "--demo", "--hookpoints", dir).endpoint
	for key, want := range map[string]string{"NOTE": "gzip", "PUK": "", "CODE": ""} {
		message := soap.AppendRequest(nil, soap.Version11, "SOAP_TELL_"+key, value.Tree{value.Of("CONTEXT",
			value.OfString("OPERATOR", "demo"), value.OfString("PASSWORD", "demo"), value.OfString("BRAND_KEY", "DEMO"), value.OfString("LANGUAGE", "EN"))})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(string(message)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "text/xml")
		r.Header.Set("Accept-Encoding", "gzip")
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if got := answer.Header.Get("Content-Encoding"); err != nil || got != want || want == "" && !strings.Contains(string(body), "1234 1234") {
			t.Errorf("%s: %v, Content-Encoding %q, want %q: %.300s", key, err, got, want, body)
		}
	}
}

// A request of two lengths is refused on every listener.
func TestRequestsOfTwoLengthsAreRefused(t *testing.T) {
	a := newAuthority(t)
	a.issue(t, "server", false)
	plain := startServer(t, "--demo").endpoint
	secure := startServer(t, "--demo", "--tls-cert", a.file("server.crt"), "--tls-key", a.file("server.key")).endpoint
	for name, dial := range map[string]func() (net.Conn, error){
		"serve": func() (net.Conn, error) { return net.Dial("tcp", servertest.HostOf(plain)) },
		"serve with TLS": func() (net.Conn, error) {
			return tls.Dial("tcp", servertest.HostOf(secure), &tls.Config{InsecureSkipVerify: true})
		},
	} {
		c, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nPOST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n", wire.Path)
		reader := bufio.NewReader(c)
		var statuses []int
		for {
			r, err := http.ReadResponse(reader, nil)
			if err != nil {
				break
			}
			io.Copy(io.Discard, r.Body)
			statuses = append(statuses, r.StatusCode)
		}
		c.Close()
		if fmt.Sprint(statuses) != "[200 400]" {
			t.Errorf("%s: %v", name, statuses)
		}
	}
}
