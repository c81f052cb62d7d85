package tmf

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"rator/wire"
)

// What browsers may send and read when they are let in.
const (
	crossMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
	crossHeaders = "Authorization, Content-Type, Accept, X-Brand-Key, If-Match, If-None-Match, Idempotency-Key, Range"
	crossExposed = "Location, ETag, Link, Content-Range, X-Total-Count, X-Result-Count, Idempotent-Replayed, Retry-After"
)

// AnyOrigin lets scripts of every origin ask.
const AnyOrigin = "*"

// CheckOrigin fails when a text is neither AnyOrigin nor an origin as browsers send
// it (RFC 6454 6.2): a scheme and a host, with a port that is not the scheme's own.
func CheckOrigin(text string) error {
	if text == AnyOrigin {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !wire.IsHost(u.Host) || text != u.Scheme+"://"+strings.ToLower(u.Host) {
		return fmt.Errorf("%q is no origin of a browser, such as https://crm.example.com or http://localhost:3000, nor %s", text, AnyOrigin)
	}
	if port := u.Port(); u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		return fmt.Errorf("%q: browsers leave the scheme's own port out: say %s://%s", text, u.Scheme, u.Hostname())
	}
	return nil
}

// allowOrigin lets scripts of the configured origins ask (CORS). Without any,
// which is the default, nothing is said and browsers refuse. Who asks is said in
// Authorization, which scripts must know; cookies count for nothing, and are not
// let in.
func (x *exchange) allowOrigin() {
	if len(x.config.Origins) == 0 {
		return
	}
	header := x.w.Header()
	header.Add("Vary", "Origin")
	from := x.r.Header.Get("Origin")
	switch {
	case from == "":
		return
	case slices.Contains(x.config.Origins, AnyOrigin):
		header.Set("Access-Control-Allow-Origin", AnyOrigin)
	case slices.Contains(x.config.Origins, from):
		header.Set("Access-Control-Allow-Origin", from)
	default:
		return
	}
	header.Set("Access-Control-Expose-Headers", crossExposed)
	if x.r.Method == http.MethodOptions && x.r.Header.Get("Access-Control-Request-Method") != "" {
		header.Set("Access-Control-Allow-Methods", crossMethods)
		header.Set("Access-Control-Allow-Headers", crossHeaders)
		header.Set("Access-Control-Max-Age", "600")
	}
}
