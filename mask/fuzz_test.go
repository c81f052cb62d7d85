package mask_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"rator/mask"
)

// Whatever comes, masking ends, does not grow a message beyond its stand-ins, and
// masked again nothing is left to hide.
func FuzzMaskingIsBoundedAndIdempotent(f *testing.F) {
	for _, seed := range []string{
		request(scalar("PASSWORD", "x")), `<a password="1"><![CDATA[<b>]]></a>`, `{"pin":[1,{"a":"b"}]}`, `<a>4111 1111 1111 1111</a>`,
		`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`, "\xFF\xFE<\x00a\x00>\x00", `<a>&lt;pin&gt;1&lt;/pin&gt;</a>`, `<?x pin="1"?>`, `<!-- <pin>1</pin> -->`,
		`<values><value>1`, `<key>a</key><value>b</value>`,
	} {
		f.Add("text/xml", []byte(seed))
	}
	f.Add(`multipart/related; boundary="b"`, []byte("--b\r\nContent-Type: text/xml\r\n\r\n<pin>1</pin>\r\n--b--"))
	f.Add("application/x-www-form-urlencoded", []byte("pin=1&x=4111111111111111"))
	m := mask.New(contracts(f), mask.Options{})
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		before := bytes.Clone(body)
		out := m.Message(contentType, body)
		if !bytes.Equal(before, body) {
			t.Fatal("the message that was given is changed")
		}
		if len(out) > 16*len(body)+64 {
			t.Fatalf("%d bytes became %d", len(body), len(out))
		}
		if again := m.Message(contentType, out); !bytes.Equal(again, out) {
			t.Fatalf("masked again\n%q\nis\n%q", out, again)
		}
	})
}

// A secret below a secret's key is gone, whatever stands round it and wherever
// the message ends.
func FuzzASecretBelowASecretKeyNeverSurvives(f *testing.F) {
	f.Add("<a>", "", "", "</a>", uint8(0))
	f.Add("<values><key>x</key>", " ", "<!-- -->", "</values>", uint8(1))
	f.Add(`<a b="c">`, "<![CDATA[", "]]>", "", uint8(2))
	f.Add(`<a>`, "<b>", "</b>", "", uint8(3))
	f.Add("", "<key>", "<values>", "", uint8(4))
	const secret = "Zq7-hunter2-Zq7"
	m := mask.New(contracts(f), mask.Options{})
	f.Fuzz(func(t *testing.T, before, inside, behind, after string, form uint8) {
		// What is before may not itself swallow the tags that follow.
		if strings.ContainsAny(before, "<&\"'{[") && !isWhole(before) || len(before) > 200 {
			return
		}
		// Nor may what is inside end the secret.
		if strings.Contains(inside, "</") || strings.Contains(inside, "/>") {
			return
		}
		open, closing := "<password>", "</password>"
		switch form % 4 {
		case 1:
			open, closing = "<values><key>PUK</key><value>", "</value></values>"
		case 2:
			open, closing = "<values><value>", "</value><key>NEW_PIN</key></values>"
		case 3:
			open, closing = "<SOAP_SAY_HELLO><USER><SSN>", "</SSN></USER></SOAP_SAY_HELLO>"
		}
		in := before + open + inside + secret + behind + closing + after
		if out := m.Message("text/xml", []byte(in)); bytes.Contains(out, []byte(secret)) {
			t.Fatalf("the secret of\n%q\nis in\n%q", in, out)
		}
	})
}

// isWhole reports whether text is start tags and nothing else.
func isWhole(text string) bool {
	for text != "" {
		if text[0] != '<' {
			return false
		}
		end := strings.IndexByte(text, '>')
		if end < 2 || strings.ContainsAny(text[1:end], "<&\"'!?/[{ ") {
			return false
		}
		text = text[end+1:]
	}
	return true
}

func BenchmarkMessage(b *testing.B) {
	answer, err := os.ReadFile("../testdata/soap/SOAP_SIGNUP_CUSTOMER/01-success.response.xml")
	if err != nil {
		b.Fatal(err)
	}
	for name, body := range map[string][]byte{
		"answer":                   answer,
		"request":                  []byte(request(scalar("NAME", "Bo") + scalar("PASSWORD", "x") + scalar("CITY", "Odense"))),
		"large":                    []byte(request(strings.Repeat(scalar("NAME", "Åse &amp; Bo")+scalar("ID", "201106010000000017"), 5000))),
		"hostile, keys in keys":    []byte(strings.Repeat("<key>", 100_000)),
		"hostile, closing":         []byte(strings.Repeat("<a><b>", 50_000) + strings.Repeat("</a>", 50_000)),
		"hostile, unclosed quote":  []byte(strings.Repeat(`<a password="`, 50_000)),
		"hostile, digits":          []byte("<a>" + strings.Repeat("4-1-1-1.", 50_000)),
		"hostile, comments":        []byte("<key>" + strings.Repeat("<!---->a", 50_000) + "</key>"),
		"hostile, entities":        []byte("<a>" + strings.Repeat("&lt;", 100_000)),
		"hostile, open quotes":     []byte(strings.Repeat(`<a b="`, 50_000)),
		"hostile, comment opens":   []byte(strings.Repeat(`<!--`, 50_000)),
		"hostile, doctype":         []byte(strings.Repeat(`<!a "`, 50_001)),
		"hostile, escaped escapes": []byte("<a>" + strings.Repeat("&amp;lt;b&amp;gt;", 20_000)),
	} {
		b.Run(name, func(b *testing.B) {
			m := mask.New(contracts(b), mask.Options{})
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				m.Message("text/xml; charset=utf-8", body)
			}
		})
	}
}
