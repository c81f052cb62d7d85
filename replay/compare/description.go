package compare

import (
	"net/url"
	"slices"

	"rator/wire"
)

// bindings are the namespaces of a WSDL 1.1 that say where a port is.
var bindings = []string{wire.NamespaceWSDL + "soap/", wire.NamespaceWSDL + "soap12/", wire.NamespaceWSDL + "http/"}

// isLocation says that an attribute names where something of a WSDL or a schema is: a
// server names itself there, under the address that it was asked at.
func (n *Node) isLocation(attribute QName) bool {
	switch attribute {
	case QName{Local: "location"}:
		return n.Name == QName{wire.NamespaceWSDL, "import"} || n.Name.Local == "address" && slices.Contains(bindings, n.Name.Space)
	case QName{Local: "schemaLocation"}:
		return n.Name == QName{wire.NamespaceSchema, "import"} || n.Name == QName{wire.NamespaceSchema, "include"}
	}
	return false
}

// withoutServer is an address without the server that it is on.
func withoutServer(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return u.RequestURI()
}
