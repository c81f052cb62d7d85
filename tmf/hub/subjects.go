package hub

import (
	"slices"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/tmf/resource"
)

// subjects are what a transaction changed: customers, by what of them it was, and
// what clients made that belongs to no customer.
type subjects struct {
	accounts []store.ID
	groups   map[store.ID]bool // billing groups that were changed themselves, or their payment means
	parts    customer.Parts    // of which something was written
	written  []writing
}

// writing is of a resource that only this face has.
type writing struct {
	resource string
	object   store.ID
}

func (s *subjects) account(id store.ID) {
	if id != 0 && !slices.Contains(s.accounts, id) {
		s.accounts = append(s.accounts, id)
	}
}

// subjects reads what the transaction's events, and what it wrote, are about.
func (t *notingTx) subjects(brand *catalogue.Brand) (*subjects, error) {
	s := &subjects{groups: map[store.ID]bool{}, parts: t.parts}
	states := []store.Tx{t.Tx.Before(), t.Tx}
	for _, n := range t.notes {
		if n.resource == "" {
			s.account(n.account)
			if n.object != n.account {
				s.groups[n.object] = true
			}
			continue
		}
		s.written = append(s.written, writing{n.resource, n.object})
		if n.resource != "paymentMean" {
			continue
		}
		for _, tx := range states {
			if err := s.payer(tx, brand, n.object); err != nil {
				return nil, err
			}
		}
	}
	for _, id := range t.means {
		for _, tx := range states {
			if err := s.mean(tx, brand, id); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// mean adds the billing group of a payment mean that is a recharge ticket, or that
// an overlay lies over; its customer is noted already.
func (s *subjects) mean(tx store.Tx, brand *catalogue.Brand, id store.ID) error {
	o, err := resource.Overlays.Get(tx, id)
	switch {
	case resource.IsAbsent(err):
		return s.payer(tx, brand, id)
	case err != nil || o.Resource != "paymentMean":
		return err
	}
	return s.payer(tx, brand, o.Object)
}

// payer adds the billing group that pays by a payment mean: by what a client made,
// by a recharge ticket, or by bank details, which have the group's own id.
func (s *subjects) payer(tx store.Tx, brand *catalogue.Brand, mean store.ID) error {
	group := mean
	made, err := resource.MadeMeans.Get(tx, mean)
	if err == nil {
		group = made.Group
	} else if !resource.IsAbsent(err) {
		return err
	} else if t, err := customer.RechargeTicketByID(tx, brand, mean); err == nil {
		group = t.BillingGroup
	} else if failure.CodeOf(err) != customer.UnknownRechargeTicket {
		return err
	}
	g, err := customer.BillingGroupByID(tx, brand, group)
	if failure.CodeOf(err) == customer.UnknownBillingGroup {
		return nil
	}
	if err != nil {
		return err
	}
	s.account(g.Account)
	s.groups[g.ID] = true
	return nil
}
