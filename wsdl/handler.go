package wsdl

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rator/workflow/contract"
)

const (
	xmlType  = "text/xml; charset=utf-8"
	htmlType = "text/html; charset=utf-8"
)

// maxEchoed bounds what a not-found text repeats of the request, in bytes.
const maxEchoed = 128

type handler struct {
	contracts func() []*contract.Contract
	address   func(*http.Request) string
	pages     pageCache
}

// New answers GET and HEAD on the endpoint: ?wsdl, ?wsdl=1.2, ?xsd=1,
// ?wsdl&hookpoint=X, and the reference page for everything else. The names in
// the query may be in any case. contracts gives the set that runs now, address
// the endpoint's address for a request (see Address). What is not published is
// 404 with a text that says what is.
func New(contracts func() []*contract.Contract, address func(*http.Request) string) http.Handler {
	return &handler{contracts: contracts, address: address}
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "here are the WSDL and the reference page, for GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	q := query(r)
	version, wantsWSDL := q["wsdl"]
	part, wantsSchema := q["xsd"]
	hookpoint, wantsTyped := q["hookpoint"]
	switch {
	case wantsWSDL && wantsTyped:
		h.typed(w, r, hookpoint, version)
	case wantsWSDL && version == "":
		send(w, r, xmlType, WSDL(h.address(r)))
	case wantsWSDL && version == "1.2":
		send(w, r, xmlType, WSDL12(h.address(r)))
	case wantsWSDL:
		notFound(w, "there is no WSDL "+quoted(version)+"; ask for ?wsdl (SOAP 1.1) or ?wsdl=1.2 (SOAP 1.1 and 1.2)")
	case wantsSchema && (part == "" || part == "1"):
		send(w, r, xmlType, Schema())
	case wantsSchema:
		notFound(w, "there is no schema "+quoted(part)+"; ask for ?xsd=1")
	default:
		page, err := h.pages.pageOf(h.contracts(), h.address(r))
		if err != nil {
			http.Error(w, "the page could not be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
		send(w, r, htmlType, page)
	}
}

func (h *handler) typed(w http.ResponseWriter, r *http.Request, hookpoint, version string) {
	if version != "" {
		notFound(w, "there is no typed WSDL "+quoted(version)+"; typed WSDLs have a SOAP 1.1 binding only, leave the version out")
		return
	}
	var known []string
	for _, c := range h.contracts() {
		if c.Internal {
			continue
		}
		if known = append(known, c.Hookpoint); c.Hookpoint != hookpoint {
			continue
		}
		typed, err := Typed(c, h.address(r))
		if err != nil {
			notFound(w, err.Error())
			return
		}
		send(w, r, xmlType, typed)
		return
	}
	near := ""
	if len(hookpoint) <= maxEchoed {
		near = contract.Suggest(hookpoint, known)
	}
	notFound(w, "there is no hookpoint "+quoted(hookpoint)+near+"; the page without a query lists them all")
}

// query is the first value of each name, with the names in lower case. A part
// that cannot be decoded is left out.
func query(r *http.Request) map[string]string {
	given, q := r.URL.Query(), map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		q[strings.ToLower(name)] = given.Get(name)
	}
	return q
}

func quoted(s string) string {
	if len(s) > maxEchoed {
		s = s[:maxEchoed]
	}
	return strconv.Quote(s)
}

func notFound(w http.ResponseWriter, text string) { http.Error(w, text, http.StatusNotFound) }

func send(w http.ResponseWriter, r *http.Request, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method == http.MethodHead {
		return
	}
	// A client that has gone needs no answer.
	_, _ = w.Write(body)
}
