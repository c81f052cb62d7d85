package wire

// The elements that SOAP puts round those of the contract; in both versions they have
// these names.
const (
	Envelope = "Envelope"
	Header   = "Header"
	Body     = "Body"
	Fault    = "Fault"
)

// The namespaces of SOAP messages. An envelope's says which version it is of.
const (
	NamespaceSOAP11         = "http://schemas.xmlsoap.org/soap/envelope/"
	NamespaceSOAP12         = "http://www.w3.org/2003/05/soap-envelope"
	NamespaceAddressing     = "http://www.w3.org/2005/08/addressing"
	NamespaceAddressing2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
	NamespaceXSI            = "http://www.w3.org/2001/XMLSchema-instance"
	NamespaceXML            = "http://www.w3.org/XML/1998/namespace"
	NamespaceSchema         = "http://www.w3.org/2001/XMLSchema"
	NamespaceWSDL           = "http://schemas.xmlsoap.org/wsdl/"
)
