package customer

import (
	"strings"

	"rator/store"
)

// What is emptied of a user who is erased, and some of it where one is deleted.

// forgetPorting empties what was asked of a losing operator for subscriptions of
// the user.
func (w *Whole) forgetPorting(tx store.Tx, u *User) error {
	for _, p := range w.NumberPortings {
		if s := w.Subscription(p.Subscription); s == nil || s.User != u.ID {
			continue
		}
		p.NumberPortingFields = NumberPortingFields{}
		if err := numberPortings.Put(tx, p); err != nil {
			return err
		}
		for _, o := range w.Orders {
			if o.Porting != p.ID {
				continue
			}
			o.Identifier, o.Number, o.Description, o.Reason = "", "", "", ""
			if err := orders.Put(tx, o); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetOrders empties what somebody wrote why orders for subscriptions of the user
// ended as they did.
func (w *Whole) forgetOrders(tx store.Tx, u *User) error {
	for _, o := range w.Orders {
		if s := w.Subscription(o.Subscription); s == nil || s.User != u.ID || o.Reason == "" {
			continue
		}
		o.Reason = ""
		if err := orders.Put(tx, o); err != nil {
			return err
		}
	}
	return nil
}

// forgetReference empties who sent an account's owner to us.
func (w *Whole) forgetReference(tx store.Tx, u *User) error {
	if w.Account.Owner != u.ID || w.Account.ReferencedBy == "" {
		return nil
	}
	w.Account.ReferencedBy = ""
	return accounts.Put(tx, w.Account)
}

// forgetLines empties the numbers and devices of lines that the user used. All are
// TERMINATED.
func (w *Whole) forgetLines(tx store.Tx, u *User) error {
	for _, line := range w.Services {
		if s := w.Subscription(line.Subscription); s == nil || s.User != u.ID {
			continue
		}
		line.ServiceFields = ServiceFields{}
		line.setNumber("")
		if err := services.Put(tx, line); err != nil {
			return err
		}
	}
	return nil
}

// forgetDelivery takes the user from where goods go.
func (w *Whole) forgetDelivery(tx store.Tx, u *User) error {
	if w.Account.DeliveryAddress == u.ID {
		w.Account.DeliveryAddress = 0
		if err := accounts.Put(tx, w.Account); err != nil {
			return err
		}
	}
	for _, s := range w.Subscriptions {
		if s.DeliveryAddress != u.ID {
			continue
		}
		s.DeliveryAddress = 0
		if err := subscriptions.Put(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// forgetPaying empties how the user pays: bank data, recharge ticket, and a name
// that somebody chose, of each billing group that is the user's.
func (w *Whole) forgetPaying(tx store.Tx, u *User) error {
	for _, g := range w.BillingGroups {
		if g.Owner != u.ID {
			continue
		}
		kept := BillingGroupFields{Name: g.Name, BillingAddress: g.BillingAddress, InvoiceDeliveryType: g.InvoiceDeliveryType,
			InvoiceDeliveryTypeID: g.InvoiceDeliveryTypeID, AddBillingFee: g.AddBillingFee}
		if !strings.HasPrefix(g.Name, w.Account.CustomerNumber+"-") {
			name, err := nextGroupName(tx, w.Account)
			if err != nil {
				return err
			}
			kept.Name = name
		}
		g.BillingGroupFields = kept
		if g.DunningPause != nil {
			g.DunningPause.Reason = ""
		}
		if err := billingGroups.Put(tx, g); err != nil {
			return err
		}
		for _, t := range w.RechargeTickets {
			if t.BillingGroup != g.ID {
				continue
			}
			if err := rechargeTickets.Delete(tx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetBlocks empties what somebody wrote why the user's subscriptions were blocked.
func (w *Whole) forgetBlocks(tx store.Tx, u *User) error {
	for _, s := range w.Subscriptions {
		if s.User != u.ID || !s.forgetReasons() {
			continue
		}
		if err := subscriptions.Put(tx, s); err != nil {
			return err
		}
	}
	return nil
}

// forgetReasons reports whether there were any.
func (s *Subscription) forgetReasons() (had bool) {
	for i := range s.Blocks {
		had = had || s.Blocks[i].Reason != ""
		s.Blocks[i].Reason = ""
	}
	return had
}
