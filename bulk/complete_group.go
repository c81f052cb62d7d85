package bulk

import (
	"fmt"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// groups gives a customer who brings no billing group those that the products need, and
// fills the others.
func (f *filling) groups() {
	c := f.c
	if len(c.BillingGroups) == 0 {
		for n, s := range c.Subscriptions {
			product := f.product(fmt.Sprintf("subscriptions[%d].product_code", n), s.ProductCode)
			if product == nil || f.groupFor(product) != nil {
				continue
			}
			g := &customer.BillingGroup{Type: product.BillingGroupType, Balance: catalogue.Money{Currency: product.Currency}}
			g.Account, g.ID = c.Account.ID, f.new()
			g.BillingCycle, g.CreditDays = product.BillingCycle, product.CreditDays
			c.BillingGroups = append(c.BillingGroups, g)
		}
		if len(c.Subscriptions) == 0 {
			f.mistake("billing_groups", "is missing: without a subscription nothing says how the customer pays; give one with a type, as %q", catalogue.PostPaid)
		}
	}
	for n, g := range c.BillingGroups {
		f.fillGroup(fmt.Sprintf("billing_groups[%d]", n), g)
	}
}

func (f *filling) fillGroup(path string, g *customer.BillingGroup) {
	if g.Owner == 0 {
		g.Owner = f.c.Account.Owner
	}
	if isNew(g.Base) && g.Created.IsZero() {
		g.Created = f.tx.Now()
	}
	var product *catalogue.ProductConfig
	if g.Type == "" || g.Balance.Currency == "" || g.Type == catalogue.PostPaid && g.BillingCycle == "" {
		product = f.productOf(path, g)
	}
	switch {
	case g.Type != "":
	case product == nil:
		f.mistake(path+".type", "is missing, and no subscription of it says what it is; write %s", oneOf(g.Type.Values()))
	default:
		g.Type = product.BillingGroupType
	}
	f.terms(path, g, product)
	switch {
	case g.Balance.Currency != "":
	case product != nil:
		g.Balance.Currency = product.Currency
	default:
		g.Balance.Currency = f.brand.Currency
	}
}

// terms fills how often a billing group is billed, and looks at it.
func (f *filling) terms(path string, g *customer.BillingGroup, product *catalogue.ProductConfig) {
	if g.BillingCycle == "" && product != nil && product.BillingGroupType == g.Type {
		g.BillingCycle = product.BillingCycle
		if g.CreditDays == 0 {
			g.CreditDays = product.CreditDays
		}
	}
	switch {
	case !isNew(g.Base) || g.Type == "":
	case g.Type == catalogue.PostPaid && g.BillingCycle == "":
		f.mistake(path+".billing_cycle", "is missing; write %s", oneOf(g.BillingCycle.Values()))
	case g.Type != catalogue.PostPaid && (g.BillingCycle != "" || g.CreditDays != 0):
		f.mistake(path, "has a billing_cycle or credit_days, which are for %s: a prepaid billing group gets no invoice", catalogue.PostPaid)
	case g.CreditDays < 0 || g.CreditDays > catalogue.MaxCreditDays:
		f.mistake(path+".credit_days", "must be 0 to %d, not %d", catalogue.MaxCreditDays, g.CreditDays)
	}
}

// productOf is a product that a billing group pays for; nil where the line does not say.
func (f *filling) productOf(path string, g *customer.BillingGroup) *catalogue.ProductConfig {
	for _, m := range f.c.Memberships {
		if s := f.c.Subscription(m.Subscription); s != nil && m.BillingGroup == g.ID {
			return f.product(path, s.ProductCode)
		}
	}
	if len(f.c.BillingGroups) == 1 && len(f.c.Subscriptions) > 0 {
		return f.product(path, f.c.Subscriptions[0].ProductCode)
	}
	return nil
}

// groupFor is the first billing group that can pay for a product.
func (f *filling) groupFor(p *catalogue.ProductConfig) *customer.BillingGroup {
	for _, g := range f.c.BillingGroups {
		if g.Type == p.BillingGroupType && g.Balance.Currency == p.Currency {
			return g
		}
	}
	return nil
}

func (f *filling) memberships() {
	c := f.c
	in := map[store.ID]bool{}
	for n, m := range c.Memberships {
		path := fmt.Sprintf("memberships[%d]", n)
		f.subscription(path+".subscription", &m.Subscription)
		f.group(path+".billing_group", &m.BillingGroup)
		if m.From.IsZero() {
			m.From = f.since(m.Subscription)
		}
		in[m.Subscription] = true
		f.pays(path, m)
	}
	for n, s := range c.Subscriptions {
		if in[s.ID] || !isNew(s.Base) {
			continue
		}
		path := fmt.Sprintf("subscriptions[%d]", n)
		product := f.product(path+".product_code", s.ProductCode)
		if product == nil {
			continue
		}
		g := f.groupFor(product)
		if g == nil {
			f.mistake(path, "is in no billing group, and none of the line is %s in %s, as %s is paid", product.BillingGroupType, product.Currency, product.Code)
			continue
		}
		m := &customer.Membership{Subscription: s.ID, BillingGroup: g.ID, From: f.since(s.ID)}
		m.Account, m.ID = c.Account.ID, f.new()
		c.Memberships = append(c.Memberships, m)
	}
}

// pays looks whether the billing group of an open membership can pay for the product.
func (f *filling) pays(path string, m *customer.Membership) {
	s, g := f.c.Subscription(m.Subscription), f.c.BillingGroup(m.BillingGroup)
	if s == nil || g == nil || !m.Open() || !isNew(m.Base) {
		return
	}
	if product := f.product(path, s.ProductCode); product != nil && (g.Type != product.BillingGroupType || g.Balance.Currency != product.Currency) {
		f.mistake(path, "%s is paid %s in %s, its billing group is %s in %s", product.Code, product.BillingGroupType, product.Currency, g.Type, g.Balance.Currency)
	}
}

// others fills what hangs on subscriptions and billing groups.
func (f *filling) others() {
	for n, t := range f.c.RechargeTickets {
		f.group(fmt.Sprintf("recharge_tickets[%d].billing_group_id", n), &t.BillingGroup)
		t.Default()
	}
	for n, p := range f.c.NumberPortings {
		f.subscription(fmt.Sprintf("number_portings[%d].subscription", n), &p.Subscription)
	}
	for n, o := range f.c.Orders {
		path := fmt.Sprintf("orders[%d]", n)
		f.subscription(path+".subscription_id", &o.Subscription)
		if o.Ordered.IsZero() && isNew(o.Base) {
			o.Ordered = f.tx.Now()
		}
		if o.Status == "" {
			o.Status = customer.Pending
		}
	}
	for n, t := range f.c.Terminations {
		f.subscription(fmt.Sprintf("terminations[%d].subscription_id", n), &t.Subscription)
		if t.State == "" {
			t.State = customer.TerminationPending
		}
	}
}

// books fills what is kept of money, and has a balance that no posting explains be what
// the customer brings along: an opening posting, as billing.OpenBalance makes one.
func (f *filling) books() {
	c := f.c
	for n, l := range c.Ledgers {
		f.group(fmt.Sprintf("ledgers[%d].group", n), &l.Group)
	}
	sums, posted := map[store.ID]decimal.Decimal{}, map[store.ID]bool{}
	for n, p := range c.Postings {
		f.group(fmt.Sprintf("postings[%d].billing_group_id", n), &p.Group)
		g := c.BillingGroup(p.Group)
		if g == nil {
			continue
		}
		p.Currency = orElse(p.Currency, g.Balance.Currency)
		if p.Date.IsZero() {
			p.Date = f.tx.Now()
		}
		if isNew(p.Base) && p.Day.IsZero() {
			p.Day = p.Dated(f.brand.Day)
		}
		sums[g.ID], posted[g.ID] = sums[g.ID].Add(p.Amount), true
	}
	for n, i := range c.Invoices {
		f.group(fmt.Sprintf("invoices[%d].billing_group_id", n), &i.Group)
		i.Brand = orElse(i.Brand, c.Account.Brand)
		if isNew(i.Base) && i.Sequence < 1 {
			f.mistake(fmt.Sprintf("invoices[%d].sequence", n), "is missing; give each invoice of the old system a number of its own in the brand, as 1, 2, 3: ours go on behind the highest")
		}
		if g := c.BillingGroup(i.Group); g != nil {
			i.Currency = orElse(i.Currency, g.Balance.Currency)
		}
	}
	for n, p := range c.Payments {
		f.group(fmt.Sprintf("payments[%d].group", n), &p.Group)
		p.Brand = orElse(p.Brand, c.Account.Brand)
		if g := c.BillingGroup(p.Group); g != nil {
			p.Currency = orElse(p.Currency, g.Balance.Currency)
		}
	}
	for _, g := range c.BillingGroups {
		switch {
		case !isNew(g.Base):
		case posted[g.ID] && g.Balance.Amount.IsZero():
			g.Balance.Amount = sums[g.ID]
		case !posted[g.ID] && !g.Balance.Amount.IsZero():
			f.opening(g)
		}
	}
}

// openingText is what an opening posting says.
const openingText = "brought along"

// opening posts the balance that a billing group brings along, and keeps it for, or with a
// debt before, the next invoices.
func (f *filling) opening(g *customer.BillingGroup) {
	c := f.c
	p := &ledger.Posting{Account: c.Account.ID, Group: g.ID, Kind: ledger.Opening, Amount: g.Balance.Amount, Currency: g.Balance.Currency, Text: openingText, Date: f.tx.Now()}
	p.ID, p.Day = f.new(), p.Dated(f.brand.Day)
	c.Postings = append(c.Postings, p)
	for _, l := range c.Ledgers {
		if l.Group == g.ID {
			l.Unused = p.Amount
			return
		}
	}
	l := &ledger.Ledger{Account: c.Account.ID, Group: g.ID, Unused: p.Amount}
	l.ID = f.new()
	c.Ledgers = append(c.Ledgers, l)
}
