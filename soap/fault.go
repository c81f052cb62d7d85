package soap

import (
	"errors"
	"fmt"
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
	Text string
	// NotUnderstood is the header block of a MustUnderstand fault.
	NotUnderstood HeaderName
	// Cause is for the log; a *LimitError tells the limit that was passed.
	Cause error
}

// HeaderName is the expanded name of a header block.
type HeaderName struct{ Namespace, Local string }

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
func AppendFault(to []byte, v Version, f *Fault) []byte {
	to = append(append(to, declarationUTF8+`<S:Envelope xmlns:S="`...), v.Namespace()...)
	to = append(to, `">`...)
	if v == Version11 {
		to = appendText(append(to, "<S:Body><S:Fault><faultcode>S:"...), string(f.Code))
		to = append(appendText(append(to, "</faultcode><faultstring>"...), f.Text), "</faultstring></S:Fault>"...)
		return closeEnvelope(to)
	}
	to = appendFaultHeader(to, f)
	to = appendText(append(to, "<S:Body><S:Fault><S:Code><S:Value>S:"...), codeName12(f.Code))
	to = append(to, `</S:Value></S:Code><S:Reason><S:Text xml:lang="en">`...)
	return closeEnvelope(append(appendText(to, f.Text), "</S:Text></S:Reason></S:Fault>"...))
}

// appendFaultHeader appends the blocks SOAP 1.2 (part 1, 5.4.7 and 5.4.8) asks
// for beside a fault.
func appendFaultHeader(to []byte, f *Fault) []byte {
	switch f.Code {
	case FaultVersionMismatch:
		return append(to, `<S:Header><S:Upgrade><S:SupportedEnvelope qname="S:Envelope"/>`+
			`<S:SupportedEnvelope xmlns:S11="`+namespaceSOAP11+`" qname="S11:Envelope"/></S:Upgrade></S:Header>`...)
	case FaultMustUnderstand:
		to = append(to, `<S:Header><S:NotUnderstood`...)
		prefix := ""
		if f.NotUnderstood.Namespace != "" {
			prefix = "h:"
			to = append(appendText(append(to, ` xmlns:h="`...), f.NotUnderstood.Namespace), '"')
		}
		to = append(append(to, ` qname="`...), prefix...)
		return append(appendText(to, f.NotUnderstood.Local), `"/></S:Header>`...)
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
