package soap

import (
	"fmt"
	"slices"
	"strings"

	"rator/wire"
)

// endpoint reads an endpoint reference: its Address, and its reference parameters as
// header blocks of an answer (WS-Addressing 1.0 Core 3.4, SOAP Binding 3.4; in the
// version of 2004 there are properties too).
func (d *decoder) endpoint() (to Endpoint, parameters string, err error) {
	s := &d.scanner
	space, address := s.in.space, ""
	err = d.children(func() error {
		switch {
		case s.in.space != space:
		case s.local == "Address" && address == "":
			return d.said(&address)
		case s.local == "ReferenceParameters", s.local == "ReferenceProperties":
			return d.children(func() error { return d.parameter(&parameters, space == spaceAddressing) })
		}
		return s.skip()
	})
	switch address {
	case "":
		return endpointNameless, parameters, err
	case anonymous2005, anonymous2004:
		return endpointAnonymous, parameters, err
	case none2005:
		return endpointNone, parameters, err
	}
	return endpointElsewhere, parameters, err
}

// mostParameterBytes is how long the reference parameters of an endpoint may be, with
// the namespaces that each of them needs.
const mostParameterBytes = 8 << 10

// parameter appends the open element as it stands, with the namespaces that hold
// there, and marks it as a reference parameter.
func (d *decoder) parameter(to *string, mark bool) error {
	s := &d.scanner
	open := s.frames[len(s.frames)-1]
	added := s.namespacesAround(open.bindings)
	for _, a := range s.attributes {
		mark = mark && !(a.in.space == spaceAddressing && a.local == "IsReferenceParameter")
	}
	if mark {
		prefix := "rp"
		for slices.ContainsFunc(s.bindings, func(b binding) bool { return b.prefix == prefix }) {
			prefix += "0"
		}
		added += fmt.Sprintf(` xmlns:%s="%s" %s:IsReferenceParameter="true"`, prefix, wire.NamespaceAddressing, prefix)
	}
	at := d.refuse("the reference parameters are longer than %d bytes", mostParameterBytes)
	if err := s.skip(); err != nil {
		return err
	}
	if len(*to)+len(added)+s.position-open.offset > mostParameterBytes {
		d.blame(&Fault{Code: FaultClient, Text: at.Error(), Cause: at})
		return nil
	}
	*to += s.message[open.offset:open.nameEnd] + added + s.message[open.nameEnd:s.position]
	return nil
}

// namespacesAround are the declarations in scope outside of an element, which its
// own, those of s.bindings from inner on, do not cover.
func (s *scanner) namespacesAround(inner int) string {
	var b strings.Builder
	for i := inner - 1; i >= 0 && b.Len() <= mostParameterBytes; i-- {
		in := &s.bindings[i]
		if slices.ContainsFunc(s.bindings[i+1:], func(b binding) bool { return b.prefix == in.prefix }) {
			continue
		}
		b.WriteString(" xmlns")
		if in.prefix != "" {
			b.WriteString(":" + in.prefix)
		}
		b.WriteString(`="`)
		b.Write(appendText(nil, in.uri))
		b.WriteByte('"')
	}
	return b.String()
}
