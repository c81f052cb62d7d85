package wsdl_test

import (
	"strings"
	"testing"

	"github.com/beevik/etree"

	"rator/wsdl"
)

func TestSingleWSDL(t *testing.T) {
	made := wsdl.SingleWSDL(address)
	compare(t, "invoker-single.wsdl", made)
	if text := string(made); strings.Contains(text, "schemaLocation") || strings.Contains(text, "import") {
		t.Error("it refers to another document")
	}
	doc := parse(t, made)
	schemas := doc.FindElements("/definitions/types/schema")
	if len(schemas) != 1 {
		t.Fatalf("%d schemas", len(schemas))
	}
	alone := etree.NewDocument()
	alone.SetRoot(schemas[0].Copy())
	text, err := alone.WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	sample, err := wsdl.SampleRequest(signup(), wsdl.ByKey)
	if err != nil {
		t.Fatal(err)
	}
	valid(t, text, parse(t, sample).FindElement("/Envelope/Body/*"))
}
