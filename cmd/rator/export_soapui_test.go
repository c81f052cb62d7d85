package main

import (
	"path/filepath"
	"strings"
	"testing"

	"rator/server/servertest"
)

// TestSoapUIExportTellsRecordedValues: a project keeps what a recorded answer introduced,
// and the export tells where.
func TestSoapUIExportTellsRecordedValues(t *testing.T) {
	const id = "202601010101010001"
	signup := "<n:executeMethod xmlns:n=\"http://soap.CDRator.com/\"><arg0><hookpointKey>SOAP_SIGNUP_CUSTOMER</hookpointKey></arg0></n:executeMethod>"
	answer := `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><n:executeMethodResponse xmlns:n="http://soap.CDRator.com/"><return><errorCode>0</errorCode>` +
		"<values><key>ACCOUNT</key><value><key>ID</key><value>" + id + "</value></value><value><key>CUSTOMER_NUMBER</key><value>100003</value></value></values></return></n:executeMethodResponse></S:Body></S:Envelope>"
	for name, c := range map[string]struct{ head, body, want string }{
		"path":     {"POST /b/" + id + " HTTP/1.1\n", "<b/>", id},
		"query":    {"POST /b?id=" + id + " HTTP/1.1\n", "<b/>", id},
		"header":   {"POST /b HTTP/1.1\nX-Id: " + id + "\n", "<b/>", id},
		"body":     {"POST /b HTTP/1.1\n", "<b>" + id + "</b>", id},
		"volatile": {"POST /b HTTP/1.1\n", "<b>100003</b>", "100003"},
		"none":     {"POST /b HTTP/1.1\n", "<b/>", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, content := range map[string]string{
				"01-a.request.xml": signup, "01-a.response.xml": answer,
				"02-b.http": c.head, "02-b.request.xml": c.body, "02-b.response.xml": "<r/>",
			} {
				servertest.Write(t, dir, file, content)
			}
			done := rator(t, "", "replay", "--export", "soapui", dir, "--to", filepath.Join(t.TempDir(), "p.xml"))
			if told := strings.Contains(done.out, "/02-b: rator replay sends what came for "+c.want+";"); told != (c.want != "") {
				t.Errorf("%+v", done)
			}
			if c.want == "" && !strings.Contains(done.out, "; 0 things were not converted") {
				t.Errorf("%+v", done)
			}
		})
	}
}
