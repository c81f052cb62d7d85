package mask

import (
	"net/http"
	"slices"
	"strings"
)

// Header is h without its secrets: what says who asks, cookies, headers named
// like secrets, and card numbers. h itself when there is none.
func (m *Masker) Header(h http.Header) http.Header {
	out, own := h, false
	for name, values := range h {
		for i, v := range values {
			masked := m.headerValue(name, v)
			if masked == v {
				continue
			}
			if !own {
				out, own = h.Clone(), true
			}
			out[name][i] = masked
		}
	}
	return out
}

func (m *Masker) headerValue(name, v string) string {
	if secretHeader(name) && !m.kept(name) && v != "" {
		return m.standIn(name, v)
	}
	edits := m.textEdits(v)
	if len(edits) == 0 { // SOAPAction: "x?password=y"
		edits = m.parameters(v, 0, len(v), false)
	}
	masked, _ := apply(v, edits)
	return masked
}

var secretHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Cookie2", "Set-Cookie2"}

func secretHeader(name string) bool {
	canonical := http.CanonicalHeaderKey(name)
	return slices.Contains(secretHeaders, canonical) || canonical == "X-Session" || strings.HasSuffix(canonical, "-Api-Key") ||
		strings.HasSuffix(canonical, "-Subscription-Key") || named(strings.ReplaceAll(canonical, "-", "_"))
}
