package component

import (
	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "change_billing_terms", Area: billingGroupArea,
		Desc:  "Change the BILLING_CYCLE and the CREDIT_DAYS of a post-paid billing group from its next period on; what is absent stays. FROM_DATE is the first day of that period.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), text("BILLING_CYCLE"), {Key: "CREDIT_DAYS", Type: value.Long}},
		Out:   []string{"BILLING_CYCLE", "CREDIT_DAYS", "FROM_DATE"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, customer.WrongState, billing.UnknownBillingCycle, billing.CreditDaysOutOfRange, billing.NoTermsToChange, billing.NotInvoiced},
		Run:   changeBillingTerms,
	})
}

func changeBillingTerms(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	n := billing.NewTerms{BillingCycle: catalogue.BillingCycle(in.Text("BILLING_CYCLE"))}
	if e := in.Get("CREDIT_DAYS"); e != nil && !e.Null && e.Text != "" {
		days, err := value.ParseLong(e.Text)
		if err != nil {
			return nil, failure.InvalidRequest.With("CREDIT_DAYS %v", err)
		}
		within := int(max(-1, min(days, catalogue.MaxCreditDays+1))) // as far out of range as need be
		n.CreditDays = &within
	}
	t, err := billing.ChangeTerms(c.Tx, c.Brand, id, n)
	if err != nil {
		return nil, err
	}
	c.touch(id)
	return termsView(t), nil
}

func termsView(t customer.BillingTerms) value.Tree {
	return append(view(&t), value.OfDate("FROM_DATE", t.From))
}

// laterTermsView is the change of a billing group's terms that waits for its day, a
// list of one; nothing when none does.
func laterTermsView(g *customer.BillingGroup, c *Call) value.Tree {
	today := c.Brand.Day(c.Tx.Now())
	_, until := g.TermsOn(today)
	if until.IsZero() {
		return nil
	}
	later, _ := g.TermsOn(until)
	return value.Tree{value.Of("TERMS_CHANGE", termsView(later)...)}
}
