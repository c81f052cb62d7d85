package soap_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/workflow/value"
)

// included is a request whose NAME is what stands in the place of value.
func included(v soap.Version, value string) string {
	return `<e:Envelope xmlns:e="` + v.Namespace() + `" xmlns:x="http://www.w3.org/2004/08/xop/include"><e:Body><n:executeMethod xmlns:n="http://soap.CDRator.com/"><arg0>` +
		`<hookpointKey>SIGNUP</hookpointKey><values><key>NAME</key><value>` + value + `</value></values></arg0></n:executeMethod></e:Body></e:Envelope>`
}

const mtom = `multipart/related; type="application/xop+xml"; start="<root@x>"; start-info="text/xml"; boundary=b`

// inParts puts parts together, each its headers, an empty line and its content.
func inParts(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--b\r\n" + p + "\r\n")
	}
	return b.String() + "--b--\r\n"
}

func root(envelope string) string {
	return "Content-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\nContent-ID: <root@x>\r\nContent-Transfer-Encoding: binary\r\n\r\n" + envelope
}

func attached(headers, content string) string {
	return "Content-ID: <a@x>\r\n" + headers + "\r\n" + content
}

const includes = `<x:Include href="cid:a@x"/>`

func TestMessagesOfSeveralParts(t *testing.T) {
	const text = "Content-Type: text/plain; charset=utf-8\r\n"
	quoted := strings.ReplaceAll(strings.ReplaceAll(included(soap.Version11, "Bo"), "=", "=3D"), "><", ">=\r\n<")
	for _, c := range []struct {
		name, media, body string
		want              string // NAME
	}{
		{"no attachment", mtom, inParts(root(included(soap.Version11, "Bo"))), "Bo"},
		{"a part that nothing names", mtom, inParts(root(included(soap.Version11, "Bo")), attached("Content-Type: image/png\r\n", "\x89PNG\x00--\xFF")), "Bo"},
		{"the root part behind another", mtom, inParts(attached(text, "Cy"), root(included(soap.Version11, includes))), "Cy"},
		{"no start", `multipart/related; type="text/xml"; boundary=b`, inParts("Content-Type: text/xml\r\n\r\n"+included(soap.Version11, "Bo"), attached("", "x")), "Bo"},
		{"nothing but a boundary", `multipart/related; boundary="b"`, inParts("\r\n" + included(soap.Version11, "Bo")), "Bo"},
		{"line feeds alone", mtom, strings.ReplaceAll(inParts(root(included(soap.Version11, "Bo"))), "\r\n", "\n"), "Bo"},
		{"something before and behind", mtom, "not for us\r\n" + inParts(root(included(soap.Version11, "Bo"))) + "nor this", "Bo"},
		{"SOAP 1.2 with an action", `multipart/related; type="application/xop+xml"; start="<root@x>"; start-info="application/soap+xml"; action="urn:x"; boundary=b`,
			inParts(root(included(soap.Version12, "Bo"))), "Bo"},
		{"Latin-1", mtom, inParts("Content-Type: text/xml; charset='iso-8859-1'\r\nContent-ID: <root@x>\r\n\r\n" + included(soap.Version11, "\xC5se")), "Åse"},
		{"declared Latin-1, with a part", mtom, inParts("Content-Type: text/xml\r\nContent-ID: <root@x>\r\n\r\n<?xml version='1.0' encoding='latin1'?>"+included(soap.Version11, "\xC5se "+includes), attached(text, "Øre")), "Åse Øre"},
		{"base64", mtom, inParts("Content-Type: text/xml\r\nContent-ID: <root@x>\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(included(soap.Version11, "Bo")))), "Bo"},
		{"quoted-printable", mtom, inParts("Content-Type: text/xml\r\nContent-ID: <root@x>\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted), "Bo"},
		{"text, escaped", mtom, inParts(root(included(soap.Version11, includes)), attached(text, "a < b & c ]]>\r\nÅ")), "a < b & c ]]>\r\nÅ"},
		{"text in its charset", mtom, inParts(root(included(soap.Version11, includes)), attached("Content-Type: text/plain; charset=windows-1250\r\n", "\xA3\xF3d\x9F")), "Łódź"},
		{"text that says no type", mtom, inParts(root(included(soap.Version11, includes)), attached("", "Bo")), "Bo"},
		{"text in base64", mtom, inParts(root(included(soap.Version11, includes)), attached(text+"Content-Transfer-Encoding: base64\r\n", "Qm8=")), "Bo"},
		{"no text", mtom, inParts(root(included(soap.Version11, includes)), attached("Content-Type: application/octet-stream\r\n", "\x00\xFF")), "AP8="},
		{"an empty part", mtom, inParts(root(included(soap.Version11, includes)), attached(text, "")), ""},
		{"an escaped name", mtom, inParts(root(included(soap.Version11, `<x:Include href=" CID:a%40x "></x:Include>`)), attached(text, "Bo")), "Bo"},
		{"the same part twice", mtom, inParts(root(included(soap.Version11, includes+" and "+includes)), attached(text, "Bo")), "Bo and Bo"},
		{"an Include of something else", mtom, inParts(root(included(soap.Version11, `Bo</value></values><values><key>B</key><value><Include href="cid:none"/>`))), "Bo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var logged, loggedType string
			h := soap.NewHandler(echo, soap.Options{Answered: func(a *soap.Answered) { logged, loggedType = a.Request, a.RequestType }})
			w := post(h, c.body, header("Content-Type", c.media))
			limits := soap.DefaultAnswerLimits()
			result, err := soap.DecodeAnswer(w.Body.String(), soap.Media{}, &limits)
			if err != nil || result.Values.Text("NAME") != c.want || result.Values[0].Null {
				t.Fatalf("%v, %q, want %q\n%s", err, result.Values.Text("NAME"), c.want, w.Body)
			}
			// What is kept of the call reads as the call did.
			media, ok := soap.ParseMedia(loggedType)
			m, err := decodeWhole(logged, media)
			if diff := cmp.Diff(result.Values, m.Values, cmp.Transformer("text", func(e value.Entry) string { return e.Key + "=" + e.Text })); !ok || err != nil || diff != "" {
				t.Errorf("%s %v\n%s\n%s", loggedType, err, logged, diff)
			}
			// And the client reads such an answer.
			if v := w.Header().Get("Content-Type"); strings.Contains(v, "soap+xml") != strings.Contains(c.media, "soap+xml") {
				t.Errorf("answered as %s", v)
			}
		})
	}
}

func TestMessagesOfSeveralPartsThatAreRefused(t *testing.T) {
	const text = "Content-Type: text/plain; charset=utf-8\r\n"
	fine := root(included(soap.Version11, includes))
	many := make([]string, soap.DefaultLimits().Parts)
	for i := range many {
		many[i] = fmt.Sprintf("Content-ID: <%d>\r\n\r\nx", i)
	}
	for _, c := range []struct{ name, media, body, says string }{
		{"no boundary", `multipart/related; type="text/xml"`, inParts(fine), "names no boundary"},
		{"another boundary", strings.Replace(mtom, "=b", "=c", 1), inParts(fine), "its last boundary is missing"},
		{"no part", mtom, "--b--\r\n", "has no part"},
		{"cut off", mtom, strings.TrimSuffix(inParts(fine, attached(text, "Bo")), "--b--\r\n"), "the last boundary is missing"},
		{"cut off in a head", mtom, "--b\r\nContent-Type: text/xml\r\n", "cannot be read after part 0"},
		{"a part that is missing", mtom, inParts(fine), "xop:Include names the part <a@x>, and no part of the message has that Content-ID"},
		{"a part elsewhere", mtom, inParts(root(included(soap.Version11, `<x:Include href="http://example.org/a"/>`))), "must name a part, as cid:CONTENT-ID"},
		{"no name", mtom, inParts(root(included(soap.Version11, `<x:Include/>`))), "must name a part"},
		{"a broken name", mtom, inParts(root(included(soap.Version11, `<x:Include href="cid:%zz"/>`))), "escapes cannot be read"},
		{"a start that is missing", mtom, inParts(attached(text, "Bo")), "start names the part <root@x>"},
		{"a name that two have", mtom, inParts(fine, attached(text, "Bo"), attached(text, "Cy")), "two parts have the Content-ID <a@x>"},
		{"a root that is no envelope", mtom, inParts("Content-ID: <root@x>\r\nContent-Type: image/png\r\n\r\nx"), "part 1 <root@x>, the root part, is image/png"},
		{"parts in a part", mtom, inParts(fine, attached("Content-Type: multipart/mixed; boundary=c\r\n", "--c--")), "a part cannot have parts"},
		{"a message in a part", mtom, inParts(fine, attached("Content-Type: message/rfc822\r\n", "x")), "a part cannot have parts"},
		{"another encoding", mtom, inParts(fine, attached(text+"Content-Transfer-Encoding: x-uuencode\r\n", "x")), "send binary, 8bit, 7bit, quoted-printable or base64"},
		{"no base64", mtom, inParts(fine, attached(text+"Content-Transfer-Encoding: base64\r\n", "@@@")), "is not base64"},
		{"text that is none", mtom, inParts(fine, attached(text, "\xFF")), "part 2 <a@x> cannot be the text of a value"},
		{"text that XML cannot carry", mtom, inParts(fine, attached(text, "a\x00")), "U+0000"},
		{"an unknown charset", mtom, inParts(fine, attached("Content-Type: text/plain; charset=klingon\r\n", "x")), "klingon"},
		{"too many parts", mtom, inParts(append([]string{fine}, many...)...), "(limit parts)"},
		{"long headers", mtom, inParts(fine, attached("X: "+strings.Repeat("y", 4<<10)+"\r\n", "x")), "(limit part_header_bytes)"},
		{"many headers", mtom, inParts(fine, attached(numbered(400, "X-%d: yyyyyy\r\n"), "x")), "(limit part_header_bytes)"},
		{"a text that is long", mtom, inParts(fine, attached(text, strings.Repeat("y", 64<<10+1))), "(limit text_bytes)"},
		{"a part many times", mtom, inParts(root(included(soap.Version11, strings.Repeat(includes, 50))), attached(text, strings.Repeat("y", 40_000))), "(limit message_bytes)"},
		{"broken XML in the root", mtom, inParts(root("<a>" + includes)), "prefix"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := post(soap.NewHandler(echo, soap.Options{}), c.body, header("Content-Type", c.media))
			if w.Code != 500 || !strings.Contains(w.Body.String(), "S:Client") || !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(w.Body.String(), "&lt;", "<"), "&gt;", ">"), c.says) {
				t.Errorf("%d, not %q:\n%s", w.Code, c.says, w.Body)
			}
		})
	}
}

// A message in parts that JAX-WS, CXF or Axis made is one more recorded request.
func TestRecordedParts(t *testing.T) {
	for _, file := range fixtures(t, "soap-parts", ".mime") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			media, err := os.ReadFile(strings.TrimSuffix(file, ".mime") + ".type")
			if err != nil {
				t.Fatal(err)
			}
			is, ok := soap.ParseMedia(strings.TrimSpace(string(media)))
			limits := soap.DefaultLimits()
			text, is, err := soap.Plain(readFile(t, file), is, &limits)
			if !ok || err != nil {
				t.Fatal(ok, err)
			}
			m, err := decodeWhole(text, is)
			checkGolden(t, strings.TrimSuffix(file, ".mime")+".tree", describe(m, err))
		})
	}
}

// FuzzPlain has anything taken apart: it ends, and what it gives is within the
// limits.
func FuzzPlain(f *testing.F) {
	f.Add(mtom, inParts(root(included(soap.Version11, includes)), attached("Content-Type: text/plain\r\n", "Bo")))
	f.Add(`multipart/related; boundary=b`, inParts("\r\n"+included(soap.Version12, "Bo")))
	f.Fuzz(func(t *testing.T, contentType, message string) {
		media, ok := soap.ParseMedia(contentType)
		if !ok {
			return
		}
		limits := soap.DefaultLimits()
		text, media, err := soap.Plain(message, media, &limits)
		if err == nil && (media.Package != nil || len(text) > max(limits.MessageBytes, len(message))) {
			t.Errorf("%d bytes, %v", len(text), media.Package)
		}
	})
}
