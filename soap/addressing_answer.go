package soap

import (
	"crypto/rand"
	"fmt"
	"mime"
	"strings"

	"rator/wire"
)

// unwanted says that the answer, or the fault, is to go nowhere.
func (a *Addressing) unwanted(fault bool) bool {
	if a == nil {
		return false
	}
	to := a.ReplyTo
	if fault && a.FaultTo != endpointAbsent {
		to = a.FaultTo
	}
	return to == endpointNone
}

func (a *Addressing) anonymous() string {
	if a.Namespace == wire.NamespaceAddressing2004 {
		return anonymous2004
	}
	return anonymous2005
}

// head is the WS-Addressing header of an answer.
type head struct {
	to        *Addressing // the request's
	action    string
	messageID string
	// parameters are the reference parameters of the endpoint that gets the answer.
	parameters string
}

// append appends the blocks of h; none when it is nil.
func (h *head) append(to []byte) []byte {
	if h == nil {
		return to
	}
	for _, block := range [...]struct{ name, text string }{
		{"To", h.to.anonymous()}, {"Action", h.action}, {"MessageID", h.messageID}, {"RelatesTo", h.to.MessageID},
	} {
		if block.text == "" {
			continue
		}
		to = append(append(append(to, "<wsa:"...), block.name...), ` xmlns:wsa="`...)
		to = appendText(append(append(to, h.to.Namespace...), `">`...), block.text)
		to = append(append(append(to, "</wsa:"...), block.name...), '>')
	}
	return append(to, h.parameters...)
}

// answerAction is the Action of an answer, as the WSDL names it, or where it names
// none as WS-Addressing 1.0 Metadata 4.4.4 makes it from the WSDL.
func answerAction(operation string) string {
	return wire.Namespace + wire.PortType + "/" + operation + "Response"
}

// head is the WS-Addressing header of the answer to m, or of the fault f; nil when
// m uses none.
func (x *exchange) head(m *Message, f *Fault) *head {
	if !m.Addressing.used() {
		return nil
	}
	h := &head{to: m.Addressing, messageID: x.options.NewMessageID(), parameters: m.Addressing.replyParameters}
	switch {
	case f != nil:
		h.action = m.Addressing.faultAction(f)
		if m.Addressing.FaultTo != endpointAbsent {
			h.parameters = m.Addressing.faultParameters
		}
	case m.Typed:
		h.action = answerAction(m.Hookpoint)
	default:
		h.action = answerAction(wire.Operation)
	}
	return h
}

// action is what HTTP says of the action: SOAPAction, in SOAP 1.2 a parameter of
// the media type. It is looked at only where WS-Addressing has it agree with its own.
func (x *exchange) action(m *Message) string {
	switch {
	case !m.Addressing.used():
		return ""
	case m.Version == Version12:
		_, parameters, _ := mime.ParseMediaType(x.r.Header.Get("Content-Type"))
		return parameters["action"]
	}
	return strings.Trim(x.r.Header.Get("SOAPAction"), `" `)
}

// sendNothing answers who wants no message.
func (x *exchange) sendNothing(status int) {
	x.w.Header().Set("Content-Length", "0")
	x.w.WriteHeader(status)
	x.answered(status, nil)
}

// randomMessageID is a random UUID (RFC 9562, version 4) as an IRI.
func randomMessageID() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0F|0x40, b[8]&0x3F|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
