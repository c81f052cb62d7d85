package wsdl_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/wsdl"
)

func TestPublishedContract(t *testing.T) {
	compare(t, "invoker.wsdl", wsdl.WSDL(address))
	compare(t, "invoker12.wsdl", wsdl.WSDL12(address))
	compare(t, "invoker.xsd", wsdl.Schema())
}

// The types a PHP client's class map shows, in its order (rator-api.md 1.2).
func TestSchemaTypesAreInRatorsOrder(t *testing.T) {
	want := []string{"executeMethod", "requestDTO", "valueDTO", "dateValueDTO", "complexValueDTO", "stringValueDTO", "longValueDTO",
		"doubleValueDTO", "floatValueDTO", "booleanValueDTO", "executeMethodResponse", "responseDTO"}
	var got []string
	for _, m := range regexp.MustCompile(`complexType name="(\w+)"`).FindAllSubmatch(wsdl.Schema(), -1) {
		got = append(got, string(m[1]))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Without its 1.2 namespace, binding and port, the 1.2 WSDL is the default one.
func TestWSDL12OnlyAddsABindingAndAPort(t *testing.T) {
	s := string(wsdl.WSDL12(address))
	for _, addition := range []string{
		` xmlns:soap12="http://schemas\.xmlsoap\.org/wsdl/soap12/"`,
		`(?s)  <binding name="InvokerPort12Binding".*?</binding>\n`,
		`(?s)    <port name="InvokerPort12".*?</port>\n`,
	} {
		found := regexp.MustCompile(addition).FindAllString(s, -1)
		if len(found) != 1 || !strings.Contains(found[0], "12") {
			t.Fatalf("%s is there %d times", addition, len(found))
		}
		s = strings.Replace(s, found[0], "", 1)
	}
	if diff := cmp.Diff(string(wsdl.WSDL(address)), s); diff != "" {
		t.Error(diff)
	}
}

func TestAddressIsEscaped(t *testing.T) {
	const hostile = `http://h/a&b"><evil x='`
	for _, doc := range [][]byte{wsdl.WSDL(hostile), wsdl.WSDL12(hostile)} {
		if bytes.Contains(doc, []byte("REPLACE_WITH")) {
			t.Error("the mark is still there")
		}
		var locations []string
		for d := xml.NewDecoder(bytes.NewReader(doc)); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := token.(xml.StartElement); ok {
				for _, a := range e.Attr {
					if strings.Contains(strings.ToLower(a.Name.Local), "location") {
						locations = append(locations, strings.TrimSuffix(a.Value, "?xsd=1"))
					}
				}
			}
		}
		if len(locations) < 2 {
			t.Fatalf("only %d locations", len(locations))
		}
		for _, location := range locations {
			if location != hostile {
				t.Errorf("location %s, want %s", location, hostile)
			}
		}
	}
}

func TestSchemaIsACopy(t *testing.T) {
	wsdl.Schema()[0] = 'x'
	if wsdl.Schema()[0] != '<' {
		t.Error("a caller can change the published schema")
	}
}
