package mock

import (
	"mime"
	"net/http"
	"strings"

	"rator/replay/compare"
	"rator/soap"
	"rator/transport"
	"rator/wire"
	"rator/workflow/contract"
)

// request is what was asked.
type request struct {
	operation string // for people: the hookpoint, the element, or GET /path
	hookpoint string // "" for what is not ours
	key       string // what the index has it under
	root, at  *compare.Node
	contract  *contract.Contract
	facts     []fact
}

// requestOf reads a request of at most longest bytes, packed or not. What is no
// XML, and what is not posted, is known by method, target and bytes; what is posted
// by its bytes alone.
func requestOf(method, target string, header http.Header, body []byte, longest int64, contracts func(string) *contract.Contract) *request {
	if method != http.MethodPost {
		return bytesOf(method, target, body)
	}
	root, err := rootOf(header, body, longest)
	if err != nil {
		return bytesOf(method, target, body)
	}
	return treeOf(root, contracts, false)
}

// rootOf is the XML that a request is, unpacked and out of its parts.
func rootOf(header http.Header, body []byte, longest int64) (*compare.Node, error) {
	plain, err := transport.Unpacked(header, body, longest)
	if err != nil {
		return nil, err
	}
	limits := soap.DefaultAnswerLimits()
	limits.MessageBytes = int(longest)
	envelope, media, err := soap.Plain(string(plain), mediaOf(header.Get("Content-Type")), &limits)
	if err != nil {
		return nil, err
	}
	return compare.ParseAs([]byte(envelope), media.Charset)
}

// mediaOf is what a Content-Type says of XML, which may be none of ours.
func mediaOf(contentType string) soap.Media {
	media, ok := soap.ParseMedia(contentType)
	if !ok {
		_, parameters, _ := mime.ParseMediaType(contentType) // nil for what cannot be read
		media.Charset = parameters["charset"]
	}
	return media
}

func treeOf(root *compare.Node, contracts func(string) *contract.Contract, recorded bool) *request {
	r := &request{root: root, at: root.Operation()}
	r.operation = r.at.Name.Local
	hookpoint := ""
	if r.at.Name.Space == wire.Namespace {
		hookpoint = r.operation
		if r.operation == wire.Operation {
			hookpoint = ""
			if argument := r.at.First(wire.Argument); argument != nil {
				if key := argument.First(wire.HookpointKey); key != nil {
					hookpoint, r.operation = key.Content(), key.Content()
				}
			}
		}
	}
	if hookpoint != "" {
		r.hookpoint, r.contract = hookpoint, contracts(hookpoint)
	}
	r.key = keyOf(r)
	r.facts = factsOf(r.at, r.contract, recorded)
	return r
}

func bytesOf(method, target string, body []byte) *request {
	r := &request{operation: strings.TrimSpace(method + " " + target)}
	switch r.key = r.operation; method {
	case http.MethodPost:
		r.key = method // clients of a mock use its address
	case http.MethodGet, http.MethodHead:
		r.key = http.MethodGet + " " + described(target)
	}
	r.facts = []fact{{path: "body", exact: hashOf("body", string(body)), loose: hashOf("body", string(body))}}
	return r
}

// version is that of SOAP.
func (r *request) version() soap.Version {
	if r.root.Name.Space == wire.NamespaceSOAP12 {
		return soap.Version12
	}
	return soap.Version11
}

// isSOAP says that a fault can be sent.
func (r *request) isSOAP() bool {
	return r.root != nil && r.root.Name.Local == wire.Envelope
}
