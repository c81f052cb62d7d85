package wsdl

import (
	"github.com/beevik/etree"

	"rator/wire"
)

// javaBindings are the annotations by which a schema speaks to Java's generators
// (JAXB, 7). Old and new tools each know one of the two namespaces and skip the
// other; a prefix jaxb would have the new ones warn of the old one.
var javaBindings = []struct{ prefix, namespace, version string }{
	{"jaxb2", "http://java.sun.com/xml/ns/jaxb", "2.1"},
	{"jaxb3", "https://jakarta.ee/xml/ns/jaxb", "3.0"},
}

// isOutcome reports whether Java would take a key for a member of the outcome:
// a class cannot hold status and STATUS, which are one name there.
func isOutcome(key string) bool {
	for _, member := range []string{wire.ErrorCode, wire.ErrorMessage, wire.Status} {
		if asClass(key) == asClass(member) {
			return true
		}
	}
	return false
}

// nameInJava gives the property for an element another name than the element's.
func nameInJava(e *etree.Element, name string) {
	annotation := e.SelectElement("xs:annotation")
	if annotation == nil {
		annotation = add(e, "xs:annotation")
	}
	said := add(annotation, "xs:appinfo")
	for _, b := range javaBindings {
		add(said, b.prefix+":property", "name", name)
	}
}

// keepWhole asks Java's wsimport for methods that take one request object and
// give one answer object. Unasked it takes every member as a parameter.
func keepWhole(portType *etree.Element) {
	for _, namespace := range []string{"http://java.sun.com/xml/ns/jaxws", "https://jakarta.ee/xml/ns/jaxws"} {
		add(add(portType, "bindings", "xmlns", namespace), "enableWrapperStyle").SetText("false")
	}
}
