package compare_test

import (
	"strings"
	"testing"
)

// TestADescriptionNamesItsServer: a WSDL names the address that it was asked at, and
// that is no difference; another path or schema is.
func TestADescriptionNamesItsServer(t *testing.T) {
	const description = `<d:definitions xmlns:d="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:x="http://www.w3.org/2001/XMLSchema">` +
		`<d:types><x:schema><x:import namespace="urn:a" schemaLocation="http://a.example:8080/service?xsd=1"/></x:schema></d:types>` +
		`<d:import location="http://a.example:8080/parts"/><d:port><s:address location="http://a.example:8080/service"/></d:port><note location="http://a.example:8080/"/></d:definitions>`
	elsewhere := strings.ReplaceAll(description, `ocation="http://a.example:8080/`, `ocation="https://127.0.0.1:9/`)
	const note = "value definitions/note/@location: http://a.example:8080/ | https://127.0.0.1:9/"
	check(t, description, elsewhere, nil, note)
	check(t, description, strings.ReplaceAll(elsewhere, "xsd=1", "xsd=2"), nil, "value definitions/types/schema/import/@schemaLocation: /service?xsd=1 | /service?xsd=2", note)
	check(t, description, strings.ReplaceAll(elsewhere, `/service"`, `/other"`), nil, "value definitions/port/address/@location: /service | /other", note)
}
