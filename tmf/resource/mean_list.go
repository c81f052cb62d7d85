package resource

import (
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/query"
)

// The list of payment means: those that clients made, bank details of billing groups for
// which clients made none, and recharge tickets, in the order of their ids.

func (m meanMapping) page(u *Work, of wanted, after []byte, skip, limit int) ([]*meanEntity, []byte, error) {
	from, likely := placeAfter(after), likelyOf(skip, limit)
	if ids, found := idsAsked(of.filter); found {
		all, err := m.find(u, ids)
		if err != nil {
			return nil, nil, err
		}
		return newMerged(beyond(madeEntries(all), from)).page(u, m, of, skip, limit)
	}
	return newMerged(
		entriesOf(customer.BillingGroupsAfter(u.Tx, from, likely), func(g *customer.BillingGroup) meanEntry {
			return meanEntry{id: g.ID, account: g.Account, read: payment{group: g}}
		}),
		entriesOf(customer.RechargeTicketsAfter(u.Tx, from, likely), func(t *customer.RechargeTicket) meanEntry {
			return meanEntry{id: t.ID, account: t.Account, read: payment{ticket: t}}
		}),
		entriesOf(MadeMeans.ScanSome(u.Tx, from, likely), func(x *madeMean) meanEntry {
			return meanEntry{id: x.ID, read: payment{made: x}}
		}),
	).page(u, m, of, skip, limit)
}

func (meanMapping) listed(u *Work, some []meanEntry) ([]string, error) {
	var (
		b    store.Batch
		made = make([]bool, len(some)) // a client made one for the billing group
		ids  = make([]string, len(some))
	)
	for i, e := range some {
		if g := e.read.group; g != nil && hasBank(g) {
			MadeMeans.AskAny(&b, byMeanGroup, g.ID.String(), &made[i])
		}
	}
	if err := readCustomers(u, &b, some); err != nil {
		return nil, err
	}
	for i := range some {
		switch e := &some[i]; {
		case e.made != nil:
			ids[i] = e.made.id
		case e.read.made != nil && e.read.made.Brand == u.Brand.Key, e.read.ticket != nil, e.read.group != nil && hasBank(e.read.group) && !made[i]:
			listed, err := e.isListed(u)
			if err != nil {
				return nil, err
			}
			if listed {
				ids[i] = meanID(e.id)
			}
		}
	}
	return ids, nil
}

// open gives what was made by a client for itself, a recharge ticket for itself, and a
// billing group for what it pays by, nil for nothing.
func (meanMapping) open(u *Work, some []meanEntry) ([]*meanEntity, error) {
	if err := readGroupsOfMade(u, some); err != nil {
		return nil, err
	}
	var (
		b      store.Batch
		wholes = map[store.ID]*customer.Whole{}
		ours   = make([]*madeMean, len(some)) // made for the billing group
	)
	for i := range some {
		e := &some[i]
		if e.account != 0 && wholes[e.account] == nil {
			a, err := e.customer.Whole()
			if err != nil {
				return nil, err
			}
			wholes[e.account] = customer.AskPayment(&b, a)
		}
		if e.read.group != nil && e.read.made == nil {
			MadeMeans.AskNewest(&b, byMeanGroup, e.read.group.ID.String(), &ours[i])
		}
	}
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	all := make([]*meanEntity, len(some))
	for i, e := range some {
		w := wholes[e.account]
		switch {
		case e.read.made != nil:
			all[i] = madeMeanEntity(u, e.read.made, w, e.read.group)
		case e.read.ticket != nil:
			all[i] = ticketEntity(u, w, e.read.ticket)
		default:
			if means := meansOfGroup(u, w, e.read.group, ours[i]); len(means) > 0 {
				all[i] = means[0]
			}
		}
	}
	return all, nil
}

// readGroupsOfMade reads the billing groups that pay by what clients made, and whose they
// are.
func readGroupsOfMade(u *Work, some []meanEntry) error {
	var groups store.Batch
	for i := range some {
		if made := some[i].read.made; made != nil && made.Group != 0 {
			customer.AskBillingGroup(&groups, made.Group, &some[i].read.group)
		}
	}
	if err := groups.Answer(u.Tx); err != nil {
		return err
	}
	for i := range some {
		e := &some[i]
		if e.read.made == nil || e.read.made.Group == 0 {
			continue
		}
		if e.read.group == nil {
			return customer.UnknownBillingGroup.With("%s", e.read.made.Group)
		}
		e.account = e.read.group.Account
	}
	var customers store.Batch
	return readCustomers(u, &customers, some)
}

// idsAsked are the ids that a filter asks for.
func idsAsked(f *query.Filter) (ids []string, found bool) {
	for _, e := range f.Equalities() {
		if e.Attribute == "id" && len(e.Values) <= maxIndexed {
			return e.Values, true
		}
	}
	return nil, false
}

func (meanMapping) bounded(_ *dialect.Dialect, f *query.Filter) bool {
	_, found := idsAsked(f)
	return found
}

// count is not known: whether a group has bank details, only reading it tells.
func (meanMapping) count(*Work, *query.Filter) (int, bool, error) { return 0, false, nil }
