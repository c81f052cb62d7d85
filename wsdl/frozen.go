package wsdl

import (
	"bytes"
	_ "embed"
)

var (
	//go:embed invoker.wsdl
	frozen11 []byte
	//go:embed invoker12.wsdl
	frozen12 []byte
	//go:embed invoker.xsd
	frozenSchema []byte
)

// addressMark stands in the frozen WSDLs where the endpoint's address goes; it
// is the mark that JAX-WS tools leave there.
const addressMark = "REPLACE_WITH_ACTUAL_URL"

// WSDL is the published contract with a SOAP 1.1 binding only (rator-api.md
// 1.5): Axis 1.4 refuses a second binding and strong-soap silently takes it
// (soap-interop.md). address is the endpoint's, without a query; clients post
// to it.
func WSDL(address string) []byte { return withAddress(frozen11, address) }

// WSDL12 is WSDL with a SOAP 1.2 binding and port added.
func WSDL12(address string) []byte { return withAddress(frozen12, address) }

// Schema is the published schema, which WSDL and WSDL12 import from ?xsd=1.
func Schema() []byte { return bytes.Clone(frozenSchema) }

func withAddress(frozen []byte, address string) []byte {
	return bytes.ReplaceAll(frozen, []byte(addressMark), escaped(address))
}
