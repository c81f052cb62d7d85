// Package soap is the face of executeMethod over SOAP 1.1 and 1.2: a strict
// scanner that reads a message once, the codec between messages and value
// trees, faults, the HTTP handler, and a client built from the same parts
// (soap-interop.md, rator-api.md 1).
//
// It translates. What a call means is workflow's, what the contract looks like
// is wsdl's; no rule of the business lives here.
package soap

import "rator/wire"

// Version is a version of SOAP. A message's version is that of its Envelope's
// namespace and of nothing else.
type Version uint8

// The versions, named for what they are to us: 1.1 is what the published WSDL
// binds, so it is the zero value.
const (
	Version11 Version = iota
	Version12
)

func (v Version) String() string {
	if v == Version12 {
		return "1.2"
	}
	return "1.1"
}

// Namespace is the namespace of the version's envelope.
func (v Version) Namespace() string {
	if v == Version12 {
		return wire.NamespaceSOAP12
	}
	return wire.NamespaceSOAP11
}

// contentTypes are the versions' as a header holds them.
var contentTypes = [...][]string{Version11: {Version11.ContentType()}, Version12: {Version12.ContentType()}}

// ContentType is what a message of the version is sent as.
func (v Version) ContentType() string {
	if v == Version12 {
		return "application/soap+xml; charset=utf-8"
	}
	return "text/xml; charset=utf-8"
}
