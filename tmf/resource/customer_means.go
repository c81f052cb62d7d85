package resource

import (
	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

// meanRefs are the payment means of a customer's billing groups as references:
// those that are listed, under the names that they are listed with. parts are what they
// are made of.
func meanRefs(u *Work, w *customer.Whole, made meansMade) (refs []jsondoc.Value, parts []store.Base, err error) {
	for _, g := range w.BillingGroups {
		for _, mean := range meansOfGroup(u, w, g, made[g.ID]) {
			if mean.overlay, err = OverlayOf(u.Tx, "paymentMean", mean.object); err != nil {
				return nil, nil, err
			}
			doc, err := mean.document()
			if err != nil {
				return nil, nil, err
			}
			parts = append(parts, mean.parts[0], mean.overlay.Base)
			refs = append(refs, jsondoc.ObjectOf(jsondoc.MemberOf("id", jsondoc.Text(mean.id)), jsondoc.MemberOf("name", jsondoc.Text(doc.TextIn("name")))))
		}
	}
	return refs, parts, nil
}

// meansOfGroup are all payment means of a billing group: what a client made for
// it, else its bank details, and its recharge ticket.
func meansOfGroup(u *Work, w *customer.Whole, g *customer.BillingGroup, made *madeMean) (all []*meanEntity) {
	switch {
	case made != nil:
		all = append(all, madeMeanEntity(u, made, w, g))
	case hasBank(g):
		all = append(all, bankEntity(u, w, g))
	}
	for _, r := range w.RechargeTickets {
		if r.BillingGroup == g.ID {
			all = append(all, ticketEntity(u, w, r))
		}
	}
	return all
}
