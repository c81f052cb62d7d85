package resource

import (
	"rator/customer"
	"rator/store"
	"rator/tmf/jsondoc"
)

// meanRefs are the payment means of a customer's billing groups as references:
// those that are listed, under the names that they are listed with. parts are what they
// are made of.
func meanRefs(u *Work, w *customer.Whole, of *meansRead) (refs []jsondoc.Value, parts []store.Base, err error) {
	for _, g := range w.BillingGroups {
		for _, mean := range meansOfGroup(u, w, g, *of.made[g.ID]) {
			mean.overlay = *of.overlays[mean.object]
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

// meansRead is what clients made for billing groups, by the group's id, and what they wrote
// over payment means, by the mean's object.
type meansRead struct {
	made     map[store.ID]**madeMean
	overlays map[store.ID]**overlay
}

// readMeans reads what there is of the billing groups of customers, at once with what a
// batch asks already.
func readMeans(tx store.Tx, b *store.Batch, of ...*customer.Whole) (*meansRead, error) {
	r := &meansRead{made: map[store.ID]**madeMean{}, overlays: map[store.ID]**overlay{}}
	for _, w := range of {
		for _, g := range w.BillingGroups {
			r.made[g.ID] = new(*madeMean)
			MadeMeans.AskNewest(b, byMeanGroup, g.ID.String(), r.made[g.ID])
			if hasBank(g) {
				r.ask(b, g.ID)
			}
		}
		for _, t := range w.RechargeTickets {
			r.ask(b, t.ID)
		}
	}
	if err := b.Answer(tx); err != nil {
		return nil, err
	}
	for _, made := range r.made {
		if *made != nil {
			r.ask(b, (*made).ID)
		}
	}
	return r, b.Answer(tx)
}

func (r *meansRead) ask(b *store.Batch, mean store.ID) {
	r.overlays[mean] = new(*overlay)
	askOverlay(b, "paymentMean", mean, r.overlays[mean])
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
