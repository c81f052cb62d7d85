package soap

import (
	"fmt"

	"rator/wire"
)

// refusal is the fault for headers that break the rules of their standard, nil when
// they do not. action is what HTTP says of it, "" for nothing. A missing MessageID is
// tolerated where ReplyTo and FaultTo are missing too: such requests were always
// answered.
func (a *Addressing) refusal(action string) *Fault {
	switch {
	case !a.used():
		return nil
	case a.twice != 0 && a.twice != addedTwice:
		return a.invalid("InvalidCardinality", a.parted, "the header wsa:"+a.parted+" is given twice")
	case a.Action == "":
		return a.required("Action")
	case action != "" && action != a.Action:
		return a.mismatch(action)
	}
	for _, to := range [...]struct {
		name string
		Endpoint
	}{{"ReplyTo", a.ReplyTo}, {"FaultTo", a.FaultTo}} {
		switch {
		case to.Endpoint == endpointNameless:
			return a.invalid("MissingAddressInEPR", to.name, "the header wsa:"+to.name+" has no Address")
		case to.Endpoint == endpointElsewhere:
			return a.invalid("OnlyAnonymousAddressSupported", to.name,
				"the address in wsa:"+to.name+" is not served: answers go back on the connection, to "+a.anonymous())
		case to.Endpoint == endpointAnonymous && a.MessageID == "":
			return a.required("MessageID")
		}
	}
	return nil
}

// invalid is a fault for a header that is wrong; name is that of 2005/08, for
// 2004/08 has one for all of them.
func (a *Addressing) invalid(name, header, text string) *Fault {
	f := &Fault{Code: FaultClient, Text: text}
	if a.Namespace == wire.NamespaceAddressing2004 {
		f.Subcodes = []QName{{a.Namespace, "InvalidMessageInformationHeader"}}
		return f
	}
	f.Subcodes = []QName{{a.Namespace, "InvalidAddressingHeader"}, {a.Namespace, name}}
	f.Detail = problemHeader(header)
	return f
}

// required is a fault for a header that is missing.
func (a *Addressing) required(header string) *Fault {
	f := &Fault{Code: FaultClient, Text: "a required header representing a Message Addressing Property is not present: wsa:" + header}
	if a.Namespace == wire.NamespaceAddressing2004 {
		f.Subcodes = []QName{{a.Namespace, "MessageInformationHeaderRequired"}}
		return f
	}
	f.Subcodes = []QName{{a.Namespace, "MessageAddressingHeaderRequired"}}
	f.Detail = problemHeader(header)
	return f
}

func problemHeader(name string) string {
	return fmt.Sprintf(`<wsa:ProblemHeaderQName xmlns:wsa="%s">wsa:%s</wsa:ProblemHeaderQName>`, wire.NamespaceAddressing, name)
}

// mismatch is the fault for an HTTP action that is another than wsa:Action (SOAP
// Binding, 6.4.1.6).
func (a *Addressing) mismatch(action string) *Fault {
	f := a.invalid("ActionMismatch", "Action", fmt.Sprintf("wsa:Action is %q, and the SOAPAction of HTTP is %q: send the same, or an empty SOAPAction",
		clip(a.Action), clip(action)))
	if f.Detail != "" {
		detail := appendElement([]byte(`<wsa:ProblemAction xmlns:wsa="`+wire.NamespaceAddressing+`">`), "wsa:Action", a.Action)
		f.Detail = string(appendElement(detail, "wsa:SoapAction", action)) + "</wsa:ProblemAction>"
	}
	return f
}

// faultAction is the Action of a fault (SOAP Binding, 6.1).
func (a *Addressing) faultAction(f *Fault) string {
	if n := len(f.Subcodes); a.Namespace == wire.NamespaceAddressing2004 || n > 0 && f.Subcodes[n-1].Namespace == a.Namespace {
		return a.Namespace + "/fault"
	}
	return a.Namespace + "/soap/fault"
}
