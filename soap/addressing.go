package soap

import "rator/wire"

// Addressing is what the WS-Addressing headers of a request say, in the version of
// 2005/08 (WS-Addressing 1.0 Core and SOAP Binding) or of 2004/08 (the W3C
// submission). Headers of the other version in the same message are not read.
type Addressing struct {
	Namespace             string
	Action, MessageID, To string // "" when absent or empty
	ReplyTo, FaultTo      Endpoint

	seen, twice property
	parted      string // the first header that was given twice
	// replyParameters and faultParameters are the reference parameters of ReplyTo and
	// FaultTo as header blocks of an answer.
	replyParameters, faultParameters string
}

// Endpoint is where a request wants an answer.
type Endpoint uint8

// Answers go back on the connection or nowhere: this server opens none for them.
const (
	endpointAbsent    Endpoint = iota // on the connection, or as ReplyTo says
	endpointAnonymous                 // on the connection
	endpointNone                      // it wants none
	endpointElsewhere                 // at an address
	endpointNameless                  // the header has no Address
)

// property is a set of headers.
type property uint8

const (
	propertyTo property = 1 << iota
	propertyFrom
	propertyReplyTo
	propertyFaultTo
	propertyAction
	propertyMessageID
)

var properties = map[string]property{
	"To": propertyTo, "From": propertyFrom, "ReplyTo": propertyReplyTo, "FaultTo": propertyFaultTo,
	"Action": propertyAction, "MessageID": propertyMessageID,
	"RelatesTo": 0, // may be given several times
}

const (
	anonymous2005 = wire.NamespaceAddressing + "/anonymous"
	none2005      = wire.NamespaceAddressing + "/none"
	anonymous2004 = wire.NamespaceAddressing2004 + "/role/anonymous"
)

// addressing reads a header block of WS-Addressing.
func (d *decoder) addressing(m *Message) (understood bool, err error) {
	s := &d.scanner
	namespace, name := wire.NamespaceAddressing, s.local
	if s.in.space == spaceAddressing2004 {
		namespace = wire.NamespaceAddressing2004
	}
	if m.Addressing == nil {
		m.Addressing = &Addressing{Namespace: namespace}
	}
	a := m.Addressing
	is, known := properties[name]
	switch {
	case a.Namespace != namespace && is == propertyMessageID && m.MessageID == "":
		return false, d.said(&m.MessageID)
	case a.Namespace != namespace || !known:
		return false, s.skip()
	case a.seen&is != 0:
		return true, d.repeated(m, is)
	}
	a.seen |= is
	switch is {
	case propertyAction:
		err = d.said(&a.Action)
	case propertyMessageID:
		err = d.said(&a.MessageID)
		m.MessageID = a.MessageID
	case propertyTo:
		err = d.said(&a.To)
	case propertyReplyTo:
		a.ReplyTo, a.replyParameters, err = d.endpoint()
	case propertyFaultTo:
		a.FaultTo, a.faultParameters, err = d.endpoint()
	default:
		err = s.skip()
	}
	return true, err
}

// repeated reads a header that was there before. The last MessageID counts.
func (d *decoder) repeated(m *Message, is property) error {
	a, name, text := m.Addressing, d.scanner.local, ""
	if a.parted == "" {
		a.parted = name
	}
	err := d.said(&text)
	switch {
	case is == propertyAction && text != a.Action, is == propertyTo && text != a.To:
		is |= propertyFrom // two that differ are not one set that was added twice
	case is == propertyMessageID:
		a.MessageID, m.MessageID = text, text
	}
	a.twice |= is
	return err
}

// addedTwice is what zeep sends that is given its plug-in although the WSDL names
// actions: a whole set of headers twice.
const addedTwice = propertyAction | propertyMessageID | propertyTo

// used says that the request asks for what WS-Addressing is: a MessageID or To of
// its own asks for nothing (clients send a MessageID to repeat a call safely).
func (a *Addressing) used() bool {
	return a != nil && (a.seen&(propertyAction|propertyReplyTo|propertyFaultTo) != 0 || a.twice != 0)
}
