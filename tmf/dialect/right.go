package dialect

import (
	"net/http"
	"net/url"
	"strings"
)

// Face is what audit rows, metrics and kept answers call TM Forum.
const Face = "tmf"

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
	d, _, rest := Of(path)
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
	if first == HubName || len(segments) > 1 && segments[1] == HubName {
		return "TMF_" + verb + "_HUB"
	}
	if d.Resource(first) == nil {
		return ""
	}
	return "TMF_" + verb + "_" + upperSnake(first)
}

const HubName = "hub"

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
