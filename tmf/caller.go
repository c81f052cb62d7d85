package tmf

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"rator/access"
	"rator/card"
	"rator/failure"
	"rator/store"
)

// Callers says who asks, over the operators that the store has.
type Callers struct {
	Store  store.Store
	Guard  *access.Guard
	Behind *access.ReadBehind // audit rows of who is refused
	Now    func() time.Time   // nil means time.Now
}

// Caller recognises the operator of a request by HTTP Basic, by a token (HTTP
// Bearer) or by a client certificate, and sees to it that it has the right of what
// it asks for: see RightOf. From a network that the operator trusts a name without
// a password is enough. It is what Config.Caller asks for.
func (c *Callers) Caller(r *http.Request) (*access.Operator, error) {
	now := c.Now
	if now == nil {
		now = time.Now
	}
	started := now()
	from, right := remoteOf(r.RemoteAddr), RightOf(r.Method, r.URL.EscapedPath())
	o, named, err := c.authenticate(r, from)
	if err != nil {
		c.Behind.Refused("tmf", from, card.Mask(named), outcomeOf(err))
		return nil, err
	}
	if right == "" || o.May(right) {
		return o, nil
	}
	err = failure.NotAllowed.With("%s has no right to %s", o.Name, right)
	row := access.AuditRow{At: started.UTC(), Who: o.Name, From: from, Face: "tmf", Hookpoint: right, Outcome: outcomeOf(err), Duration: now().Sub(started)}
	if behind := c.Behind.Write(row); behind != nil {
		return nil, behind
	}
	return nil, err
}

// credentialsHint is told a caller who leaves the operator or the password out.
const credentialsHint = "send HTTP Basic with the operator's name and password, or a token of the operator as HTTP Bearer"

func (c *Callers) authenticate(r *http.Request, from netip.Addr) (o *access.Operator, named string, err error) {
	given := access.Credentials{Hint: credentialsHint}
	if token, ok := bearerToken(r); ok {
		given.Token, given.Bearer = token, true
	} else if name, password, ok := r.BasicAuth(); ok {
		given.Operator, given.Password = name, password
	} else if r.TLS != nil && len(r.TLS.VerifiedChains) > 0 {
		given.Operator, given.Certificate = r.TLS.VerifiedChains[0][0].Subject.CommonName, true
	}
	o, err = c.Guard.Authenticate(r.Context(), c.Store, given, from)
	return o, given.Named(err), err
}

// bearerToken is the token of a request, where that is how it says who asks (RFC
// 6750 2.1); "" when the scheme is all that there is.
func bearerToken(r *http.Request) (token string, given bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}

// challenge says how a request that was not recognised may say who asks (RFC 7617,
// RFC 6750 3), and, when it brought a token, that this is no good.
func challenge(header http.Header, r *http.Request) {
	header.Add("WWW-Authenticate", `Basic realm="rator", charset="UTF-8"`)
	bearer := `Bearer realm="rator"`
	if _, given := bearerToken(r); given {
		bearer += `, error="invalid_token", error_description="the token is unknown, expired or revoked, or its operator is disabled"`
	}
	header.Add("WWW-Authenticate", bearer)
}

// rightVerbs are what a method is called in rights.
var rightVerbs = map[string]string{
	http.MethodGet: "GET", http.MethodHead: "GET", http.MethodPost: "CREATE",
	http.MethodPut: "UPDATE", http.MethodPatch: "UPDATE", http.MethodDelete: "DELETE",
}

// RightOf is the right that a request needs, as TMF_GET_CUSTOMER,
// TMF_CREATE_CUSTOMER_ACCOUNT, TMF_UPDATE_PAYMENT_MEAN or TMF_DELETE_HUB: what is
// done and with what. Patterns match it as they match hookpoints. "" when it is
// about no resource and no hub: then every operator may ask.
func RightOf(method, path string) string {
	d, _, rest := dialectOf(path)
	verb := rightVerbs[method]
	if d == nil || verb == "" {
		return ""
	}
	segments := strings.Split(strings.Trim(rest, "/"), "/")
	for i := range segments {
		if text, err := url.PathUnescape(segments[i]); err == nil { // routes are found by what is meant, too
			segments[i] = text
		}
	}
	first := segments[0]
	if first == hubName || len(segments) > 1 && segments[1] == hubName {
		return "TMF_" + verb + "_HUB"
	}
	if d.Resource(first) == nil {
		return ""
	}
	return "TMF_" + verb + "_" + upperSnake(first)
}

const hubName = "hub"

// upperSnake writes customerAccount as CUSTOMER_ACCOUNT.
func upperSnake(name string) string {
	var b strings.Builder
	for _, c := range name {
		if 'A' <= c && c <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}

// remoteOf is the address of a caller; the zero Addr when there is none.
func remoteOf(address string) netip.Addr {
	if port, err := netip.ParseAddrPort(address); err == nil {
		return port.Addr().Unmap()
	}
	a, _ := netip.ParseAddr(address)
	return a.Unmap()
}
