package tmf

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// origin is scheme and host of the server as the caller sees it. With
// trustForwarded X-Forwarded-Proto and X-Forwarded-Host count first, for a server
// behind a proxy that sets both. A host that is not one (RFC 3986 3.2.2) is not
// repeated: then it is the address the request arrived at.
func origin(r *http.Request, trustForwarded bool) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if trustForwarded {
		if proto := strings.ToLower(forwarded(r, "X-Forwarded-Proto")); proto == "http" || proto == "https" {
			scheme = proto
		}
		if name := forwarded(r, "X-Forwarded-Host"); isHost(name) {
			host = name
		}
	}
	if !isHost(host) {
		host = "localhost"
		if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
			host = local.String()
		}
	}
	return scheme + "://" + host
}

// forwarded is what the proxy nearest to the client wrote.
func forwarded(r *http.Request, header string) string {
	first, _, _ := strings.Cut(r.Header.Get(header), ",")
	return strings.TrimSpace(first)
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?$`)

// isHost reports whether s is a name or an address, an IPv6 one in brackets, with
// a port or without.
func isHost(s string) bool {
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
