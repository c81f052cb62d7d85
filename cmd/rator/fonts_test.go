package main

import (
	"strings"
	"testing"
)

// TestFontThatIsNone: a server does not start with a --font that it cannot read, and
// names it.
func TestFontThatIsNone(t *testing.T) {
	for _, args := range [][]string{{"serve", "--demo", "--listen", "127.0.0.1:0"}, {"replay", scenarios + "/SOAP_GET_INVOICE_PDF"}} {
		for _, file := range []string{"not-there.ttf", "fonts_test.go"} {
			o := rator(t, "", append(args, "--font", file)...)
			if o.code != exitUnreachable || !strings.Contains(o.err, "--font: ") || !strings.Contains(o.err, file) {
				t.Errorf("%s: %+v", file, o)
			}
		}
	}
}
