package wsdl

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"rator/wire"
	"rator/workflow/contract"
)

// Namespaces of the documents that are built here.
const (
	wsdlNamespace   = "http://schemas.xmlsoap.org/wsdl/"
	soapNamespace   = "http://schemas.xmlsoap.org/wsdl/soap/"
	schemaNamespace = "http://www.w3.org/2001/XMLSchema"
	soapTransport   = "http://schemas.xmlsoap.org/soap/http"
)

// answerSuffix makes the answer's element name from the hookpoint's.
const answerSuffix = "Response"

// typedWSDL is a WSDL of hookpoints for people who want typed stubs
// (soap-interop.md): one document with its schema inside and a SOAP 1.1 binding,
// whose operations and body elements are named by the hookpoints and whose members
// are named by the contracts' keys. address is the endpoint's, without a query. A hookpoint whose name
// cannot be an element's (one with a dynamic key after @) has none.
func typedWSDL(address string, contracts ...*contract.Contract) ([]byte, error) {
	for _, c := range contracts {
		if !canBeTyped(c) {
			return nil, fmt.Errorf("hookpoint %s has no typed WSDL, because an XML element cannot have that name; call it by %s", c.Hookpoint, wire.Operation)
		}
	}
	doc := newDocument()
	root := add(&doc.Element, "definitions", "xmlns", wsdlNamespace, "xmlns:soap", soapNamespace,
		"xmlns:tns", wire.Namespace, "targetNamespace", wire.Namespace, "name", wire.Service)
	addSchema(add(root, "types"), contracts)
	for _, c := range contracts {
		for _, name := range []string{c.Hookpoint, c.Hookpoint + answerSuffix} {
			add(add(root, "message", "name", name), "part", "name", "parameters", "element", "tns:"+name)
		}
	}
	portType := add(root, "portType", "name", wire.PortType)
	keepWhole(portType)
	binding := add(root, "binding", "name", wire.Port+"Binding", "type", "tns:"+wire.PortType)
	add(binding, "soap:binding", "transport", soapTransport, "style", "document")
	for _, c := range contracts {
		addOperation(portType, binding, c)
	}
	port := add(add(root, "service", "name", wire.Service), "port", "name", wire.Port, "binding", "tns:"+wire.Port+"Binding")
	add(port, "soap:address", "location", address)
	return write(doc)
}

func addOperation(portType, binding *etree.Element, c *contract.Contract) {
	operation := add(portType, "operation", "name", c.Hookpoint)
	if c.Desc != "" {
		add(operation, "documentation").SetText(c.Desc)
	}
	add(operation, "input", "message", "tns:"+c.Hookpoint)
	add(operation, "output", "message", "tns:"+c.Hookpoint+answerSuffix)

	operation = add(binding, "operation", "name", c.Hookpoint)
	add(operation, "soap:operation", "soapAction", "")
	add(add(operation, "input"), "soap:body", "use", "literal")
	add(add(operation, "output"), "soap:body", "use", "literal")
}

// canBeTyped reports whether an element can be named by the hookpoint; its keys
// are element names by contract.
func canBeTyped(c *contract.Contract) bool { return !strings.Contains(c.Hookpoint, "@") }
