package wsdl

import (
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Address is the endpoint's address as the client sees it, which soap:address
// tells it to post to: scheme, host and path of the request, without a query.
// With trustForwarded X-Forwarded-Proto and X-Forwarded-Host count first, for a
// server behind a proxy that sets both. A host that is not one (RFC 3986 3.2.2)
// is not repeated: then it is the address the request arrived at.
func Address(r *http.Request, trustForwarded bool) string {
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
		host = arrivedAt(r)
	}
	path := r.URL.EscapedPath()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return scheme + "://" + host + path
}

// forwarded is what the proxy nearest to the client wrote.
func forwarded(r *http.Request, header string) string {
	first, _, _ := strings.Cut(r.Header.Get(header), ",")
	return strings.TrimSpace(first)
}

var (
	hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9.])?$`)
	hostPort = regexp.MustCompile(`^(.*):([0-9]{1,5})$`)
)

// isHost reports whether s is a name, an IPv4 address or an IPv6 address in
// brackets, with or without a port.
func isHost(s string) bool {
	name := s
	if m := hostPort.FindStringSubmatch(s); m != nil {
		port, err := strconv.Atoi(m[2])
		if err != nil || port < 1 || port > 65535 {
			return false
		}
		name = m[1]
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && strings.Contains(inner, ":") && net.ParseIP(inner) != nil
	}
	return hostName.MatchString(name)
}

// arrivedAt is the server's own side of the connection.
func arrivedAt(r *http.Request) string {
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && isHost(local.String()) {
		return local.String()
	}
	return "localhost"
}
