package mock

import (
	"net/http"
	"regexp"
	"strings"
)

// endpointAddress finds where a WSDL says the service is.
var endpointAddress = regexp.MustCompile(`<(?:[\w.-]+:)?address\s[^>]*location\s*=\s*["'](https?://[^/"'?#]+)`)

// readdress puts the address that the client used for the recorded one into a WSDL,
// for many clients post to where it says.
func readdress(body []byte, r *http.Request) []byte {
	if r.Method != http.MethodGet {
		return body
	}
	text := string(body)
	found := endpointAddress.FindStringSubmatch(text)
	if found == nil {
		return body
	}
	ours := "http://" + r.Host
	if r.TLS != nil {
		ours = "https://" + r.Host
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(text, found[1])
		b.WriteString(before)
		if !ok {
			return []byte(b.String())
		}
		if after != "" && strings.IndexByte(`/?#"'< `, after[0]) >= 0 {
			b.WriteString(ours)
		} else {
			b.WriteString(found[1]) // of a longer host or port
		}
		text = after
	}
}
