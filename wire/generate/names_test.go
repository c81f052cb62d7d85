package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contractFolder is the folder of the frozen contract.
const contractFolder = "../../wsdl"

func TestNamesAreWhatTheContractSays(t *testing.T) {
	want := filepath.Join(t.TempDir(), "names_gen.go")
	if err := run(contractFolder, want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text(t, want), text(t, "../names_gen.go")); diff != "" {
		t.Errorf("names_gen.go differs from what invoker.wsdl and invoker.xsd say; run go generate ./wire (-want +got):\n%s", diff)
	}
}

// A name that changes in the contract changes in the source; what the endpoint
// could not serve is refused.
func TestNamesFollowTheContract(t *testing.T) {
	for _, c := range []struct {
		label, file, old, new string
		source, refused       string
	}{
		{"argument renamed", "invoker.xsd", `"arg0"`, `"request"`, `Argument        = "request"`, ""},
		{"value type renamed", "invoker.xsd", "longValueDTO", "integerValueDTO", `{"integerValueDTO", "long"}`, ""},
		{"list renamed on both sides", "invoker.xsd", `"values"`, `"entries"`, `Values          = "entries"`, ""},
		{"port renamed", "invoker.wsdl", `port name="InvokerPort"`, `port name="Other"`, `Port            = "Other"`, ""},
		{"another namespace", "invoker.xsd", `targetNamespace="http://soap.CDRator.com/"`, `targetNamespace="urn:x"`, "", "they must be one"},
		{"qualified members", "invoker.xsd", `version="1.0"`, `elementFormDefault="qualified"`, "", "elementFormDefault"},
		{"unknown scalar", "invoker.xsd", "xs:float", "xs:decimal", "", "no value type"},
		{"errorCode long", "invoker.xsd", `"errorCode" type="xs:int"`, `"errorCode" type="xs:long"`, "", "errorCode"},
		{"key not a string", "invoker.xsd", `"key" type="xs:string"`, `"key" type="xs:int"`, "", "key"},
		{"value type missing", "invoker.xsd", `<xs:extension base="tns:valueDTO">`, `<xs:extension base="tns:otherDTO">`, "", "0 value types"},
		{"list in one piece", "invoker.xsd", ` nillable="true" minOccurs="0" maxOccurs="unbounded"`, ``, "", "does not repeat"},
		{"member added", "invoker.xsd", `<xs:element name="status" type="xs:int"/>`, `<xs:element name="status" type="xs:int"/><xs:element name="x" type="xs:int"/>`, "", "5 members"},
		{"element not declared", "invoker.xsd", `<xs:element name="executeMethodResponse"`, `<xs:element name="other"`, "", "executeMethodResponse"},
		{"operation renamed", "invoker.wsdl", `<operation name="executeMethod">`, `<operation name="run">`, "", "wants one name"},
		{"service gone", "invoker.wsdl", "<service ", "<other ", "", "invoker.wsdl"},
		{"not XML", "invoker.wsdl", "</definitions>", "<", "", "invoker.wsdl"},
	} {
		t.Run(c.label, func(t *testing.T) {
			folder := t.TempDir()
			for _, file := range []string{"invoker.wsdl", "invoker.xsd"} {
				src := text(t, filepath.Join(contractFolder, file))
				if file == c.file {
					changed := strings.ReplaceAll(src, c.old, c.new)
					if changed == src {
						t.Fatalf("%s has no %s", file, c.old)
					}
					src = changed
				}
				if err := os.WriteFile(filepath.Join(folder, file), []byte(src), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out := filepath.Join(folder, "names_gen.go")
			err := run(folder, out)
			switch {
			case c.refused == "" && err != nil:
				t.Fatal(err)
			case c.refused == "" && !strings.Contains(text(t, out), c.source):
				t.Errorf("names_gen.go has no %s", c.source)
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
				t.Errorf("error %v, want one with %q", err, c.refused)
			}
		})
	}
}

func text(t *testing.T, file string) string {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}
