package soap

import (
	"rator/access"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// Message is a request as it was sent. Its strings are parts of the message
// text and keep it alive; what outlives the call for long must be cloned.
type Message struct {
	Version   Version
	Hookpoint string // hookpointKey, or the name of a typed body element
	Typed     bool   // the body element is the hookpoint's own, not executeMethod
	Values    value.Tree
	MessageID string // wsa:MessageID, "" when there is none
	// Addressing is what its WS-Addressing headers say; nil when it has none.
	Addressing *Addressing
	// Credentials are those of a WS-Security UsernameToken; nil when there is none.
	Credentials *workflow.Credentials
	// Security is what else the WS-Security header says; nil when there is none.
	Security *access.Security
	DryRun   bool // it is to be answered, and then undone
}

// Decode reads a request: executeMethod, or the typed form, a body element
// {contract}HOOKPOINT_KEY whose children are named by the keys (soap-interop.md).
//
// The error is a *SyntaxError, a *LimitError or a *Fault. The message has its
// Version also with an error: the Envelope's, or media's when that was not seen.
func Decode(message string, media Media, limits *Limits) (Message, error) {
	m := Message{Version: media.Version}
	err := decode(message, media, limits, func(d *decoder) error {
		err := d.envelope(
			func() error { return d.header(&m) },
			func() error { return d.body(&m) })
		m.Version = d.version
		switch {
		case err != nil:
			return err
		case d.blamed != nil:
			return d.blamed
		case m.Hookpoint == "":
			return &Fault{Code: FaultClient, Text: "Cannot find dispatch method for {}: the Body is empty"}
		}
		return nil
	})
	return m, err
}

func (d *decoder) body(m *Message) error {
	s := &d.scanner
	switch {
	case s.in.space != spaceContract:
		return dispatchFault(s.in.uri, s.local)
	case s.local == wire.Operation:
		return d.executeMethod(m)
	}
	m.Hookpoint, m.Typed = s.local, true
	err := d.children(func() error { return d.typedEntry(1) })
	m.Values = d.take(0)
	return err
}

func (d *decoder) executeMethod(m *Message) error {
	var argumentSeen, hookpointSeen bool
	err := d.children(func() error {
		if d.member() != wire.Argument {
			return d.scanner.skip()
		}
		return d.once(&argumentSeen, func() error {
			return d.children(func() error {
				switch d.member() {
				case wire.HookpointKey:
					return d.once(&hookpointSeen, d.textInto(&m.Hookpoint))
				case wire.Values:
					_, err := d.entry(1)
					return err
				}
				return d.scanner.skip()
			})
		})
	})
	m.Values = d.take(0)
	if err == nil && m.Hookpoint == "" {
		return &Fault{Code: FaultClient, Text: "executeMethod names no hookpoint: put its key into arg0/hookpointKey"}
	}
	return err
}
