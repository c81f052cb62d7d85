package mask_test

import (
	"testing"

	"rator/mask"
)

// TestKnownSecrets are hidden wherever they come again, and nothing else is.
func TestKnownSecrets(t *testing.T) {
	known := mask.In(nil, "text/xml", []byte("<a><password>Hush77</password><pin>123</pin><token>a&amp;bcd</token><secret>name</secret></a>"))
	for message, want := range map[string]string{
		"<r><msg>wrong login Hush77 for bob</msg></r>":                   "<r><msg>wrong login *** for bob</msg></r>",
		"<r a='Hush77' xmlns:x='urn:name'>1 Hush778 123</r>":             "<r a='***' xmlns:x='urn:name'>1 Hush778 123</r>",
		"<name><key>name</key><value>name</value><!-- Hush77 --></name>": "<name><key>name</key><value>***</value><!-- *** --></name>",
		"<r><![CDATA[<b>Hush77</b>]]>a&amp;bcd</r>":                      "<r><![CDATA[<b>***</b>]]>***</r>",
		`{"said":"a&bcd, Hush77"}`:                                       `{"said":"***, ***"}`,
		"<r>Hush</r>":                                                    "<r>Hush</r>",
	} {
		if got := string(known.Hide([]byte(message), "***")); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", message, got, want)
		}
	}
}
