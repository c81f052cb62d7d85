package convert_test

import (
	"strings"
	"testing"

	"rator/replay/convert"
	"rator/replay/fixture"
)

// TestExportsAreInUTF8: what replay sends in another charset is exported in UTF-8 with
// the Content-Type of that, and told.
func TestExportsAreInUTF8(t *testing.T) {
	s := scenario(t, map[string]string{
		"01-a.request.xml": "<a>Åse</a>", "01-a.response.xml": "<r/>", "01-a.http": "POST / HTTP/1.1\nContent-Type: text/xml; charset=utf-16\n",
		"02-b.request.xml": "<b>plain</b>", "02-b.response.xml": "<r/>", "02-b.http": "POST / HTTP/1.1\nContent-Type: text/xml; charset=ISO-8859-1\n",
	})
	for kind, export := range map[string]func(*fixture.Scenario, convert.Options) ([]byte, *convert.Report, error){"curl": convert.Curl, "SoapUI": convert.ToSoapUI} {
		src, report, err := export(s, convert.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text := string(src); !strings.Contains(text, "Åse") || !strings.Contains(text, "text/xml; charset=utf-8") || strings.Contains(text, "utf-16") || !strings.Contains(text, "charset=ISO-8859-1") {
			t.Errorf("%s: %s", kind, src)
		}
		if len(report.Left) == 0 || report.Left[0].What != "the request is sent as text/xml; charset=utf-16; the exported one in UTF-8" {
			t.Errorf("%s: %+v", kind, report.Left)
		}
	}
}
