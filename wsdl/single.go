package wsdl

import (
	"bytes"
	"fmt"
)

// The place in the frozen WSDL where the schema is imported, and how the schema
// stands in a file of its own.
var (
	importOpen  = []byte("    <xsd:schema>\n")
	importClose = []byte("    </xsd:schema>\n")
	declaration = []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
)

// frozenSingle is the frozen WSDL with the schema inside.
var frozenSingle = func() []byte {
	before, rest, opened := bytes.Cut(frozen11, importOpen)
	_, after, closed := bytes.Cut(rest, importClose)
	schema, alone := bytes.CutPrefix(frozenSchema, declaration)
	if !opened || !closed || !alone {
		panic(fmt.Sprintf("wsdl: the frozen files are other than they were: %t %t %t", opened, closed, alone))
	}
	return bytes.Join([][]byte{before, schema, after}, nil)
}()
