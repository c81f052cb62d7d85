package tmf

import (
	"strings"

	"rator/store"
	"rator/tmf/jsondoc"
)

// Kept counts the PINs that a store has, and those of them that p cannot read: they
// were sealed with another key, and answers mask them. A nil p reads none.
func (p *PINs) Kept(tx store.Tx) (all, closed int, err error) {
	for o, err := range overlays.Scan(tx) {
		if err != nil {
			return all, closed, err
		}
		written, err := jsondoc.ReadKept(o.Written)
		if err != nil {
			return all, closed, err
		}
		if pin, found := written.Get(pinMember); found && strings.HasPrefix(pin.Text(), sealedPIN) {
			all++
			if _, opened := p.unseal(pin.Text()); !opened {
				closed++
			}
		}
	}
	return all, closed, nil
}
