package soap_test

import (
	"testing"

	"golang.org/x/text/encoding/charmap"

	"rator/soap"
)

// A charset counts however its label is quoted and spelled.
func TestCharsetOfTheContentType(t *testing.T) {
	const name = "Łódź"
	encoded := func(from *charmap.Charmap) string {
		body, err := from.NewEncoder().String(string(soap.AppendRequest(nil, soap.Version11, "SIGNUP", nil))[len(`<?xml version="1.0" encoding="UTF-8"?>`):])
		if err != nil {
			t.Fatal(err)
		}
		text, err := from.NewEncoder().String(name)
		if err != nil {
			t.Fatal(err)
		}
		const hole = "<hookpointKey>SIGNUP</hookpointKey>"
		at := len(body) - len("</arg0></ns2:executeMethod></S:Body></S:Envelope>")
		if body[at-len(hole):at] != hole {
			t.Fatalf("the request is another: %s", body)
		}
		return body[:at] + "<values><key>NAME</key><value>" + text + "</value></values>" + body[at:]
	}
	latin2, windows := encoded(charmap.ISO8859_2), encoded(charmap.Windows1250)
	for contentType, body := range map[string]string{
		`text/xml; charset=iso-8859-2`:                          latin2,
		`text/xml; charset='iso-8859-2'`:                        latin2,
		`text/xml; charset="ISO-8859-2"`:                        latin2,
		`text/xml;CHARSET = 'Latin-2' `:                         latin2,
		`text/xml; charset=' latin2 '`:                          latin2,
		`text/xml; charset=iso-8859-2; charset=iso-8859-2`:      latin2,
		`application/soap+xml; action=""; charset='iso8859-2';`: latin2,
		`text/xml; charset=windows-1250`:                        windows,
		`text/xml; charset="'cp1250'"`:                          windows,
	} {
		media, ok := soap.ParseMedia(contentType)
		m, err := decodeWhole(body, media)
		if !ok || err != nil || m.Values.Text("NAME") != name {
			t.Errorf("%s: %v, %q, %v", contentType, ok, m.Values.Text("NAME"), err)
		}
	}
}
