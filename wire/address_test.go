package wire_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"rator/wire"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		label       string
		host        string
		tls         bool
		proto, name string
		trust       bool
		want        string
	}{
		{"as asked", "bss.example.com:8080", false, "", "", false, "http://bss.example.com:8080/workflow-soap/InvokerService"},
		{"TLS", "bss.example.com", true, "", "", false, "https://bss.example.com/workflow-soap/InvokerService"},
		{"IPv6", "[::1]:8080", false, "", "", false, "http://[::1]:8080/workflow-soap/InvokerService"},
		{"a proxy nobody trusts", "inner:8080", false, "https", "outer", false, "http://inner:8080/workflow-soap/InvokerService"},
		{"a trusted proxy", "inner:8080", false, "HTTPS", "outer.example.com", true, "https://outer.example.com/workflow-soap/InvokerService"},
		{"a chain of proxies", "inner:8080", false, "https, http", "outer:444, middle", true, "https://outer:444/workflow-soap/InvokerService"},
		{"a trusted proxy that writes nonsense", "inner:8080", false, "javascript", "a b", true, "http://inner:8080/workflow-soap/InvokerService"},
		{"no host", "", false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
		{"markup for a host", `x"/><evil`, false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
		{"another path for a host", "evil.example/path", false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
		{"a user for a host", "user@evil.example", false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
		{"port out of range", "bss.example.com:70000", false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
		{"port with zeros before it", "bss.example.com:0008080", false, "", "", false, "http://bss.example.com:0008080/workflow-soap/InvokerService"},
		{"IPv6 with a zone", "[fe80::1%25eth0]:80", false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
		{"IPv6 without end", "[::1", false, "", "", false, "http://127.0.0.1:8099/workflow-soap/InvokerService"},
	} {
		t.Run(c.label, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/workflow-soap/InvokerService?wsdl", nil)
			r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8099}))
			r.Host = c.host
			if c.tls {
				r.TLS = &tls.ConnectionState{}
			}
			r.Header.Set("X-Forwarded-Proto", c.proto)
			r.Header.Set("X-Forwarded-Host", c.name)
			if got := wire.Address(r, c.trust); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAddressKeepsThePathEscaped(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "http://h/a%20b/%3Cc%3E?wsdl", nil)
	if got, want := wire.Address(r, false), "http://h/a%20b/%3Cc%3E"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
