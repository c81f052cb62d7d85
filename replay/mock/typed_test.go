package mock_test

import (
	"net/http"
	"strings"
	"testing"

	"rator/replay/compare"
	"rator/replay/mock"
	"rator/workflow/contract"
	"rator/workflow/value"
)

// priced is the contract of a hookpoint X.
func priced(hookpoint string) *contract.Contract {
	if hookpoint != "X" {
		return nil
	}
	user := &contract.Value{Key: "USER", Type: value.Complex, Values: []*contract.Value{{Key: "NAME", Type: value.String}, {Key: "AGE", Type: value.Long}}}
	return &contract.Contract{Hookpoint: hookpoint, Desc: "asks a price",
		Request:  []*contract.Value{{Key: "ID", Type: value.String}, {Key: "PRICE", Type: value.Double}, {Key: "PIN_CODE", Type: value.String, Secret: contract.Masked}, user},
		Response: []*contract.Value{{Key: "SUM", Type: value.Double}}}
}

func complexOf(key string, entries ...string) string {
	inner := strings.NewReplacer("<values ", "<value ", "</values>", "</value>").Replace(strings.Join(entries, ""))
	return `<values xsi:type="n:complexValueDTO"><key>` + key + `</key>` + inner + `</values>`
}

func typed(version, entries string) string {
	return envelope(version, `<n:X xmlns:n="`+cdr+`">`+entries+`</n:X>`)
}

// TestTypedRequests: what a typed stub sends gets the answer recorded of executeMethod,
// in the typed form.
func TestTypedRequests(t *testing.T) {
	const id, mine = "201512111025000001", "202601010000000001"
	dir := folder(t,
		"01-x.request.xml", ask("X", text("ID", id)+entry("double", "PRICE", "1.50")+text("PIN_CODE", "***")+complexOf("USER", text("NAME", "${NAME}"), entry("long", "AGE", "7"))+
			`<values xsi:type="n:stringValueDTO"><key>NONE</key></values>`+contextOf("OPERATOR", "me", "REQUEST_ID", "r-1")),
		"01-x.response.xml", answer(text("ID", id)+entry("double", "SUM", "2.50")+text("FOR", "${NAME}")+complexOf("LIST", text("A", "1"), text("A", "2"))+text("REQUEST_ID", "r-1")),
		"02-x.request.xml", ask("X", text("ID", "none")),
		"02-x.response.xml", envelope(soap11, `<S:Fault><faultcode>S:Client</faultcode><faultstring>no</faultstring></S:Fault>`),
		"03-x.request.xml", ask("X", text("ID", "odd")), "03-x.response.xml", "<odd/>",
		"05-x.request.xml", ask("X", text("ID", "both")), "05-x.response.xml", answer(text("A", "general")),
		"06-x.request.xml", typed(soap11, "<ID>both</ID>"), "06-x.response.xml", envelope(soap11, `<n:XResponse xmlns:n="`+cdr+`"><A>own</A></n:XResponse>`),
		"07-x.request.xml", strings.Replace(ask("X", text("ID", "head")), "<S:Body>", `<S:Header><w:MessageID xmlns:w="urn:w">urn:uuid:1</w:MessageID></S:Header><S:Body>`, 1),
		"07-x.response.xml", strings.Replace(answer(text("A", "b")), "<S:Body>", `<S:Header><w:Action xmlns:w="urn:w">urn:x/executeMethodResponse</w:Action><w:RelatesTo xmlns:w="urn:w">urn:uuid:1</w:RelatesTo></S:Header><S:Body>`, 1),
		"04-x.request.xml", strings.Replace(ask("X", text("ID", "twelve")), soap11, soap12, 1), "04-x.response.xml", strings.Replace(answer(text("A", "12")), soap11, soap12, 1))
	s, url := serve(t, mock.Options{Contracts: priced}, dir)
	const user = `<USER><AGE>7</AGE><NAME>Åse</NAME></USER>`
	for name, c := range map[string]struct {
		request string
		status  int
		wants   []string
	}{
		"as recorded": {typed(soap11, `<ID>`+id+`</ID><PRICE>1.5</PRICE><PIN_CODE>1234</PIN_CODE>`+user+`<CONTEXT><OPERATOR>me</OPERATOR><REQUEST_ID>mine</REQUEST_ID></CONTEXT>`), 200,
			[]string{"XResponse", "<errorCode>0</errorCode>", "<ID>" + id + "</ID><SUM>2.50</SUM><FOR>Åse</FOR><LIST><A>1</A><A>2</A></LIST><REQUEST_ID>mine</REQUEST_ID>"}},
		"another id and order": {typed(soap11, `<CONTEXT><OPERATOR>me</OPERATOR></CONTEXT>`+user+`<PIN_CODE>1</PIN_CODE><ID>`+mine+`</ID><PRICE>1.50</PRICE>`), 200, []string{"<ID>" + mine + "</ID>"}},
		"a fault":              {typed(soap11, `<ID>none</ID>`), 500, []string{"<faultstring>no</faultstring>"}},
		"no answer of ours":    {typed(soap11, `<ID>odd</ID>`), 500, []string{"the recorded answer of ", "/03-x: it cannot be given in the typed form"}},
		"SOAP 1.2":             {typed(soap12, `<ID>twelve</ID>`), 200, []string{soap12, "<A>12</A>"}},
		"recorded in both":     {typed(soap11, `<ID>both</ID>`), 200, []string{"<A>own</A>"}},
		"with a header": {strings.Replace(typed(soap11, `<ID>head</ID>`), "<S:Body>", `<S:Header><w:MessageID xmlns:w="urn:w">urn:uuid:2</w:MessageID></S:Header><S:Body>`, 1), 200,
			[]string{">urn:x/XResponse</w:Action>", ">urn:uuid:2</w:RelatesTo></S:Header><S:Body><", "<A>b</A>"}},
		"both, in general": {ask("X", text("ID", "both")), 200, []string{"<value>general</value>"}},
		"another value": {typed(soap11, `<ID>`+id+`</ID><PRICE>3</PRICE><PIN_CODE>1234</PIN_CODE>`+user+`<CONTEXT><OPERATOR>me</OPERATOR></CONTEXT>`), 500,
			[]string{"no recorded X is like this request; the nearest is ", `/01-x: X/PRICE is "3" (recorded: "1.50")`}},
		"a secret that is not recorded": {typed(soap11, `<ID>none</ID><PIN_CODE>1234</PIN_CODE>`), 500, []string{"X/PIN_CODE is not in the recorded one (here: ***)"}},
		"another hookpoint":             {envelope(soap11, `<n:Y xmlns:n="`+cdr+`"/>`), 500, []string{"nothing is recorded for Y"}},
		"the general form still":        {ask("X", text("ID", "none")), 500, []string{"<faultstring>no</faultstring>"}},
	} {
		a := post(t, url, c.request)
		for _, want := range c.wants {
			if !compare.IsXML([]byte(a.body)) || a.status != c.status || !strings.Contains(unescaped(a.body), want) {
				t.Errorf("%s: %d %s\nwant %d %s", name, a.status, a.body, c.status, want)
			}
		}
	}
	if sum := s.Summary(); sum.Recorded != 7 || sum.Unused != 0 {
		t.Errorf("%+v", sum)
	}
}

// TestDescriptionsOfOurs: a stub generator that asks a mock of executeMethod gets the
// published contract, with the mock's address; a recorded one comes first.
func TestDescriptionsOfOurs(t *testing.T) {
	get := func(url string) got {
		t.Helper()
		response, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		return read(t, response)
	}
	s, url := serve(t, mock.Options{Contracts: priced}, folder(t, "01-x.request.xml", ask("X", ""), "01-x.response.xml", answer(""),
		"02-d.request.bin", "", "02-d.response.xml", `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import schemaLocation="http://real.example/p?xsd=2"/></xs:schema>`,
		"02-d.http", "GET /p?XSD=1 HTTP/1.1\n"))
	for query, want := range map[string]string{
		"wsdl": `location="` + url + `/p"`, "WSDL": `location="` + url + `/p"`, "singleWsdl": "<xs:schema", "wsdl&hookpoint=X": `element name="X"`,
		"xsd=1": `schemaLocation="` + url + `/p?xsd=2"`, "xsd": "executeMethodResponse",
	} {
		if a := get(url + "/p?" + query); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("?%s: %d %.300s; want %s", query, a.status, a.body, want)
		}
	}
	if a := get(url + "/p?wsdl&hookpoint=Y"); a.status != http.StatusNotFound || !strings.Contains(a.body, `there is no hookpoint "Y"`) {
		t.Errorf("%+v", a)
	}
	if sum := s.Summary(); sum.Answered != 6+1 || sum.Unknown != 0 {
		t.Errorf("%+v", sum)
	}
	if a := get(url + "/p"); a.status != http.StatusInternalServerError || !strings.Contains(a.body, "nothing is recorded for GET /p") {
		t.Errorf("%+v", a)
	}

	_, url = serve(t, mock.Options{}, folder(t, "01-a.request.xml", "<a/>", "01-a.response.xml", "<b/>"))
	if a := get(url + "/p?wsdl"); a.status != http.StatusInternalServerError || !strings.Contains(a.body, "nothing is recorded for GET /p?wsdl") {
		t.Errorf("of a foreign service: %+v", a)
	}
	forward := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	_, url = serve(t, mock.Options{Forward: forward}, folder(t, "01-x.request.xml", ask("X", ""), "01-x.response.xml", answer("")))
	if a := get(url + "/p?wsdl"); a.status != http.StatusTeapot {
		t.Errorf("the real server's own is not asked for: %+v", a)
	}
}
