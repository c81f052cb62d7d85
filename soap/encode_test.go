package soap_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/soap"
	"rator/workflow"
	"rator/workflow/value"
)

const (
	openAnswer  = `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:executeMethodResponse xmlns:ns2="http://soap.CDRator.com/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><return>`
	closeAnswer = `</return></ns2:executeMethodResponse></S:Body></S:Envelope>`
)

func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		name   string
		result workflow.Result
		want   string
	}{
		{"success", workflow.Result{}, `<errorCode>0</errorCode><errorMessage></errorMessage><status>0</status>`},
		{"failure", workflow.Result{ErrorCode: 104, ErrorMessage: "a<b", Status: 1},
			`<errorCode>104</errorCode><errorMessage>a&lt;b</errorMessage><status>1</status>`},
		{"values", workflow.Result{Values: value.Tree{
			value.OfString("A", "1"), value.OfNull("B", value.Date), {Key: "C", Text: "untyped"}, value.OfLong("D", 1<<53+1),
			value.Of("E", value.OfBoolean("F", true), value.Of("G")),
		}}, `<errorCode>0</errorCode><errorMessage></errorMessage><status>0</status>` +
			`<values xsi:type="ns2:stringValueDTO"><key>A</key><value>1</value></values>` +
			`<values xsi:type="ns2:dateValueDTO"><key>B</key></values>` +
			`<values xsi:type="ns2:stringValueDTO"><key>C</key><value>untyped</value></values>` +
			`<values xsi:type="ns2:longValueDTO"><key>D</key><value>9007199254740993</value></values>` +
			`<values xsi:type="ns2:complexValueDTO"><key>E</key><value xsi:type="ns2:booleanValueDTO"><key>F</key><value>true</value></value>` +
			`<value xsi:type="ns2:complexValueDTO"><key>G</key></value></values>`},
		{"illegal characters", workflow.Result{Values: value.Tree{value.OfString("A\x00", "\x01\xff\uFFFE\xed\xa0\x80]]>\r\x7f")}},
			`<errorCode>0</errorCode><errorMessage></errorMessage><status>0</status>` +
				"<values xsi:type=\"ns2:stringValueDTO\"><key>A\uFFFD</key><value>\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD]]&gt;&#xD;\x7f</value></values>"},
	} {
		got := string(soap.AppendAnswer(nil, soap.Version11, &c.result))
		if diff := cmp.Diff(openAnswer+c.want+closeAnswer, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestTypedAnswer(t *testing.T) {
	result := workflow.Result{Values: value.Tree{
		value.OfString("STATUS", "a&b"), value.OfNull("NULL", value.String), value.OfString("not a name>", "x"), value.OfString("", "x"),
		value.OfString("1A", "x"), value.OfString("a:b", "x"), value.OfString("BY_Å", "x"),
		value.Of("USERS", value.Of("USER", value.OfLong("ID", 1)), value.Of("USER")),
	}}
	want := `<?xml version="1.0" encoding="UTF-8"?><S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body>` +
		`<ns2:SOAP_XResponse xmlns:ns2="http://soap.CDRator.com/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<errorCode>0</errorCode><errorMessage></errorMessage><status>0</status>` +
		`<STATUS>a&amp;b</STATUS><BY_Å>x</BY_Å><USERS><USER><ID>1</ID></USER><USER></USER></USERS>` +
		`</ns2:SOAP_XResponse></S:Body></S:Envelope>`
	if diff := cmp.Diff(want, string(soap.AppendTypedAnswer(nil, soap.Version12, "SOAP_X", &result))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFault(t *testing.T) {
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>`
	for _, c := range []struct {
		version soap.Version
		fault   soap.Fault
		want    string
	}{
		{soap.Version11, soap.Fault{Code: soap.FaultClient, Text: "Cannot find dispatch method for {urn:x}<y>"},
			`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:Client</faultcode>` +
				`<faultstring>Cannot find dispatch method for {urn:x}&lt;y&gt;</faultstring></S:Fault></S:Body></S:Envelope>`},
		{soap.Version11, soap.Fault{Code: soap.FaultMustUnderstand, Text: "t", NotUnderstood: soap.QName{Namespace: "urn:x", Local: "y"}},
			`<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>S:MustUnderstand</faultcode>` +
				`<faultstring>t</faultstring></S:Fault></S:Body></S:Envelope>`},
		{soap.Version12, soap.Fault{Code: soap.FaultClient, Text: "t"},
			`<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code><S:Value>S:Sender</S:Value></S:Code>` +
				`<S:Reason><S:Text xml:lang="en">t</S:Text></S:Reason></S:Fault></S:Body></S:Envelope>`},
		{soap.Version12, soap.Fault{Code: soap.FaultServer, Text: "t"},
			`<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Body><S:Fault><S:Code><S:Value>S:Receiver</S:Value></S:Code>` +
				`<S:Reason><S:Text xml:lang="en">t</S:Text></S:Reason></S:Fault></S:Body></S:Envelope>`},
		{soap.Version12, soap.Fault{Code: soap.FaultMustUnderstand, Text: "t", NotUnderstood: soap.QName{Namespace: `urn:"&`, Local: "y"}},
			`<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Header><S:NotUnderstood xmlns:h="urn:&quot;&amp;" qname="h:y"/></S:Header>` +
				`<S:Body><S:Fault><S:Code><S:Value>S:MustUnderstand</S:Value></S:Code><S:Reason><S:Text xml:lang="en">t</S:Text></S:Reason></S:Fault></S:Body></S:Envelope>`},
		{soap.Version12, soap.Fault{Code: soap.FaultVersionMismatch, Text: "t"},
			`<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Header><S:Upgrade><S:SupportedEnvelope qname="S:Envelope"/>` +
				`<S:SupportedEnvelope xmlns:S11="http://schemas.xmlsoap.org/soap/envelope/" qname="S11:Envelope"/></S:Upgrade></S:Header>` +
				`<S:Body><S:Fault><S:Code><S:Value>S:VersionMismatch</S:Value></S:Code><S:Reason><S:Text xml:lang="en">t</S:Text></S:Reason></S:Fault></S:Body></S:Envelope>`},
	} {
		if diff := cmp.Diff(declaration+c.want, string(soap.AppendFault(nil, c.version, &c.fault))); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", c.version, c.fault.Code, diff)
		}
	}
}
