package wsdl_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/jacoelho/xsd"

	"rator/wire"
	"rator/workflow/contract"
	"rator/workflow/value"
	"rator/wsdl"
)

func TestSamples(t *testing.T) {
	for _, c := range shown() {
		for _, s := range []struct {
			suffix string
			make   func(*contract.Contract, wsdl.Form) ([]byte, error)
			form   wsdl.Form
			values []*contract.Value
		}{
			{"request", wsdl.SampleRequest, wsdl.ByKey, c.Request},
			{"request-typed", wsdl.SampleRequest, wsdl.ByName, nil},
			{"answer", wsdl.SampleAnswer, wsdl.ByKey, c.Response},
			{"answer-typed", wsdl.SampleAnswer, wsdl.ByName, nil},
		} {
			t.Run(c.Hookpoint+"/"+s.suffix, func(t *testing.T) {
				made, err := s.make(c, s.form)
				if err != nil {
					t.Fatal(err)
				}
				compare(t, "sample/"+c.Hookpoint+"."+s.suffix+".xml", made)

				body := parse(t, made).FindElement("/Envelope/Body/*")
				schema := wsdl.Schema()
				if s.form == wsdl.ByName {
					schema = typedSchema(t, c)
				}
				valid(t, schema, body)
				if s.form == wsdl.ByKey {
					list := body.FindElement("./*")
					_, report := contract.Check(s.values, tree(list, wire.Values), contract.Options{Request: s.suffix == "request"})
					if len(report.Violations) > 0 || report.Warnings > 0 {
						t.Errorf("the sample breaks its own contract: %+v", report)
					}
				}
			})
		}
	}
}

// A text of one value keeps that value's rules.
func TestSampleTextsKeepTheRules(t *testing.T) {
	for _, c := range []struct {
		label string
		value contract.Value
		want  string
	}{
		{"known key", contract.Value{Key: "CITY", Type: value.String}, "Oslo"},
		{"known key, too long", contract.Value{Key: "CITY", Type: value.String, MaxLen: 2}, "Os"},
		{"id", contract.Value{Key: "RESERVATION_ID", Type: value.String}, "201401020304051234"},
		{"unknown key", contract.Value{Key: "FAVOURITE_COLOUR", Type: value.String}, "favourite colour"},
		{"default", contract.Value{Key: "CITY", Type: value.String, HasDef: true, Default: "Bergen"}, "Bergen"},
		{"enum", contract.Value{Key: "CITY", Type: value.String, Enum: []string{"Bergen", "Oslo"}}, "Bergen"},
		{"enum with a pattern", contract.Value{Key: "CITY", Type: value.String, Enum: []string{"Bergen", "Oslo"}, Pattern: anchored("O.*")}, "Oslo"},
		{"secret", contract.Value{Key: "CITY", Type: value.String, Secret: contract.Masked}, "secret"},
		{"PIN", contract.Value{Key: "PIN", Type: value.String, Secret: contract.Masked, MaxLen: 4, Pattern: anchored("[0-9]{4}")}, "1111"},
		{"alternatives", contract.Value{Key: "X", Type: value.String, Pattern: anchored("(?:SIM|ESIM)-[A-Z]{2}[0-9]?")}, "SIM-AA1"},
		{"only the shortest fits", contract.Value{Key: "FAVOURITE", Type: value.String, MaxLen: 2, Pattern: anchored("[A-Z]{2}[0-9]*")}, "AA"},
		{"character outside the common ones", contract.Value{Key: "X", Type: value.String, Pattern: anchored("[x-z]+#")}, "x#"},
		{"long", contract.Value{Key: "X", Type: value.Long, Pattern: anchored("[1-9][0-9]{2}")}, "111"},
		{"date", contract.Value{Key: "X", Type: value.Date}, "2025-01-31T12:00:00Z"},
		{"known key of a type", contract.Value{Key: "BIRTHDAY", Type: value.Date}, "1980-05-17T00:00:00Z"},
		{"known key of another type", contract.Value{Key: "CITY", Type: value.Long}, "1"},
		{"boolean of a choice", contract.Value{Key: "X", Type: value.Boolean, Enum: []string{"false"}}, "false"},
		{"nothing fits", contract.Value{Key: "CITY", Type: value.String, Pattern: anchored(`a\bb`)}, "Oslo"},
	} {
		t.Run(c.label, func(t *testing.T) {
			made, err := wsdl.SampleRequest(&contract.Contract{Hookpoint: "SOAP_X", Request: []*contract.Value{&c.value}}, wsdl.ByKey)
			if err != nil {
				t.Fatal(err)
			}
			if got := parse(t, made).FindElement("//arg0/values/value").Text(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSampleCarriesNoRequestID(t *testing.T) {
	made, err := wsdl.SampleRequest(bareCall(), wsdl.ByName)
	if err != nil {
		t.Fatal(err)
	}
	if regexp.MustCompile(`REQUEST_ID|BRAND_ID|TRACE`).Match(made) || !bytes.Contains(made, []byte("<OPERATOR>demo</OPERATOR>")) {
		t.Errorf("CONTEXT is not what can be pasted twice:\n%s", made)
	}
}

// parse reads a document without the white space that indents it.
func parse(t *testing.T, src []byte) *etree.Document {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(src); err != nil {
		t.Fatal(err)
	}
	doc.Unindent()
	return doc
}

// typedSchema is the schema inside a typed WSDL.
func typedSchema(t *testing.T, c *contract.Contract) []byte {
	t.Helper()
	made, err := wsdl.Typed(address, c)
	if err != nil {
		t.Fatal(err)
	}
	return alone(t, parse(t, made).FindElement("//types/schema"))
}

// alone is an element as a document of its own.
func alone(t *testing.T, e *etree.Element) []byte {
	t.Helper()
	src, err := etree.NewDocumentWithRoot(e.Copy()).WriteToBytes()
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func valid(t *testing.T, schema []byte, e *etree.Element) {
	t.Helper()
	engine, err := xsd.Compile(context.Background(), xsd.Bytes("schema.xsd", schema))
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Validate(context.Background(), bytes.NewReader(alone(t, e))); err != nil {
		t.Errorf("the sample breaks the schema: %v", err)
	}
}

// tree reads the entries called tag below e as a face would.
func tree(e *etree.Element, tag string) value.Tree {
	var entries value.Tree
	for _, child := range e.SelectElements(tag) {
		entry := value.Entry{Key: child.SelectElement(wire.Key).Text()}
		if name, ours := strings.CutPrefix(child.SelectAttrValue("xsi:type", ""), "ns2:"); ours {
			entry.Type, _ = value.OfDTO(name)
		}
		if entry.Type == value.Complex {
			entry.Items = tree(child, wire.Value)
		} else {
			entry.Text = child.SelectElement(wire.Value).Text()
		}
		entries = append(entries, entry)
	}
	return entries
}

// selfContained is e with the namespace declarations of its ancestors, so that
// it can stand alone.
func selfContained(e *etree.Element) *etree.Element {
	alone := e.Copy()
	for above := e.Parent(); above != nil; above = above.Parent() {
		for _, a := range above.Attr {
			if a.Space == "xmlns" && alone.SelectAttr("xmlns:"+a.Key) == nil {
				alone.CreateAttr("xmlns:"+a.Key, a.Value)
			}
		}
	}
	return alone
}
