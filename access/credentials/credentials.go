// Package credentials says how a request over HTTP tells who asks, for the faces whose
// requests have no place of their own for it.
package credentials

import (
	"net/http"
	"net/netip"
	"strings"

	"rator/access"
)

// hint is told a caller who leaves the operator or the password out.
const hint = "send HTTP Basic with the operator's name and password, or a token of the operator as HTTP Bearer"

// Of is what a request says of who asks: a token (HTTP Bearer), HTTP
// Basic, or a client certificate. From a network that the operator trusts a name
// without a password is enough.
func Of(r *http.Request) access.Credentials {
	given := access.Credentials{Hint: hint}
	if token, ok := bearerToken(r); ok {
		given.Token, given.Bearer = token, true
	} else if name, password, ok := r.BasicAuth(); ok {
		given.Operator, given.Password = name, password
	} else if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		given.Operator, given.Certificate = r.TLS.VerifiedChains[0][0].Subject.CommonName, true
	}
	return given
}

// bearerToken is the token of a request, where that is how it says who asks (RFC
// 6750 2.1); "" when the scheme is all that there is.
func bearerToken(r *http.Request) (token string, given bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// Challenge says how a request that was not recognised may say who asks (RFC 7617,
// RFC 6750 3), and, when it brought a token, that this is no good.
func Challenge(header http.Header, r *http.Request) {
	header.Add("WWW-Authenticate", `Basic realm="rator", charset="UTF-8"`)
	bearer := `Bearer realm="rator"`
	if _, given := bearerToken(r); given {
		bearer += `, error="invalid_token", error_description="the token is unknown, expired or revoked, or its operator is disabled"`
	}
	header.Add("WWW-Authenticate", bearer)
}

// Remote is the address of a caller; the zero Addr when there is none.
func Remote(address string) netip.Addr {
	if port, err := netip.ParseAddrPort(address); err == nil {
		return port.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(address)
	return a.Unmap()
}
