package servertest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"rator/wire"
)

// Get reads a page.
func Get(t testing.TB, address string) (status int, body string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// Page reads a page of the server.
func (s *Server) Page(t testing.TB, path string) string {
	t.Helper()
	status, body := Get(t, strings.TrimSuffix(s.Endpoint, wire.Path)+path)
	if status != http.StatusOK {
		t.Errorf("%s: %d", path, status)
	}
	return body
}

// HostOf is the host and port of an endpoint.
func HostOf(endpoint string) string {
	_, rest, _ := strings.Cut(endpoint, "://")
	host, _, _ := strings.Cut(rest, "/")
	return host
}
