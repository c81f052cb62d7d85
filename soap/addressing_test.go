package soap_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/beevik/etree"
	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/workflow"
	"rator/workflow/value"
)

const (
	wsa2005 = "http://www.w3.org/2005/08/addressing"
	wsa2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
)

// addressed is executeMethod with header blocks, in which a: is WS-Addressing's.
func addressed(v soap.Version, namespace, blocks string) string {
	message := string(soap.AppendRequest(nil, v, "SIGNUP", value.Tree{value.OfString("NAME", "Bo")}))
	return strings.Replace(message, "<S:Body>", `<S:Header xmlns:a="`+namespace+`">`+blocks+"</S:Header><S:Body>", 1)
}

// blocks of a request that says everything.
const whole = `<a:Action S:mustUnderstand="1">urn:ask</a:Action><a:MessageID S:mustUnderstand="1">urn:q:&amp;1</a:MessageID>` +
	`<a:To S:mustUnderstand="1">http://x/</a:To><a:From><a:Address>http://me/</a:Address></a:From><a:RelatesTo>urn:p</a:RelatesTo><a:RelatesTo>urn:o</a:RelatesTo>`

func to(header, address string) string {
	return "<a:" + header + "><a:Address> " + address + " </a:Address></a:" + header + ">"
}

// said is what an answer's header says, and its fault: a line for each.
func said(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(w.Body.Bytes()); err != nil {
		t.Fatalf("%v: %s", err, w.Body)
	}
	name := func(e *etree.Element) string {
		short := map[string]string{wsa2005: "2005:", wsa2004: "2004:", soap.Version11.Namespace(): "S:", soap.Version12.Namespace(): "S:"}
		return short[e.NamespaceURI()] + e.Tag
	}
	var lines []string
	add := func(e *etree.Element) { lines = append(lines, name(e)+" "+strings.TrimSpace(e.Text())) }
	if header := doc.FindElement("/Envelope/Header"); header != nil {
		for _, block := range header.ChildElements() {
			add(block)
			for _, below := range block.ChildElements() {
				add(below)
			}
		}
	}
	if fault := doc.FindElement("/Envelope/Body/Fault"); fault != nil {
		var walk func(*etree.Element)
		walk = func(above *etree.Element) {
			for _, e := range above.ChildElements() {
				switch e.Tag {
				case "Text", "faultstring", "Code", "Reason", "Subcode":
				default:
					add(e)
				}
				walk(e)
			}
		}
		walk(fault)
	}
	return strings.Join(lines, "\n")
}

func addressing(calls *int) *soap.Handler {
	return soap.NewHandler(invoke(func(_ context.Context, r workflow.Request) (workflow.Result, error) {
		*calls++
		if r.Hookpoint == "FAILS" {
			return workflow.Result{}, errors.New("x")
		}
		return workflow.Result{Values: r.Values}, nil
	}), soap.Options{NewMessageID: func() string { return "urn:mine" }})
}

func TestAddressedAnswers(t *testing.T) {
	const typed = `<S:Body><n:SOAP_X xmlns:n="http://soap.CDRator.com/"/></S:Body>`
	for _, v := range []soap.Version{soap.Version11, soap.Version12} {
		for n, anonymous := range map[string]string{wsa2005: wsa2005 + "/anonymous", wsa2004: wsa2004 + "/role/anonymous"} {
			year := map[string]string{wsa2005: "2005:", wsa2004: "2004:"}[n]
			answer := func(action, relates string) string {
				lines := []string{"To " + anonymous, "Action " + action, "MessageID urn:mine"}
				if relates != "" {
					lines = append(lines, "RelatesTo "+relates)
				}
				return year + strings.Join(lines, "\n"+year)
			}
			const executed = "http://soap.CDRator.com/Invoker/executeMethodResponse"
			faulted := n + "/soap/fault"
			if n == wsa2004 {
				faulted = n + "/fault"
			}
			fault := "\nS:Value S:Receiver"
			if v == soap.Version11 {
				fault = "\nfaultcode S:Server"
			}
			body := func(blocks string) string { return addressed(v, n, blocks) }
			for name, c := range map[string]struct {
				message, want string
				status        int
			}{
				"whole":                       {body(whole), answer(executed, "urn:q:&1"), 200},
				"reply to anonymous":          {body(whole + to("ReplyTo", anonymous) + to("FaultTo", anonymous)), answer(executed, "urn:q:&1"), 200},
				"anonymous of the other year": {body(whole + to("ReplyTo", wsa2005+"/anonymous") + to("FaultTo", wsa2004+"/role/anonymous")), answer(executed, "urn:q:&1"), 200},
				"action alone":                {body("<a:Action>urn:ask</a:Action>"), answer(executed, ""), 200},
				"a whole set twice":           {body(whole + strings.Replace(whole[:strings.Index(whole, "<a:From>")], "urn:q:&amp;1", "urn:q:2", 1)), answer(executed, "urn:q:2"), 200},
				"message id alone":            {body("<a:MessageID>urn:q</a:MessageID>"), "", 200},
				"message id and to":           {body("<a:MessageID>urn:q</a:MessageID><a:To>http://x/</a:To>"), "", 200},
				"for somebody else":           {body(strings.ReplaceAll(whole, "<a:Action", `<a:Action S:actor="urn:b" S:role="urn:b"`)), "", 200},
				"typed":                       {strings.Replace(body(whole), body(whole)[strings.Index(body(whole), "<S:Body>"):], typed+"</S:Envelope>", 1), answer("http://soap.CDRator.com/Invoker/SOAP_XResponse", "urn:q:&1"), 200},
				"a fault":                     {strings.Replace(body(whole), ">SIGNUP<", ">FAILS<", 1), answer(faulted, "urn:q:&1") + fault, 500},
			} {
				t.Run(fmt.Sprintf("%s %s%s", v, year, name), func(t *testing.T) {
					calls := 0
					w := post(addressing(&calls), c.message)
					if w.Code != c.status || calls != 1 {
						t.Fatalf("%d after %d calls: %s", w.Code, calls, w.Body)
					}
					if diff := cmp.Diff(c.want, said(t, w)); diff != "" {
						t.Errorf("%s (-want +got):\n%s", w.Body, diff)
					}
				})
			}
		}
	}
}

func TestAddressingRefused(t *testing.T) {
	const id = "<a:MessageID>urn:q</a:MessageID>"
	const action = "<a:Action>urn:ask</a:Action>"
	for name, c := range map[string]struct {
		blocks, subcode, of2004, about string
	}{
		"reply elsewhere":                 {action + id + to("ReplyTo", "http://192.0.2.1/x"), "OnlyAnonymousAddressSupported", "InvalidMessageInformationHeader", "ReplyTo"},
		"fault elsewhere":                 {action + id + to("FaultTo", "http://192.0.2.1/x"), "OnlyAnonymousAddressSupported", "InvalidMessageInformationHeader", "FaultTo"},
		"reply nowhere, by no address":    {action + id + "<a:ReplyTo/>", "MissingAddressInEPR", "InvalidMessageInformationHeader", "ReplyTo"},
		"fault nowhere, by empty address": {action + id + to("FaultTo", ""), "MissingAddressInEPR", "InvalidMessageInformationHeader", "FaultTo"},
		"action twice":                    {action + action + id, "InvalidCardinality", "InvalidMessageInformationHeader", "Action"},
		"message id twice":                {action + id + id, "InvalidCardinality", "InvalidMessageInformationHeader", "MessageID"},
		"message id twice, nothing else":  {id + id, "InvalidCardinality", "InvalidMessageInformationHeader", "MessageID"},
		"a set twice, of two actions":     {action + id + "<a:To>urn:x</a:To><a:Action>urn:other</a:Action>" + id + "<a:To>urn:x</a:To>", "InvalidCardinality", "InvalidMessageInformationHeader", "Action"},
		"a set twice, to two":             {action + id + "<a:To>urn:x</a:To>" + action + id + "<a:To>urn:y</a:To>", "InvalidCardinality", "InvalidMessageInformationHeader", "Action"},
		"a set twice, with two replies":   {strings.Repeat(action+id+"<a:To>urn:x</a:To>"+to("ReplyTo", wsa2005+"/anonymous"), 2), "InvalidCardinality", "InvalidMessageInformationHeader", "Action"},
		"from twice":                      {action + id + "<a:From/><a:From/>", "InvalidCardinality", "InvalidMessageInformationHeader", "From"},
		"reply twice":                     {action + id + to("ReplyTo", wsa2005+"/anonymous") + to("ReplyTo", "http://192.0.2.1/x"), "InvalidCardinality", "InvalidMessageInformationHeader", "ReplyTo"},
		"no action":                       {id + to("ReplyTo", wsa2005+"/anonymous"), "MessageAddressingHeaderRequired", "MessageInformationHeaderRequired", "Action"},
		"no action, but for a fault":      {id + to("FaultTo", wsa2005+"/anonymous"), "MessageAddressingHeaderRequired", "MessageInformationHeaderRequired", "Action"},
		"empty action":                    {"<a:Action> </a:Action>" + id, "MessageAddressingHeaderRequired", "MessageInformationHeaderRequired", "Action"},
		"no message id":                   {action + to("ReplyTo", wsa2005+"/anonymous"), "MessageAddressingHeaderRequired", "MessageInformationHeaderRequired", "MessageID"},
	} {
		for _, v := range []soap.Version{soap.Version11, soap.Version12} {
			for _, n := range []string{wsa2005, wsa2004} {
				t.Run(fmt.Sprintf("%s %s %s", v, n[len(n)-18:], name), func(t *testing.T) {
					calls := 0
					w := post(addressing(&calls), addressed(v, n, c.blocks))
					if w.Code != 500 || calls != 0 {
						t.Fatalf("%d after %d calls: %s", w.Code, calls, w.Body)
					}
					year, anonymous := "2005:", wsa2005+"/anonymous"
					if n == wsa2004 {
						year, anonymous = "2004:", wsa2004+"/role/anonymous"
					}
					lines := []string{year + "To " + anonymous, year + "Action " + n + "/fault", year + "MessageID urn:mine"}
					if strings.Contains(c.blocks, "MessageID") {
						lines = append(lines, year+"RelatesTo urn:q")
					}
					about := "2005:ProblemHeaderQName wsa:" + c.about
					switch {
					case v == soap.Version11 && n == wsa2004:
						lines = append(lines, "faultcode wsa:"+c.of2004)
					case v == soap.Version11:
						lines = append(lines, "2005:FaultDetail ", about, "faultcode wsa:"+c.subcode)
					case n == wsa2004:
						lines = append(lines, "S:Value S:Sender", "S:Value wsa:"+c.of2004)
					case c.subcode == "MessageAddressingHeaderRequired":
						lines = append(lines, "S:Value S:Sender", "S:Value wsa:"+c.subcode, "S:Detail ", about)
					default:
						lines = append(lines, "S:Value S:Sender", "S:Value wsa:InvalidAddressingHeader", "S:Value wsa:"+c.subcode, "S:Detail ", about)
					}
					if diff := cmp.Diff(strings.Join(lines, "\n"), said(t, w)); diff != "" {
						t.Errorf("%s (-want +got):\n%s", w.Body, diff)
					}
				})
			}
		}
	}
}

func TestActionOfHTTP(t *testing.T) {
	for _, c := range []struct {
		name    string
		v       soap.Version
		n, body string
		header  [2]string
		want    string // in the answer; "" = it is taken
	}{
		{"the same", soap.Version11, wsa2005, whole, [2]string{"SOAPAction", `"urn:ask"`}, ""},
		{"the same, bare", soap.Version11, wsa2005, whole, [2]string{"SOAPAction", `urn:ask`}, ""},
		{"empty", soap.Version11, wsa2005, whole, [2]string{"SOAPAction", `""`}, ""},
		{"another", soap.Version11, wsa2005, whole, [2]string{"SOAPAction", `"urn:other"`},
			`<wsa:ProblemAction xmlns:wsa="` + wsa2005 + `"><wsa:Action>urn:ask</wsa:Action><wsa:SoapAction>urn:other</wsa:SoapAction></wsa:ProblemAction>`},
		{"another, named", soap.Version11, wsa2005, whole, [2]string{"SOAPAction", `"urn:other"`}, `wsa:ActionMismatch</faultcode>`},
		{"another, of 2004", soap.Version11, wsa2004, whole, [2]string{"SOAPAction", `"urn:other"`}, `wsa:InvalidMessageInformationHeader</faultcode>`},
		{"another, without wsa:Action", soap.Version11, wsa2005, "<a:MessageID>urn:q</a:MessageID>", [2]string{"SOAPAction", `"urn:other"`}, ""},
		{"1.2, the same", soap.Version12, wsa2005, whole, [2]string{"Content-Type", `application/soap+xml; action="urn:ask"`}, ""},
		{"1.2, none", soap.Version12, wsa2005, whole, [2]string{"Content-Type", `application/soap+xml`}, ""},
		{"1.2, another", soap.Version12, wsa2005, whole, [2]string{"Content-Type", `application/soap+xml; action="urn:other"`}, "wsa:ActionMismatch</S:Value>"},
		{"1.2, gSOAP's SOAPAction", soap.Version12, wsa2005, whole, [2]string{"SOAPAction", `"urn:other"`}, ""},
	} {
		calls := 0
		w := post(addressing(&calls), addressed(c.v, c.n, c.body), header(c.header[0], c.header[1]))
		if taken := c.want == ""; taken != (w.Code == 200) || taken != (calls == 1) || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s: %d after %d calls: %s", c.name, w.Code, calls, w.Body)
		}
	}
}

// TestAnswerNobodyWants: the call is done, and no message comes back; a fault that
// nobody wants keeps its status.
func TestAnswerNobodyWants(t *testing.T) {
	const none, anonymous = wsa2005 + "/none", wsa2005 + "/anonymous"
	failing := func(message string) string { return strings.Replace(message, ">SIGNUP<", ">FAILS<", 1) }
	for _, v := range []soap.Version{soap.Version11, soap.Version12} {
		body := func(blocks string) string { return addressed(v, wsa2005, whole+blocks) }
		for name, c := range map[string]struct {
			message string
			calls   int
			status  int
			silent  bool
		}{
			"reply to none":                      {body(to("ReplyTo", none)), 1, 202, true},
			"reply to none, no message id":       {addressed(v, wsa2005, "<a:Action>urn:ask</a:Action>"+to("ReplyTo", none)), 1, 202, true},
			"fault of it":                        {failing(body(to("ReplyTo", none))), 1, 500, true},
			"fault of it, wanted":                {failing(body(to("ReplyTo", none) + to("FaultTo", anonymous))), 1, 500, false},
			"fault to none":                      {failing(body(to("FaultTo", none))), 1, 500, true},
			"fault to none, answered":            {body(to("FaultTo", none)), 1, 200, false},
			"refused, fault to none":             {body(to("ReplyTo", "http://192.0.2.1/") + to("FaultTo", none)), 0, 500, true},
			"none is no address in 2004":         {addressed(v, wsa2004, whole+to("ReplyTo", wsa2004+"/none")), 0, 500, false},
			"unreadable before the header is":    {strings.Replace(body(to("ReplyTo", none)), "<S:Header", "<S:Header x", 1), 0, 500, false},
			"unreadable after the header is all": {body(to("ReplyTo", none)) + "x", 0, 500, true},
		} {
			calls := 0
			w := post(addressing(&calls), c.message)
			if w.Code != c.status || calls != c.calls || (w.Body.Len() == 0) != c.silent {
				t.Errorf("%s %s: %d after %d calls: %q", v, name, w.Code, calls, w.Body)
			}
			if c.silent && (w.Header().Get("Content-Type") != "" || w.Header().Get("Content-Length") != "0") {
				t.Errorf("%s %s: %v", v, name, w.Header())
			}
		}
	}
}

// TestBothVersionsOfAddressing: the first header's counts, and a MessageID of the
// other still makes the call safe to repeat.
func TestBothVersionsOfAddressing(t *testing.T) {
	var got workflow.Request
	h := soap.NewHandler(invoke(func(_ context.Context, r workflow.Request) (workflow.Result, error) {
		got = r
		return workflow.Result{}, nil
	}), soap.Options{})
	old := func(block string) string { return `<o:` + block + ` xmlns:o="` + wsa2004 + `"` }
	for name, c := range map[string]struct{ blocks, id, answer string }{
		"old id":            {"<a:Action>urn:ask</a:Action>" + old("MessageID") + ">urn:old</o:MessageID>", "urn:old", "executeMethodResponse"},
		"both ids":          {"<a:Action>urn:ask</a:Action>" + old("MessageID") + ">urn:old</o:MessageID><a:MessageID>urn:new</a:MessageID>", "urn:new", "executeMethodResponse"},
		"old action":        {"<a:MessageID>urn:new</a:MessageID>" + old("Action") + ">urn:ask</o:Action>", "urn:new", ""},
		"old, to be obeyed": {"<a:MessageID>urn:new</a:MessageID>" + old("Action") + ` S:mustUnderstand="1">urn:ask</o:Action>`, "", "MustUnderstand"},
	} {
		got = workflow.Request{}
		w := post(h, addressed(soap.Version11, wsa2005, c.blocks))
		if got.RequestID != c.id || !strings.Contains(w.Body.String(), c.answer) || c.answer == "" && strings.Contains(w.Body.String(), "Header") {
			t.Errorf("%s: request id %q: %s", name, got.RequestID, w.Body)
		}
	}
}

func TestMessageIDsDiffer(t *testing.T) {
	h := soap.NewHandler(echo, soap.Options{})
	ids := map[string]bool{}
	for range 2 {
		_, id, _ := strings.Cut(post(h, addressed(soap.Version11, wsa2005, whole)).Body.String(), ">urn:uuid:")
		id, _, _ = strings.Cut(id, "<")
		ids[id] = true
		if len(id) != 36 || id[14] != '4' {
			t.Errorf("%q is no random UUID", id)
		}
	}
	if len(ids) != 2 {
		t.Errorf("twice the same id: %v", ids)
	}
}
