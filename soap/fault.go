package soap

import (
	"errors"
	"fmt"

	"rator/wire"
)

// FaultCode is the kind of a fault, by its name in SOAP 1.1.
type FaultCode string

// The codes of faults. In SOAP 1.2 Client is Sender and Server is Receiver.
const (
	FaultClient          FaultCode = "Client"
	FaultServer          FaultCode = "Server"
	FaultVersionMismatch FaultCode = "VersionMismatch"
	FaultMustUnderstand  FaultCode = "MustUnderstand"
)

// Fault is what a call that never reached a workflow is answered with
// (rator-api.md 1.8). Text is shown to the caller: it names what to mend and
// holds no path, no stack and no secret.
type Fault struct {
	Code FaultCode
	// Subcodes say by the names of a standard what Code does not, from the widest to
	// the narrowest. SOAP 1.1 has room for the narrowest, instead of Code.
	Subcodes []QName
	Text     string
	// Detail is XML that says more of the header block which is at fault.
	Detail string
	// NotUnderstood is the header block of a MustUnderstand fault.
	NotUnderstood QName
	// Cause is for the log; a *LimitError tells the limit that was passed.
	Cause error
}

// QName is an expanded name: of a header block, or a subcode of a fault.
type QName struct{ Namespace, Local string }

// Error is the code and the text.
func (f *Fault) Error() string { return fmt.Sprintf("soap fault %s: %s", f.Code, f.Text) }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// faultOf is the fault that answers an error of reading a request. What is not
// a fault yet is a message that cannot be read, in the words of the JAX-WS RI.
func faultOf(err error) *Fault {
	var fault *Fault
	if errors.As(err, &fault) {
		return fault
	}
	return &Fault{
		Code:  FaultClient,
		Text:  "Couldn't create SOAP message due to exception: " + err.Error(),
		Cause: err,
	}
}

// dispatchFault answers a body element that is no operation.
func dispatchFault(uri, local string) *Fault {
	return &Fault{Code: FaultClient, Text: fmt.Sprintf("Cannot find dispatch method for {%s}%s", clip(uri), clip(local))}
}

// AppendFault appends a fault, in SOAP 1.1 as the JAX-WS RI writes it.
func AppendFault(to []byte, v Version, f *Fault) []byte { return appendFault(to, v, f, nil) }

func appendFault(to []byte, v Version, f *Fault, h *head) []byte {
	to = append(append(to, declarationUTF8+`<S:Envelope xmlns:S="`...), v.Namespace()...)
	to = append(to, `">`...)
	if h != nil || v == Version12 && (f.Code == FaultVersionMismatch || f.Code == FaultMustUnderstand) || v == Version11 && f.Detail != "" {
		to = append(to, "<S:Header>"...)
		to = h.append(to)
		to = append(appendFaultHeader(to, v, f), "</S:Header>"...)
	}
	to = append(to, "<S:Body><S:Fault>"...)
	if v == Version11 {
		to = appendCode11(to, f)
		to = append(appendText(append(to, "<faultstring>"...), f.Text), "</faultstring></S:Fault>"...)
		return closeEnvelope(to)
	}
	to = appendText(append(to, "<S:Code><S:Value>S:"...), codeName12(f.Code))
	to = append(to, "</S:Value>"...)
	for _, name := range f.Subcodes {
		to = append(appendQName(append(to, "<S:Subcode><S:Value"...), name), "</S:Value>"...)
	}
	for range f.Subcodes {
		to = append(to, "</S:Subcode>"...)
	}
	to = append(to, `</S:Code><S:Reason><S:Text xml:lang="en">`...)
	to = append(appendText(to, f.Text), "</S:Text></S:Reason>"...)
	if f.Detail != "" {
		to = append(append(append(to, "<S:Detail>"...), f.Detail...), "</S:Detail>"...)
	}
	return closeEnvelope(append(to, "</S:Fault>"...))
}

// appendCode11 appends the faultcode of SOAP 1.1.
func appendCode11(to []byte, f *Fault) []byte {
	to = append(to, "<faultcode"...)
	if n := len(f.Subcodes); n > 0 {
		to = appendQName(to, f.Subcodes[n-1])
	} else {
		to = appendText(append(to, ">S:"...), string(f.Code))
	}
	return append(to, "</faultcode>"...)
}

// appendQName appends a name as the content of an element whose start tag is open,
// with the prefix that its standard has.
func appendQName(to []byte, name QName) []byte {
	prefix := "wsa"
	switch name.Namespace {
	case namespaceSecurity:
		prefix = "wsse"
	case namespaceUtility:
		prefix = "wsu"
	}
	return fmt.Appendf(to, ` xmlns:%s="%s">%s:%s`, prefix, name.Namespace, prefix, name.Local)
}

// appendFaultHeader appends the blocks that belong beside a fault: those of SOAP 1.2
// (part 1, 5.4.7 and 5.4.8), and in SOAP 1.1 the detail, which may not stand in the
// fault when the Header is to blame (4.4; WS-Addressing 1.0 SOAP Binding, 6.2).
func appendFaultHeader(to []byte, v Version, f *Fault) []byte {
	switch {
	case v == Version11 && f.Detail != "":
		to = append(to, `<wsa:FaultDetail xmlns:wsa="`+wire.NamespaceAddressing+`">`...)
		return append(append(to, f.Detail...), "</wsa:FaultDetail>"...)
	case v == Version11:
	case f.Code == FaultVersionMismatch:
		return append(to, `<S:Upgrade><S:SupportedEnvelope qname="S:Envelope"/>`+
			`<S:SupportedEnvelope xmlns:S11="`+wire.NamespaceSOAP11+`" qname="S11:Envelope"/></S:Upgrade>`...)
	case f.Code == FaultMustUnderstand:
		to = append(to, `<S:NotUnderstood`...)
		prefix := ""
		if f.NotUnderstood.Namespace != "" {
			prefix = "h:"
			to = append(appendText(append(to, ` xmlns:h="`...), f.NotUnderstood.Namespace), '"')
		}
		to = append(append(to, ` qname="`...), prefix...)
		return append(appendText(to, f.NotUnderstood.Local), `"/>`...)
	}
	return to
}

// codeName12 is the name of a code in SOAP 1.2.
func codeName12(code FaultCode) string {
	switch code {
	case FaultClient:
		return "Sender"
	case FaultServer:
		return "Receiver"
	}
	return string(code)
}
