package wsdl

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"rator/event"
	"rator/transport"
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
	topics    []*event.Topic
	address   func(*http.Request) string
	shelf     shelf
}

// The frozen documents, which are the same for every set of contracts.
var (
	publishedWSDL   = publish(xmlType, frozen11)
	publishedWSDL12 = publish(xmlType, frozen12)
	publishedSingle = publish(xmlType, frozenSingle)
	publishedSchema = publish(xmlType, frozenSchema)
)

// New answers GET and HEAD on the endpoint: ?wsdl, ?wsdl=1.2, ?singleWsdl, ?xsd=1,
// ?wsdl&hookpoint=X,Y or *, and the reference page without a query. The names in
// the query may be in any case. contracts gives the set that runs now, topics are the
// server's own, address gives the endpoint's address for a request (see wire.Address). What is not published is 404
// with a text that says what is. Who accepts gzip gets it.
func New(contracts func() []*contract.Contract, topics []*event.Topic, address func(*http.Request) string) http.Handler {
	return &handler{contracts: contracts, topics: topics, address: address}
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "here are the WSDL and the reference page, for GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	q := query(r)
	version, wantsWSDL := q["wsdl"]
	single, wantsSingle := q["singlewsdl"]
	part, wantsSchema := q["xsd"]
	hookpoints, wantsTyped := q["hookpoint"]
	switch {
	case (wantsWSDL || wantsSingle) && wantsTyped:
		h.typed(w, r, hookpoints, version+single)
	case wantsWSDL && version == "":
		h.send(w, r, publishedWSDL)
	case wantsWSDL && version == "1.2":
		h.send(w, r, publishedWSDL12)
	case wantsWSDL:
		notFound(w, "there is no WSDL "+quoted(version)+"; ask for ?wsdl (SOAP 1.1) or ?wsdl=1.2 (SOAP 1.1 and 1.2)")
	case wantsSingle && single == "":
		h.send(w, r, publishedSingle)
	case wantsSingle:
		notFound(w, "there is no single WSDL "+quoted(single)+"; ask for ?singleWsdl")
	case wantsSchema && (part == "" || part == "1"):
		h.send(w, r, publishedSchema)
	case wantsSchema:
		notFound(w, "there is no schema "+quoted(part)+"; ask for ?xsd=1")
	case r.URL.RawQuery != "":
		notFound(w, "there is nothing at "+quoted("?"+r.URL.RawQuery)+"; ask for ?wsdl, ?wsdl=1.2, ?singleWsdl, ?xsd=1 or ?wsdl&hookpoint=KEY, "+
			"or for the reference page, without a query")
	default:
		h.page(w, r)
	}
}

func (h *handler) page(w http.ResponseWriter, r *http.Request) {
	contracts := h.contracts()
	page, err := h.shelf.of(contracts, "", func() (*publication, error) {
		made, err := referencePage(contracts, h.topics, addressMark)
		return publish(htmlType, made), err
	})
	if err != nil {
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.send(w, r, page)
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

func (h *handler) send(w http.ResponseWriter, r *http.Request, p *publication) {
	header := w.Header()
	header.Set("Content-Type", p.contentType)
	header.Set("Vary", "Accept-Encoding")
	header.Set("X-Content-Type-Options", "nosniff")
	var body []byte
	if transport.AcceptsGzip(r.Header) {
		header.Set("Content-Encoding", string(transport.Gzip))
		body = p.gzip(h.address(r))
	} else {
		body = p.plain(h.address(r))
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	// A client that has gone needs no answer.
	_, _ = w.Write(body)
}
