package mock

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"rator/wire"
)

// endpointAddress finds where a WSDL says the service is.
var endpointAddress = regexp.MustCompile(`<(?:[\w.-]+:)?address\s[^>]*location\s*=\s*["'](https?://[^/"'?#]+)`)

// schemaAddress finds where a WSDL or a schema says that others are.
var schemaAddress = regexp.MustCompile(`\s(?:schemaLocation|location)\s*=\s*["'](https?://[^/"'?#]+)[^"']*\?(?i:wsdl|xsd|singlewsdl)`)

// descriptions are the names of a query that asks for a WSDL or a schema.
var descriptions = []string{"wsdl", "singlewsdl", "xsd"}

// isDescription says that a request asks for a WSDL or a schema.
func isDescription(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && namesDescription(r.URL.RawQuery)
}

func namesDescription(query string) bool {
	name, _, _ := strings.Cut(query, "&")
	name, _, _ = strings.Cut(name, "=")
	return slices.Contains(descriptions, strings.ToLower(name))
}

// described is the target of a GET as it is looked up: clients write ?wsdl and ?WSDL.
func described(target string) string {
	path, query, _ := strings.Cut(target, "?")
	if namesDescription(query) {
		return path + "?" + strings.ToLower(query)
	}
	return target
}

// readdress puts the address that the client used for the recorded one into a WSDL,
// for many clients post to where it says.
func readdress(body []byte, r *http.Request) []byte {
	if r.Method == http.MethodPost {
		return body
	}
	text := string(body)
	found := endpointAddress.FindStringSubmatch(text)
	if found == nil && isDescription(r) {
		found = schemaAddress.FindStringSubmatch(text)
	}
	if found == nil {
		return body
	}
	ours := wire.Origin(r, false)
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
