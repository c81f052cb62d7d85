package resource

import (
	"rator/billing"
	"rator/customer"
	"rator/store"
)

// Snapshot is a resource as it was read in one state of the store, for those who compare
// it with another.
type Snapshot struct {
	ID      string   // in addresses
	Object  store.ID // of the business
	Account store.ID // of its customer, or none
	// Item shows it to the call of a Work that has the same origin as that which it was
	// read in.
	Item func(*Work) (Item, error)
}

func snapshotOf[T any](of mapping[T], t *entity[T], err error) (*Snapshot, error) {
	if t == nil || err != nil {
		return nil, err
	}
	c := &collection[T]{mapping: of}
	return &Snapshot{ID: t.id, Object: t.object, Account: t.account, Item: func(u *Work) (Item, error) {
		_, item, err := c.item(u, t)
		return item, err
	}}, nil
}

// snapshotBusiness has nothing that reading needs.
var snapshotBusiness = &Business{}

// ReadCustomer reads a customer whole.
func ReadCustomer(u *Work, a *customer.Account) (*Snapshot, error) {
	w, err := customer.LoadSummary(u.Tx, a)
	if err != nil {
		return nil, err
	}
	return ReadCustomerOf(u, w)
}

// ReadCustomerOf gives a customer of whom w was read.
func ReadCustomerOf(u *Work, w *customer.Whole) (*Snapshot, error) {
	t, err := summaryEntity(u, w)
	return snapshotOf(&customers{business: snapshotBusiness}, t, err)
}

// ReadAccount gives a billing group of a customer of whom w was read.
func ReadAccount(u *Work, w *customer.Whole, g *customer.BillingGroup) (*Snapshot, error) {
	var (
		b    store.Batch
		made *madeMean
	)
	standing := billing.AskStanding(&b, g.ID)
	MadeMeans.AskNewest(&b, byMeanGroup, g.ID.String(), &made)
	if err := b.Answer(u.Tx); err != nil {
		return nil, err
	}
	return snapshotOf(accountMapping{snapshotBusiness}, accountEntityOf(u, w, g, standing, made), nil)
}

// ReadMean gives what a billing group pays by, but for its recharge ticket; nil for
// nothing.
func ReadMean(u *Work, w *customer.Whole, g *customer.BillingGroup) (*Snapshot, error) {
	made, err := meanMadeFor(u.Tx, g.ID)
	switch {
	case err != nil:
		return nil, err
	case made != nil:
		return snapshotOf(meanMapping{}, madeMeanEntity(u, made, w, g), nil)
	case hasBank(g):
		return snapshotOf(meanMapping{}, bankEntity(u, w, g), nil)
	}
	return nil, nil
}

// ReadTicket gives a recharge ticket as a payment mean.
func ReadTicket(u *Work, w *customer.Whole, r *customer.RechargeTicket) (*Snapshot, error) {
	return snapshotOf(meanMapping{}, ticketEntity(u, w, r), nil)
}

// ReadWaitingAccount gives an account of the brand that waits for its customer; nil when
// there is none.
func ReadWaitingAccount(u *Work, object store.ID) (*Snapshot, error) {
	w, err := WaitingAccounts.Get(u.Tx, object)
	if IsAbsent(err) || err == nil && w.Brand != u.Brand.Key {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return snapshotOf(accountMapping{snapshotBusiness}, w.entity(), nil)
}

// ReadFreeMean gives a payment mean of the brand that a client made and no billing group
// pays by; nil when there is none.
func ReadFreeMean(u *Work, object store.ID) (*Snapshot, error) {
	m, err := MadeMeans.Get(u.Tx, object)
	if IsAbsent(err) || err == nil && (m.Brand != u.Brand.Key || m.Group != 0) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return snapshotOf(meanMapping{}, madeMeanEntity(u, m, nil, nil), nil)
}
