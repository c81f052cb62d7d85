package tmf

import (
	"net/http"
	"slices"
)

// What browsers may send and read when they are let in.
const (
	crossMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
	crossHeaders = "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key, Range"
	crossExposed = "Location, ETag, Link, Content-Range, X-Total-Count, X-Result-Count, Idempotent-Replayed"
)

// allowOrigin lets scripts of the configured origins ask (CORS). Without any,
// which is the default, nothing is said and browsers refuse.
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
	case slices.Contains(x.config.Origins, "*"):
		header.Set("Access-Control-Allow-Origin", "*")
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
