package mask_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"rator/mask"
	"rator/workflow/contract"
)

const helloContract = `<soapcall area="Example" desc="Example.">
  <request><hookpointKey>SOAP_SAY_HELLO</hookpointKey><values>
    <value key="USER" type="c"><values>
      <value key="NAME" type="s"/><value key="SSN" type="s" secret="true"/><value key="ID" type="s"/>
      <value key="BANK" type="c" secret="true"><values><value key="IBAN" type="s"/><value key="MORE" type="c"><values/></value></values></value>
    </values></value>
    <value key="ID" type="s" secret="true"/>
  </values></request>
  <response><values><value key="CODE" type="s" secret="true"/><value key="ID" type="s"/></values></response>
</soapcall>`

func contracts(t testing.TB) func(string) *contract.Contract {
	c, mistakes := contract.Parse("contract.xml", []byte(helloContract), nil)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	return func(hookpoint string) *contract.Contract {
		if hookpoint == "SOAP_SAY_HELLO" {
			return c
		}
		return nil
	}
}

// request is a call with values in it.
func request(values string) string {
	return `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><S:Body>` +
		`<n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0><hookpointKey>SOAP_SAY_HELLO</hookpointKey>` + values + `</arg0></n:executeMethod></S:Body></S:Envelope>`
}

func scalar(key, value string) string {
	return `<values xsi:type="n:stringValueDTO"><key>` + key + `</key><value>` + value + `</value></values>`
}

// Each message is what stands before a secret, and what stands after it: both
// stay as they are.
func TestASecretIsTakenOutAndNothingElse(t *testing.T) {
	const secret = "hunter2-Zebra"
	for name, message := range map[string]string{
		"declared":                   request(`<values><key>USER</key><value><key>SSN</key><value>@</value></value><value><key>NAME</key><value>Åse &amp; Bo</value></value></values>`),
		"the same key elsewhere":     request(scalar("ID", "@") + `<values><key>USER</key><value><key>ID</key><value>17</value></value></values>`),
		"value before key":           request(`<values xsi:type="n:stringValueDTO"><value>@</value><key>ID</key></values>`),
		"user, value before key":     request(`<values><value><value>@</value><key>SSN</key></value><key>USER</key></values>`),
		"below a secret":             request(`<values><key>USER</key><value><key>BANK</key><value><key>IBAN</key><value>@</value></value></value></values>`),
		"deep below a secret":        request(`<values><key>USER</key><value><key>BANK</key><value><key>MORE</key><value><key>X</key><value>@</value></value></value></value></values>`),
		"named like one":             request(scalar("NEW_PASSWORD", "@")),
		"in lower case":              request(scalar("pin", "@")),
		"context":                    request(`<values><key>CONTEXT</key><value><key>PASSWORD</key><value>@</value></value></values>`),
		"hookpoint last":             `<executeMethod><arg0>` + scalar("ID", "@") + `<hookpointKey>SOAP_SAY_HELLO</hookpointKey></arg0></executeMethod>`,
		"key in CDATA":               request(scalar("<![CDATA[PASS]]>WORD", "@")),
		"key in references":          request(scalar("P&#x41;SSW&#79;RD", "@")),
		"key with a comment":         request(scalar("PASS<!-- -->WORD", "@")),
		"prefixes":                   request(`<n:values><n:key>ID</n:key><n:value>@</n:value></n:values>`),
		"typed":                      `<Body><n:SOAP_SAY_HELLO xmlns:n="http://soap.CDRator.com/"><USER><NAME>Bo</NAME><SSN>@</SSN></USER></n:SOAP_SAY_HELLO></Body>`,
		"typed, below a secret":      `<Body><SOAP_SAY_HELLO><USER><BANK><IBAN>@</IBAN></BANK></USER></SOAP_SAY_HELLO></Body>`,
		"typed answer":               `<Body><SOAP_SAY_HELLOResponse><CODE>@</CODE><ID>3</ID></SOAP_SAY_HELLOResponse></Body>`,
		"WS-Security":                `<Header><w:Security><w:UsernameToken w:Id="u"><w:Username>bo</w:Username><w:Password Type="x#PasswordText">@</w:Password></w:UsernameToken></w:Security></Header>`,
		"nonce":                      `<w:UsernameToken><w:Username>bo</w:Username><w:Nonce EncodingType="x">@</w:Nonce></w:UsernameToken>`,
		"foreign element":            `<a><userPassword>@</userPassword><user>bo</user></a>`,
		"foreign element, nested":    `<a><credentials><user>@</user></credentials></a>`,
		"foreign attribute":          `<login user="bo" password='@' lang="en"/>`,
		"attribute of a secret":      `<pin value="@"/>`,
		"comment in a secret":        `<credentials><!--@--><a>***</a></credentials>`,
		"token":                      `<x:accessToken>@</x:accessToken>`,
		"property by attribute":      `<property name="db.password">@</property>`,
		"property by two attributes": `<property name="db.password" value="@"/>`,
		"entry":                      `<map><entry><key>apiKey</key><value>@</value></entry><entry><key>a</key><value>b</value></entry></map>`,
		"name and value":             `<param><name>password</name><value>@</value></param>`,
		"multiref":                   `<b><values><key>PIN</key><value href="#id1"/></values><multiRef id="id1" xsi:type="string">@</multiRef><multiRef id="id2">x</multiRef></b>`,
		"message in CDATA":           `<a><payload><![CDATA[<login><password>@</password></login>]]></payload></a>`,
		"message in a comment":       `<a><!-- <password>@</password> --></a>`,
		"instruction":                `<?auth password="@"?><a/>`,
		"entity of its own":          `<!DOCTYPE a [@]><a><password>`,
		"JSON":                       `{"user":"bo","password":"@","n":[1,2]}`,
		"JSON, nested":               `{"credentials":{"id":"@"},"name":"x"}`,
		"JSON, name in escapes":      `{"p\u0061ssword" : "@"}`,
		"JSON in CDATA":              `<a><![CDATA[{"pin":"@"}]]></a>`,
		"cut off in the value":       request("<values><key>PASSWORD</key><value>@")[:len(request("<values><key>PASSWORD</key><value>@"))-len(`</arg0></n:executeMethod></S:Body></S:Envelope>`)],
		"cut off before the key":     `<executeMethod><arg0><values><value>@</value>`,
		"cut off in the key":         `<executeMethod><arg0><values><value>@</value><key>PASSW`,
		"cut off in an attribute":    `<a><b password="@`,
		"wrong end tag of the key":   `<a><values><key>PASSWORD</kay><value>@</value></values></a>`,
		"end tag of the key missing": `<a><values><key>PASSWORD<value>@</value></values></a>`,
		"in a tag":                   `<a><password><b @></b></password></a>`,
		"in an end tag":              `<a><password><b></b @></password></a>`,
		"tag without end":            `<a><password <x>@</x></password></a>`,
	} {
		t.Run(name, func(t *testing.T) {
			m := mask.New(contracts(t), mask.Options{})
			in := strings.Replace(message, "@", secret, 1)
			if name == "entity of its own" {
				in = strings.Replace(message, "@", `<!ENTITY p "`+secret+`">`, 1)
			}
			got := string(m.Message("text/xml", []byte(in)))
			if strings.Contains(message, "b @>") || name == "tag without end" || name == "wrong end tag of the key" || name == "end tag of the key missing" {
				if strings.Contains(got, secret) {
					t.Errorf("the secret is there: %s", got)
				}
				return
			}
			if diff := cmp.Diff(strings.Replace(message, "@", "***", 1), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if again := string(m.Message("text/xml", []byte(got))); again != got {
				t.Errorf("masked again: %s", again)
			}
		})
	}
}

// A secret is found in no writing of it, whatever the message is written in.
func TestNoSecretSurvivesInAnyWriting(t *testing.T) {
	m := mask.New(contracts(t), mask.Options{})
	secrets := []string{"s3cr3t-Ørsted", `a"b'c&d<e>f]]>g`, "  spaces  ", "0123456789", "密碼", "x]]>y"}
	writings := map[string]func(string) string{
		"escaped": func(s string) string { return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s) },
		"decimal": func(s string) string { return references(s, "&#%d;") },
		"hex":     func(s string) string { return references(s, "&#x%X;") },
		"CDATA":   func(s string) string { return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]]]><![CDATA[>") + "]]>" },
		"split": func(s string) string {
			return "<![CDATA[" + s[:1] + "]]><!-- " + s[1:2] + " -->" + references(s[2:], "&#x%x;")
		},
		"base64":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"raw":      func(s string) string { return s },
		"elements": func(s string) string { return "<b>" + references(s, "&#x%x;") + "</b>" },
	}
	places := []string{
		request(scalar("PASSWORD", "@")), request(`<values><value>@</value><key>PUK1</key></values>`), `<a><cvv>@</cvv></a>`,
		request(`<values><key>USER</key><value><key>BANK</key><value><key>IBAN</key><value>@</value></value></value></values>`),
		`<w:Security><w:UsernameToken><w:Password>@</w:Password></w:UsernameToken></w:Security>`, `<a><x><clientSecret>@</clientSecret></x></a>`,
		"<S:Envelope><S:Body><SOAP_SAY_HELLO><ID>@</ID></SOAP_SAY_HELLO></S:Body></S:Envelope>",
	}
	charsets := map[string]func(string) []byte{
		"UTF-8": func(s string) []byte { return []byte(s) }, "UTF-8 with mark": func(s string) []byte { return []byte("\xEF\xBB\xBF" + s) },
		"UTF-16LE": func(s string) []byte { return wide(binary.LittleEndian, "\uFEFF"+s) }, "UTF-16BE": func(s string) []byte { return wide(binary.BigEndian, "\uFEFF"+s) },
		"UTF-16LE without mark": func(s string) []byte { return wide(binary.LittleEndian, s) },
		"half a character":      func(s string) []byte { return append(wide(binary.BigEndian, "\uFEFF"+s), 'x') },
	}
	for _, secret := range secrets {
		for writing, write := range writings {
			written := write(secret)
			for _, place := range places {
				for charset, encode := range charsets {
					for _, cut := range []int{0, 1, 8, 20} {
						text := strings.Replace(place, "@", written, 1)
						in := encode(text[:len(text)-cut])
						out := m.Message("text/xml", in)
						for _, form := range []string{secret, written} {
							if bytes.Contains(out, []byte(form)) || bytes.Contains(out, wide(binary.LittleEndian, form)) || bytes.Contains(out, wide(binary.BigEndian, form)) ||
								bytes.Contains(out, []byte(base64.StdEncoding.EncodeToString([]byte(form)))) {
								t.Fatalf("%s, %s, %d cut off: %q is in %q", writing, charset, cut, form, out)
							}
						}
					}
				}
			}
		}
	}
}

func references(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

func wide(order binary.ByteOrder, s string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = order.(binary.AppendByteOrder).AppendUint16(out, unit)
	}
	return out
}

func TestCardNumbersAreHiddenAnywhere(t *testing.T) {
	m := mask.New(nil, mask.Options{})
	for in, want := range map[string]string{
		`<a>pay 4111111111111111 now</a>`:                                `<a>pay *** now</a>`,
		`<a>4111 1111 1111 1111</a>`:                                     `<a>***</a>`,
		`<a>4111-1111-1111-1111 12/27 123</a>`:                           `<a>*** 12/27 123</a>`,
		`<a>12 4111 1111 1111 1111 12</a>`:                               `<a>12 *** 12</a>`,
		`<a>4111&#x31;1111111&#49;111</a>`:                               `<a>***</a>`,
		`<a n="4111&#x31;1111111&#49;111"/>`:                             `<a n="***"/>`,
		`<a>4111<![CDATA[1111]]>11111111</a>`:                            `<a>***11111111</a>`,
		`<!-- 5555555555554444 --><a/>`:                                  `<!-- *** --><a/>`,
		`<a>&lt;card&gt;378282246310005&lt;/card&gt;</a>`:                `<a>&lt;card&gt;***&lt;/card&gt;</a>`,
		`{"note":"4111111111111111","n":4242424242424242}`:               `{"note":"***","n":"***"}`,
		`not XML at all: 4111.1111.1111.1111`:                            `not XML at all: ***`,
		`<a><id>201106010000000017</id><imei>490154203237518</imei></a>`: `<a><id>201106010000000017</id><imei>490154203237518</imei></a>`,
		`<a>DK5000400440116243 DK50 0040 0440 1162 43</a>`:               `<a>DK5000400440116243 DK50 0040 0440 1162 43</a>`,
		`<a>DK5100400440116243 XDK5000400440116243</a>`:                  `<a>DK5100400440116243 XDK***</a>`,
	} {
		got := string(m.Message("text/xml", []byte(in)))
		if in == `<a>4111<![CDATA[1111]]>11111111</a>` {
			if strings.Contains(got, "4111") {
				t.Errorf("%s: %s", in, got)
			}
			continue
		}
		if got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestAnAnswerIsMaskedByTheContractOfItsHookpoint(t *testing.T) {
	m := mask.New(contracts(t), mask.Options{})
	in := `<executeMethodResponse><return>` + scalar("CODE", "x1") + scalar("ID", "7") + `</return></executeMethodResponse>`
	want := `<executeMethodResponse><return>` + scalar("CODE", "***") + scalar("ID", "7") + `</return></executeMethodResponse>`
	if diff := cmp.Diff(want, string(m.Answer("SOAP_SAY_HELLO", "text/xml", []byte(in)))); diff != "" {
		t.Error(diff)
	}
}

func TestHeadersWithoutSecretsAreTheSame(t *testing.T) {
	m := mask.New(nil, mask.Options{Keep: []string{"X-Csrf-Token"}, Text: func(key string) string { return "<" + key + ">" }})
	h := http.Header{"Authorization": {"Basic ZGVtbzpkZW1v"}, "Cookie": {"a=b"}, "Set-Cookie": {"c=d", "e=f"}, "Content-Type": {"text/xml"}, "X-Api-Key": {"k"}, "X-Csrf-Token": {"t"}, "X-Ref": {"4111111111111111"}}
	want := http.Header{"Authorization": {"<Authorization>"}, "Cookie": {"<Cookie>"}, "Set-Cookie": {"<Set-Cookie>", "<Set-Cookie>"}, "Content-Type": {"text/xml"}, "X-Api-Key": {"<X-Api-Key>"}, "X-Csrf-Token": {"t"}, "X-Ref": {"<CARD_NUMBER>"}}
	if diff := cmp.Diff(want, m.Header(h)); diff != "" {
		t.Error(diff)
	}
	if h.Get("Authorization") != "Basic ZGVtbzpkZW1v" {
		t.Error("the header that was given is changed")
	}
}

func TestWhatIsKeptIsShown(t *testing.T) {
	m := mask.New(contracts(t), mask.Options{Keep: []string{"pin", CARD}, Text: func(key string) string { return "${" + key + "}" }})
	in := request(scalar("PIN", "1234") + scalar("PUK", "99") + scalar("NOTE", "4111111111111111"))
	want := request(scalar("PIN", "1234") + scalar("PUK", "${PUK}") + scalar("NOTE", "4111111111111111"))
	if diff := cmp.Diff(want, string(m.Message("", []byte(in)))); diff != "" {
		t.Error(diff)
	}
}

const CARD = "CARD_NUMBER"

// No answer of the project's own fixtures holds a secret.
func TestAMessageWithoutSecretsIsTheSameSlice(t *testing.T) {
	m := mask.New(nil, mask.Options{})
	files := 0
	err := filepath.WalkDir("../testdata/soap", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".response.xml") {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		if out := m.Message("text/xml; charset=utf-8", body); len(out) > 0 && &out[0] != &body[0] {
			t.Errorf("%s: %s", path, cmp.Diff(string(body), string(out)))
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatal(files, err)
	}
}
