package wsdl

import "github.com/beevik/etree"

// newDocument is an empty XML document with its declaration.
func newDocument() *etree.Document {
	doc := etree.NewDocument()
	doc.WriteSettings.CanonicalText = true
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	return doc
}

// add puts an element with attributes, given as names and values in turn, at
// the end of parent.
func add(parent *etree.Element, tag string, attributes ...string) *etree.Element {
	e := parent.CreateElement(tag)
	for i := 0; i < len(attributes); i += 2 {
		e.CreateAttr(attributes[i], attributes[i+1])
	}
	return e
}

// write is doc indented, with a line end at its end.
func write(doc *etree.Document) ([]byte, error) {
	doc.Indent(2)
	return doc.WriteToBytes()
}
