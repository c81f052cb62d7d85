package mask_test

import (
	"strings"
	"testing"

	"rator/mask"
)

// A text that a value includes is hidden: the value's key may be a secret's.
func TestIncludedParts(t *testing.T) {
	const message = "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\n\r\n" +
		`<a><values><key>PASSWORD</key><value><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:p"/></value></values><values><key>NAME</key><value>Bo</value></values></a>` +
		"\r\n--b\r\nContent-ID: <p>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhunter2\r\n--b\r\nContent-ID: <q>\r\n\r\nhunter3\r\n" +
		"--b\r\nContent-ID: <r>\r\nContent-Type: text/plain\r\n\r\n<name>Cy</name>\r\n--b\r\nContent-ID: <s>\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n"
	got := string(mask.New(nil, mask.Options{}).Message(`multipart/related; boundary="b"; type="application/xop+xml"`, []byte(message)))
	for text, kept := range map[string]bool{"hunter2": false, "hunter3": false, "Bo": true, "Cy": true, "\x89PNG": true, "cid:p": true, "\r\n--b--\r\n": true} {
		if strings.Contains(got, text) != kept {
			t.Errorf("%q kept: want %t\n%s", text, kept, got)
		}
	}
}
