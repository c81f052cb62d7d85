package soap

import (
	"fmt"
	"strings"

	"rator/workflow"
)

// header reads the blocks of the Header. Those for somebody else are skipped; a
// block that must be understood and is not makes the request a fault once it
// is read to its end.
func (d *decoder) header(m *Message) error {
	s := &d.scanner
	return d.children(func() error {
		forUs, mandatory := d.target()
		if !forUs {
			return s.skip()
		}
		name := HeaderName{s.in.uri, s.local}
		understood, err := d.block(m)
		if err == nil && mandatory && !understood && d.misunderstood == nil {
			d.misunderstood = &Fault{Code: FaultMustUnderstand, NotUnderstood: name, Text: fmt.Sprintf(
				"MustUnderstand headers:[{%s}%s] are not understood", clip(name.Namespace), clip(name.Local))}
		}
		return err
	})
}

// target reads whom a header block is for: the actor or role, and whether it
// must be understood.
func (d *decoder) target() (forUs, mandatory bool) {
	const next, role = "http://schemas.xmlsoap.org/soap/actor/next", namespaceSOAP12 + "/role/"
	forUs = true
	for _, a := range d.scanner.attributes {
		if a.in.space != spaceSOAP11 && a.in.space != spaceSOAP12 {
			continue
		}
		switch text := trimSpace(a.value); a.local {
		case "mustUnderstand":
			mandatory = text == "1" || text == "true"
		case "actor", "role":
			forUs = text == "" || text == next || text == role+"next" || text == role+"ultimateReceiver"
		}
	}
	return forUs, mandatory
}

// block reads one header block and tells whether it is understood. An address
// to answer to is not: answers go back on the connection and nowhere else.
func (d *decoder) block(m *Message) (understood bool, err error) {
	s := &d.scanner
	switch {
	case s.in.space == spaceAddressing && s.local == "MessageID":
		err = d.textInto(&m.MessageID)()
		m.MessageID = trimSpace(m.MessageID)
		return true, err
	case s.in.space == spaceAddressing && (s.local == "Action" || s.local == "To"):
		return true, s.skip()
	case s.in.space == spaceSecurity && s.local == "Security":
		return d.security(m)
	}
	return false, s.skip()
}

// security reads a WS-Security block. It is understood when it holds nothing
// but a UsernameToken and a Timestamp.
func (d *decoder) security(m *Message) (understood bool, err error) {
	s := &d.scanner
	understood = true
	err = d.children(func() error {
		switch {
		case s.in.space == spaceSecurity && s.local == "UsernameToken":
			if m.Credentials != nil {
				return d.refuse("UsernameToken is given twice")
			}
			m.Credentials = new(workflow.Credentials)
			return d.usernameToken(m.Credentials)
		case s.in.space == spaceUtility && s.local == "Timestamp":
		default:
			understood = false
		}
		return s.skip()
	})
	return understood, err
}

func (d *decoder) usernameToken(c *workflow.Credentials) error {
	s := &d.scanner
	return d.children(func() error {
		switch {
		case s.in.space == spaceSecurity && s.local == "Username":
			return d.textInto(&c.Operator)()
		case s.in.space == spaceSecurity && s.local == "Password":
			for _, a := range s.attributes {
				if a.local == "Type" && !strings.HasSuffix(a.value, "#PasswordText") {
					return d.refuse("the Password of a UsernameToken must be of type PasswordText")
				}
			}
			return d.textInto(&c.Password)()
		}
		return s.skip()
	})
}
