package soap_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"rator/soap"
)

// parameters gives the header blocks of an answer that are none of WS-Addressing, by
// their expanded names, with text and attributes.
func parameters(t *testing.T, body string) (found []string) {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromString(body); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for _, e := range doc.FindElement("/Envelope/Header").ChildElements() {
		if e.NamespaceURI() == wsa2005 || e.NamespaceURI() == wsa2004 {
			continue
		}
		line := "{" + e.NamespaceURI() + "}" + e.Tag
		for _, a := range e.Attr {
			if a.Space != "xmlns" && a.Key != "xmlns" {
				line += fmt.Sprintf(" {%s}%s=%s", a.NamespaceURI(), a.Key, a.Value)
			}
		}
		for _, below := range e.ChildElements() {
			line += " <{" + below.NamespaceURI() + "}" + below.Tag + ">"
		}
		found = append(found, line+" "+strings.TrimSpace(e.Text()))
	}
	return found
}

// TestReferenceParameters: the parameters of an endpoint come back as header blocks,
// each with the names and namespaces it was sent with.
func TestReferenceParameters(t *testing.T) {
	const given = `<p:Id xmlns:p="urn:p" k="v&amp;">1 &lt; 2</p:Id><q:Session/><Plain><q:In/></Plain><rp:Clash xmlns:rp="urn:rp"><![CDATA[]]]></rp:Clash><a:Own a:IsReferenceParameter="true"/>`
	const anonymous = "<a:Address>" + wsa2005 + "/anonymous</a:Address>"
	marked := " {" + wsa2005 + "}IsReferenceParameter=true"
	mine := []string{"{urn:p}Id {}k=v&" + marked + " 1 < 2", "{urn:q}Session" + marked + " ", "{urn:default}Plain" + marked + " <{urn:q}In> ", "{urn:rp}Clash" + marked + " ]"}
	for i := range mine[:1] { // the mark comes before the attributes that were there
		mine[i] = "{urn:p}Id" + marked + " {}k=v& 1 < 2"
	}
	for _, v := range []soap.Version{soap.Version11, soap.Version12} {
		body := func(blocks string) string {
			return strings.Replace(addressed(v, wsa2005, whole+blocks), "<S:Header", `<S:Header xmlns:q="urn:q" xmlns="urn:default" `, 1)
		}
		reply := "<a:ReplyTo>" + anonymous + "<a:ReferenceParameters>" + given + "</a:ReferenceParameters></a:ReplyTo>"
		calls := 0
		w := post(addressing(&calls), body(reply))
		if diff := cmp.Diff(mine, parameters(t, w.Body.String())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", w.Body, diff)
		}
		fails := func(message string) string { return strings.Replace(message, ">SIGNUP<", ">FAILS<", 1) }
		w = post(addressing(&calls), fails(body(reply)))
		if diff := cmp.Diff(mine, parameters(t, w.Body.String())); diff != "" {
			t.Errorf("a fault goes where the reply goes: %s (-want +got):\n%s", w.Body, diff)
		}
		w = post(addressing(&calls), fails(body(reply+"<a:FaultTo>"+anonymous+"<a:ReferenceParameters><q:Fault/></a:ReferenceParameters></a:FaultTo>")))
		if diff := cmp.Diff([]string{"{urn:q}Fault" + marked + " "}, parameters(t, w.Body.String())); diff != "" {
			t.Errorf("a fault goes elsewhere: %s (-want +got):\n%s", w.Body, diff)
		}

		old := addressed(v, wsa2004, whole+"<a:ReplyTo><a:Address>"+wsa2004+"/role/anonymous</a:Address><a:ReferenceProperties><p:A xmlns:p='urn:p'/></a:ReferenceProperties><a:ReferenceParameters><p:B xmlns:p='urn:p'/></a:ReferenceParameters></a:ReplyTo>")
		w = post(addressing(&calls), old)
		if diff := cmp.Diff([]string{"{urn:p}A ", "{urn:p}B "}, parameters(t, w.Body.String())); diff != "" {
			t.Errorf("of 2004: %s (-want +got):\n%s", w.Body, diff)
		}

		// Long ones, and short ones that need many namespaces, are refused.
		spaces := ""
		for i := range 20 {
			spaces += fmt.Sprintf(` xmlns:n%d="urn:%s"`, i, strings.Repeat("x", 400))
		}
		for name, long := range map[string]string{
			"long":   strings.Replace(body(reply), "1 &lt; 2", strings.Repeat("x", 8<<10), 1),
			"many":   strings.Replace(body(reply), "<q:Session/>", strings.Repeat("<q:Session/>", 400), 1),
			"spaces": strings.Replace(body(reply), "<a:ReferenceParameters", "<a:ReferenceParameters"+spaces, 1),
		} {
			before := calls
			w = post(addressing(&calls), long)
			if w.Code != 500 || calls != before || !strings.Contains(w.Body.String(), "the reference parameters are longer than 8192 bytes") || w.Body.Len() > 20_000 {
				t.Errorf("%s: %d %s", name, w.Code, w.Body)
			}
		}
	}
}
