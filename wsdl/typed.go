package wsdl

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"

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

// Typed is a WSDL of one hookpoint for people who want typed stubs
// (soap-interop.md): one document with its schema inside and a SOAP 1.1 binding,
// whose operation and body element are named by the hookpoint and whose members
// are named by the contract's keys. address is as in WSDL. A hookpoint whose
// name cannot be an element's (one with a dynamic key after @) has none.
func Typed(c *contract.Contract, address string) ([]byte, error) {
	if !canBeTyped(c) {
		return nil, fmt.Errorf("hookpoint %s has no typed WSDL, because an XML element cannot have that name; call it by %s", c.Hookpoint, Operation)
	}
	doc := newDocument()
	root := add(&doc.Element, "definitions", "xmlns", wsdlNamespace, "xmlns:soap", soapNamespace,
		"xmlns:tns", Namespace, "targetNamespace", Namespace, "name", Service)
	addSchema(add(root, "types"), c)

	request, answer := c.Hookpoint, c.Hookpoint+answerSuffix
	for _, name := range []string{request, answer} {
		add(add(root, "message", "name", name), "part", "name", "parameters", "element", "tns:"+name)
	}
	portType := add(root, "portType", "name", PortType)
	keepWhole(portType)
	operation := add(portType, "operation", "name", request)
	if c.Desc != "" {
		add(operation, "documentation").SetText(c.Desc)
	}
	add(operation, "input", "message", "tns:"+request)
	add(operation, "output", "message", "tns:"+answer)

	binding := add(root, "binding", "name", Port+"Binding", "type", "tns:"+PortType)
	add(binding, "soap:binding", "transport", soapTransport, "style", "document")
	operation = add(binding, "operation", "name", request)
	add(operation, "soap:operation", "soapAction", "")
	add(add(operation, "input"), "soap:body", "use", "literal")
	add(add(operation, "output"), "soap:body", "use", "literal")

	port := add(add(root, "service", "name", Service), "port", "name", Port, "binding", "tns:"+Port+"Binding")
	add(port, "soap:address", "location", address)
	return write(doc)
}

// canBeTyped reports whether an element can be named by the hookpoint; its keys
// are element names by contract.
func canBeTyped(c *contract.Contract) bool { return !strings.Contains(c.Hookpoint, "@") }

// keepWhole asks Java's wsimport for a method that takes one request object and
// gives one answer object. Unasked it takes every member as a parameter, and
// then refuses status beside STATUS. Old and new tools each know one of the two
// namespaces and skip the other.
func keepWhole(portType *etree.Element) {
	for _, namespace := range []string{"http://java.sun.com/xml/ns/jaxws", "https://jakarta.ee/xml/ns/jaxws"} {
		add(add(portType, "bindings", "xmlns", namespace), "enableWrapperStyle").SetText("false")
	}
}
