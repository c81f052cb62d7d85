package wire

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Address is where a request was posted to, or asks for documents, as the client sees
// it: scheme, host and path, without a query. It is what soap:address tells clients to
// post to; trustForwarded is as for Origin.
func Address(r *http.Request, trustForwarded bool) string {
	path := r.URL.EscapedPath()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return Origin(r, trustForwarded) + path
}

// Origin is scheme and host of the server as the client sees it, which begin every
// address that an answer gives of something here. With trustForwarded X-Forwarded-Proto
// and X-Forwarded-Host count first, for a server behind a proxy that sets both. A host
// that is not one (RFC 3986 3.2.2) is not repeated: then it is the address the request
// arrived at.
func Origin(r *http.Request, trustForwarded bool) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if trustForwarded {
		if proto := strings.ToLower(forwarded(r, "X-Forwarded-Proto")); proto == "http" || proto == "https" {
			scheme = proto
		}
		if name := forwarded(r, "X-Forwarded-Host"); IsHost(name) {
			host = name
		}
	}
	if !IsHost(host) {
		host = arrivedAt(r)
	}
	return scheme + "://" + host
}

// forwarded is what the proxy nearest to the client wrote.
func forwarded(r *http.Request, header string) string {
	first, _, _ := strings.Cut(r.Header.Get(header), ",")
	return strings.TrimSpace(first)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?$`)

// IsHost reports whether s is a name or an address, an IPv6 one in brackets, with a
// port or without.
func IsHost(s string) bool {
	name := s
	if host, port, err := net.SplitHostPort(s); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return false
		}
		if name = host; strings.HasPrefix(s, "[") {
			name = "[" + host + "]"
		}
	}
	if inner, found := strings.CutPrefix(name, "["); found {
		address, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		return err == nil && strings.HasSuffix(inner, "]") && address.Is6() && address.Zone() == ""
	}
	return hostName.MatchString(name)
}

// arrivedAt is the server's own side of the connection.
func arrivedAt(r *http.Request) string {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && IsHost(local.String()) {
		return local.String()
	}
	return "localhost"
}
