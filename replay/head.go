package replay

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"rator/replay/compare"
	"rator/wire"
)

// ignored stands for a header's value that may be any: recordings and --update have
// it for secrets.
const ignored = "${xmlunit.ignore}"

// head compares status and headers: those that the .http file gives, else the
// status that an answer has of itself.
func (p *playing) head(a *Answer) []compare.Difference {
	var found []compare.Difference
	want := &a.Recorded.Response
	status := want.Status
	if status == 0 {
		status = statusOf(want.Body)
	}
	if a.Status != status && a.Step.Response != "" {
		found = append(found, compare.Difference{Path: "status", Kind: compare.Status, Want: fmt.Sprint(status), Got: fmt.Sprint(a.Status)})
	}
	for name, values := range want.Header {
		for i, v := range values {
			var got string
			if all := a.Header.Values(name); i < len(all) {
				got = all[i]
			}
			if v != ignored && !a.ids.Same(v, got) {
				found = append(found, compare.Difference{Path: name, Kind: compare.Header, Want: v, Got: got})
			}
		}
	}
	return found
}

// statusOf is the status of an answer that no .http file gives one: SOAP sends
// faults as 500 (SOAP 1.1 6.2).
func statusOf(body []byte) int {
	if i := bytes.Index(body, []byte(wire.Body)); i >= 0 {
		rest := body[i:]
		if end := bytes.IndexByte(rest, '>'); end >= 0 {
			rest = bytes.TrimSpace(rest[end+1:])
			name, _, _ := strings.Cut(string(rest[:min(len(rest), 64)]), ">")
			name, _, _ = strings.Cut(strings.TrimPrefix(name, "<"), " ")
			if _, local, ok := strings.Cut(name, ":"); ok {
				name = local
			}
			if name == wire.Fault {
				return http.StatusInternalServerError
			}
		}
	}
	return http.StatusOK
}
