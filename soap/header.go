package soap

import (
	"fmt"

	"rator/wire"
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
		name := QName{s.in.uri, s.local}
		understood, err := d.block(m)
		if err == nil && mandatory && !understood {
			d.blame(&Fault{Code: FaultMustUnderstand, NotUnderstood: name, Text: fmt.Sprintf(
				"MustUnderstand headers:[{%s}%s] are not understood", clip(name.Namespace), clip(name.Local))})
		}
		return err
	})
}

// target reads whom a header block is for: the actor or role, and whether it
// must be understood.
func (d *decoder) target() (forUs, mandatory bool) {
	const next, role = "http://schemas.xmlsoap.org/soap/actor/next", wire.NamespaceSOAP12 + "/role/"
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

// block reads one header block and tells whether it is understood.
func (d *decoder) block(m *Message) (understood bool, err error) {
	s := &d.scanner
	switch {
	case s.in.space == spaceAddressing || s.in.space == spaceAddressing2004:
		return d.addressing(m)
	case s.in.space == spaceSecurity && s.local == "Security":
		return d.security(m)
	case s.in.space == spaceRator && s.local == dryRun:
		m.DryRun = true // whatever it holds: to do nothing is the safe reading
		return true, s.skip()
	}
	return false, s.skip()
}
