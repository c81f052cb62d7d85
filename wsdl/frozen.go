package wsdl

import _ "embed"

var (
	// The published contract with a SOAP 1.1 binding only (rator-api.md 1.5): Axis 1.4
	// refuses a second binding and strong-soap silently takes it (soap-interop.md).
	//go:embed invoker.wsdl
	frozen11 []byte
	// The same with a SOAP 1.2 binding and port added.
	//go:embed invoker12.wsdl
	frozen12 []byte
	// The schema, which both import from ?xsd=1.
	//go:embed invoker.xsd
	frozenSchema []byte
)

// addressMark stands in the frozen WSDLs where the endpoint's address goes; it
// is the mark that JAX-WS tools leave there.
const addressMark = "REPLACE_WITH_ACTUAL_URL"
