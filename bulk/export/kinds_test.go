package export_test

import (
	"slices"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
)

// kindOf are the kinds of customers that must have been seen, and what tells one.
var kindOf = map[string]func(w *customer.Whole, b *ledger.Books) bool{
	"private":       func(w *customer.Whole, _ *ledger.Books) bool { return w.Account.Type == customer.Private },
	"company":       func(w *customer.Whole, _ *ledger.Books) bool { return w.Account.Type == customer.Company },
	"closed":        func(w *customer.Whole, _ *ledger.Books) bool { return w.Account.State == customer.Closed },
	"deleted":       func(w *customer.Whole, _ *ledger.Books) bool { return !w.Account.Deleted.IsZero() },
	"several users": func(w *customer.Whole, _ *ledger.Books) bool { return len(w.Users) > 2 },
	"several billing groups": func(w *customer.Whole, _ *ledger.Books) bool {
		return len(w.BillingGroups) > 1
	},
	"no subscription": func(w *customer.Whole, _ *ledger.Books) bool { return len(w.Subscriptions) == 0 },
	"erased": func(w *customer.Whole, _ *ledger.Books) bool {
		return slices.ContainsFunc(w.Users, func(u *customer.User) bool { return u.UserFields == customer.UserFields{} })
	},
	"prepaid":  group(func(g *customer.BillingGroup) bool { return g.Type != catalogue.PostPaid }),
	"postpaid": group(func(g *customer.BillingGroup) bool { return g.Type == catalogue.PostPaid }),
	"dunning that pauses": group(func(g *customer.BillingGroup) bool {
		return g.DunningPause != nil
	}),
	"blocked": line(func(s *customer.Subscription) bool { return s.State == customer.Blocked }),
	"was blocked": line(func(s *customer.Subscription) bool {
		return s.State != customer.Blocked && len(s.Blocks) > 0
	}),
	"terminated":   line(func(s *customer.Subscription) bool { return s.State == customer.Terminated }),
	"not active":   line(func(s *customer.Subscription) bool { return s.State == customer.Created }),
	"reactivated":  line(func(s *customer.Subscription) bool { return !s.Reactivated.IsZero() }),
	"two products": func(w *customer.Whole, _ *ledger.Books) bool { return len(w.Subscriptions) > 1 },
	"an end that waits": func(w *customer.Whole, _ *ledger.Books) bool {
		return slices.ContainsFunc(w.Terminations, func(x *customer.SubscriptionTermination) bool {
			return x.State == customer.TerminationPending
		})
	},
	"options that ended": func(w *customer.Whole, _ *ledger.Books) bool {
		return slices.ContainsFunc(w.Options, func(o *customer.SubscribedOption) bool { return !o.Until.IsZero() })
	},
	"moved to another billing group": func(w *customer.Whole, _ *ledger.Books) bool {
		return slices.ContainsFunc(w.Memberships, func(m *customer.Membership) bool { return !m.Open() })
	},
	"a number that is ported": func(w *customer.Whole, _ *ledger.Books) bool { return len(w.NumberPortings) > 0 },
	"a shared service":        func(w *customer.Whole, _ *ledger.Books) bool { return len(w.SharedMembers) > 0 },
	"a recharge ticket":       func(w *customer.Whole, _ *ledger.Books) bool { return len(w.RechargeTickets) > 0 },
	"an order":                func(w *customer.Whole, _ *ledger.Books) bool { return len(w.Orders) > 0 },
	"an open invoice":         invoice(func(i *ledger.Invoice) bool { return i.Outstanding().IsPositive() }),
	"a paid invoice":          invoice(func(i *ledger.Invoice) bool { return i.Status() == ledger.Paid && i.Total.IsPositive() }),
	"a late invoice":          invoice(func(i *ledger.Invoice) bool { return !i.DunnedOn.IsZero() }),
	"a credited invoice":      invoice(func(i *ledger.Invoice) bool { return i.Credits != 0 }),
	"a written-off invoice":   invoice(func(i *ledger.Invoice) bool { return i.WrittenOff.IsPositive() }),
	"a refunded payment":      payment(func(p *ledger.PaymentRecord) bool { return p.Refunded.IsPositive() }),
	"a moved payment":         payment(func(p *ledger.PaymentRecord) bool { return p.MovedTo != 0 }),
	"a reversed payment":      payment(func(p *ledger.PaymentRecord) bool { return p.Reversal != 0 }),
	"a promised payment":      payment(func(p *ledger.PaymentRecord) bool { return !p.Captured }),
}

// kindNames are all of them, and what is noted beside.
var kindNames = func() []string {
	names := []string{"a payment mean that a client made", "what a client wrote over TM Forum"}
	for name := range kindOf {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}()

func group(is func(*customer.BillingGroup) bool) func(*customer.Whole, *ledger.Books) bool {
	return func(w *customer.Whole, _ *ledger.Books) bool { return slices.ContainsFunc(w.BillingGroups, is) }
}

func line(is func(*customer.Subscription) bool) func(*customer.Whole, *ledger.Books) bool {
	return func(w *customer.Whole, _ *ledger.Books) bool { return slices.ContainsFunc(w.Subscriptions, is) }
}

func invoice(is func(*ledger.Invoice) bool) func(*customer.Whole, *ledger.Books) bool {
	return func(_ *customer.Whole, b *ledger.Books) bool { return slices.ContainsFunc(b.Invoices, is) }
}

func payment(is func(*ledger.PaymentRecord) bool) func(*customer.Whole, *ledger.Books) bool {
	return func(_ *customer.Whole, b *ledger.Books) bool { return slices.ContainsFunc(b.Payments, is) }
}

// look notes the kinds that a customer is of.
func (k *kinds) look(w *customer.Whole, b *ledger.Books) {
	for name, is := range kindOf {
		if is(w, b) {
			k.note(name)
		}
	}
}
