package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"rator/server/servertest"
	"rator/soap"
	"rator/wire"
)

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
