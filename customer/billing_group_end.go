package customer

import (
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// What keeps a billing group where it is.
var (
	LastBillingGroup = failure.Declare(280, "LAST_BILLING_GROUP", failure.Conflict, failure.Text{
		"EN": "an account needs a billing group, and this is its last one", "DK": "en konto skal have en betalingsgruppe, og dette er dens sidste", "SE": "ett konto måste ha en betalningsgrupp, och detta är dess sista",
		"NO": "en konto må ha en betalingsgruppe, og dette er den siste", "FR": "un compte a besoin d'un groupe de facturation, et celui-ci est son dernier", "DE": "ein Kundenkonto braucht eine Abrechnungsgruppe, und dies ist seine letzte"})
	BillingGroupHasMembers = failure.Declare(281, "BILLING_GROUP_HAS_MEMBERS", failure.Conflict, failure.Text{
		"EN": "subscriptions are or were paid by the billing group", "DK": "abonnementer betales eller blev betalt af betalingsgruppen", "SE": "abonnemang betalas eller har betalats av betalningsgruppen",
		"NO": "abonnementer betales eller ble betalt av betalingsgruppen", "FR": "des abonnements sont ou ont été payés par le groupe de facturation", "DE": "Verträge werden oder wurden von der Abrechnungsgruppe bezahlt"})
)

// DeleteBillingGroup forgets a billing group that nothing was ever paid by, with
// its recharge ticket. It fails with LAST_BILLING_GROUP, BILLING_GROUP_HAS_MEMBERS
// and, when the account is CLOSED, WRONG_STATE. Whether there is money in it is
// billing's to say first.
func DeleteBillingGroup(tx store.Tx, brand *catalogue.Brand, id store.ID) (*BillingGroup, error) {
	g, w, err := leaving(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if t := w.ticketOf(g.ID); t != nil {
		if err := rechargeTickets.Delete(tx, t); err != nil {
			return nil, err
		}
	}
	if err := released(tx, g.Owner, 0); err != nil {
		return nil, err
	}
	if err := released(tx, g.BillingAddress, 0); err != nil {
		return nil, err
	}
	if err := billingGroups.Delete(tx, g); err != nil {
		return nil, err
	}
	return g, accounts.Put(tx, w.Account) // what is gone cannot say when its account changed
}

// TouchBillingGroup makes now the time at which a billing group changed last: for
// what was its and is gone, which cannot say so any more.
func TouchBillingGroup(tx store.Tx, brand *catalogue.Brand, id store.ID) error {
	g, err := BillingGroupByID(tx, brand, id)
	if err != nil {
		return err
	}
	return billingGroups.Put(tx, g)
}

// GiveBillingGroup makes a billing group that nothing was ever paid by another
// account's: its owner there becomes the group's, and it has no billing address.
// It fails as DeleteBillingGroup does, and with BILLING_GROUP_NAME_NOT_UNIQUE.
func GiveBillingGroup(tx store.Tx, brand *catalogue.Brand, id, account store.ID) (*BillingGroup, error) {
	a, err := openAccount(tx, brand, account)
	if err != nil {
		return nil, err
	}
	g, w, err := leaving(tx, brand, id)
	if err != nil {
		return nil, err
	}
	for _, former := range []store.ID{g.Owner, g.BillingAddress} {
		if err := released(tx, former, 0); err != nil {
			return nil, err
		}
	}
	g.Account, g.Owner, g.BillingAddress = a.ID, a.Owner, 0
	g.ReceiversBefore = nil // users of the account it leaves; nothing was billed
	if err := billingGroups.Put(tx, g); err != nil {
		return nil, err
	}
	if err := accounts.Put(tx, w.Account); err != nil { // as in DeleteBillingGroup
		return nil, err
	}
	if t := w.ticketOf(g.ID); t != nil {
		t.Account = a.ID
		return g, rechargeTickets.Put(tx, t)
	}
	return g, nil
}

// leaving finds a billing group that its account can do without.
func leaving(tx store.Tx, brand *catalogue.Brand, id store.ID) (*BillingGroup, *Whole, error) {
	g, a, err := billingGroups.in(tx, brand, id)
	if err != nil {
		return nil, nil, err
	}
	if err := a.open(); err != nil {
		return nil, nil, err
	}
	w, err := load(tx, a)
	if err != nil {
		return nil, nil, err
	}
	if len(w.BillingGroups) == 1 {
		return nil, nil, LastBillingGroup.With("%s of account %s", g.Name, a.CustomerNumber)
	}
	for _, m := range w.Memberships {
		if m.BillingGroup == g.ID {
			return nil, nil, BillingGroupHasMembers.With("%s has subscription %s", g.Name, m.Subscription)
		}
	}
	for _, m := range w.SharedMembers {
		if m.Type == BillingGroupTarget && m.Target == g.ID {
			return nil, nil, BillingGroupHasMembers.With("service %s is shared with %s", m.Service, g.Name)
		}
	}
	return g, w, nil
}

func (w *Whole) ticketOf(group store.ID) *RechargeTicket {
	for _, t := range w.RechargeTickets {
		if t.BillingGroup == group {
			return t
		}
	}
	return nil
}
