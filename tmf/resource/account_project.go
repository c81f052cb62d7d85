package resource

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// A Billing Group as a customerAccount of the 2014 dialect (tmf-customer.md 8.1,
// 8.3, 8.4, 8.6). What the business does not know (description, pin, tax
// exemptions) is not here: it is beside, in what clients wrote.

// The conditions of an account, as the business knows them.
const (
	accountCreated      = "Created"       // nothing was ever billed or used
	accountActive       = "Active"        // in use, nothing is open
	accountDue          = "Due"           // an invoice is open
	accountPaid         = "Paid"          // every invoice is paid
	accountInArrears    = "In arrears"    // an open invoice was dunned
	accountInCollection = "In collection" // as far as it goes
	accountSuspended    = "Suspended"     // every line is barred
	accountClosed       = "Closed"        // the customer has left
)

// What accountType says of a customer.
const (
	residential = "Residential"
	business    = "Business"
)

// The types of customerAccountBalance that the ledger knows.
const (
	receivableBalance = "ReceivableBalance"
	depositBalance    = "DepositBalance"
)

// accountParts is all that a customerAccount is made of.
type accountParts struct {
	whole    *customer.Whole
	group    *customer.BillingGroup
	standing *billing.Standing
	cycle    catalogue.BillingCycle // of today
	mean     string                 // id of the payment mean that it is paid by; "" = none
	origin   string                 // scheme://host of the request
}

// project gives the document.
func (p *accountParts) project() jsondoc.Value {
	g := p.group
	members := []jsondoc.Member{
		jsondoc.MemberOf("name", jsondoc.Text(fallback(g.Name, g.ID.String()))),
		jsondoc.MemberOf("accountType", jsondoc.Text(accountType(p.whole.Account))),
		jsondoc.MemberOf("status", jsondoc.Text(p.status())),
	}
	if owner := p.whole.User(g.Owner); owner != nil && owner.CreditLimit > 0 {
		members = append(members, jsondoc.MemberOf("creditLimit", jsondoc.NumberOf(strconv.FormatInt(owner.CreditLimit, 10))))
	}
	members = append(members, jsondoc.MemberOf("receivableBalance", numberOfDecimal(receivable(p.group))))
	if siblings := p.siblings(); len(siblings) > 0 {
		members = append(members, jsondoc.MemberOf("customerAccountRelationship", jsondoc.ArrayOf(jsondoc.ObjectOf(
			jsondoc.MemberOf("relationshipType", jsondoc.Text("sameCustomer")), jsondoc.MemberOf("customerAccount", jsondoc.ArrayOf(siblings...))))))
	}
	if contacts := p.contacts(); len(contacts) > 0 {
		members = append(members, jsondoc.MemberOf("contact", jsondoc.ArrayOf(contacts...)))
	}
	members = append(members, jsondoc.MemberOf("customer", jsondoc.ObjectOf(
		jsondoc.MemberOf("id", jsondoc.Text(customerID(p.whole.Account.ID))), jsondoc.MemberOf("name", jsondoc.Text(customerName(p.whole))))))
	members = append(members, jsondoc.MemberOf("customerAccountBalance", jsondoc.ArrayOf(p.balances()...)))
	if plan, found := p.plan(); found {
		members = append(members, jsondoc.MemberOf("paymentPlan", jsondoc.ArrayOf(plan)))
	}
	return jsondoc.ObjectOf(members...)
}

func accountType(a *customer.Account) string {
	if a.Type == customer.Company {
		return business
	}
	return residential
}

// status is the condition that matters most. It follows from what is kept alone,
// not from the time of day: an invoice that nobody has dunned yet is Due.
func (p *accountParts) status() string {
	used, barred := false, true
	for _, s := range p.whole.SubscriptionsOf(p.group.ID) {
		if s.State == customer.Active || s.State == customer.Blocked {
			used, barred = true, barred && s.State == customer.Blocked
		}
	}
	s := p.standing
	switch {
	case p.whole.Account.State == customer.Closed:
		return accountClosed
	case s.Dunning == ledger.Collection:
		return accountInCollection
	case s.Dunning != ledger.NotDunned:
		return accountInArrears
	case used && barred:
		return accountSuspended
	case len(s.Open) > 0:
		return accountDue
	case s.Billed:
		return accountPaid
	case used || s.Posted:
		return accountActive
	}
	return accountCreated
}

// receivable is what the customer owes: a balance below 0, without its sign.
func receivable(g *customer.BillingGroup) decimal.Decimal {
	return decimal.Max(g.Balance.Amount.Neg(), decimal.Zero)
}

// balances are one entry of what is owed and, when there is money of the
// customer's, one of that.
func (p *accountParts) balances() []jsondoc.Value {
	entry := func(kind string, amount decimal.Decimal, status string) jsondoc.Value {
		members := []jsondoc.Member{jsondoc.MemberOf("type", jsondoc.Text(kind)), jsondoc.MemberOf("amount", numberOfDecimal(amount))}
		if !p.standing.Last.IsZero() {
			members = append(members, since(p.standing.Last))
		}
		return jsondoc.ObjectOf(append(members, jsondoc.MemberOf("status", jsondoc.Text(status)))...)
	}
	owed, status := receivable(p.group), accountPaid
	if owed.IsPositive() {
		status = accountDue
	}
	entries := []jsondoc.Value{entry(receivableBalance, owed, status)}
	if balance := p.group.Balance.Amount; balance.IsPositive() {
		entries = append(entries, entry(depositBalance, balance, accountPaid))
	}
	return entries
}

func (p *accountParts) siblings() []jsondoc.Value {
	var refs []jsondoc.Value
	for _, g := range p.whole.BillingGroups {
		if g.ID != p.group.ID {
			refs = append(refs, jsondoc.ObjectOf(jsondoc.MemberOf("id", jsondoc.Text(accountID(g.ID))), jsondoc.MemberOf("name", jsondoc.Text(fallback(g.Name, g.ID.String())))))
		}
	}
	return refs
}

// contacts are the owner of the group, its billing address and the account's
// delivery address, each where there is one.
func (p *accountParts) contacts() []jsondoc.Value {
	var contacts []jsondoc.Value
	for _, c := range []struct {
		kind, role string
		user       store.ID
	}{
		{contactPrimary, "Owner", p.group.Owner},
		{contactBilling, "BillingAddress", p.group.BillingAddress},
		{contactDelivery, "DeliveryAddress", p.whole.Account.DeliveryAddress},
	} {
		u := p.whole.User(c.user)
		if u == nil {
			continue
		}
		members := []jsondoc.Member{
			jsondoc.MemberOf("contactType", jsondoc.Text(c.kind)),
			jsondoc.MemberOf("contactName", jsondoc.Text(userName(u))),
			jsondoc.MemberOf("partyRoleType", jsondoc.Text(c.role)),
		}
		if media := waysToReach(u); len(media) > 0 {
			members = append(members, jsondoc.MemberOf("contactMedium", jsondoc.ArrayOf(media...)))
		}
		contacts = append(contacts, jsondoc.ObjectOf(append(members, jsondoc.MemberOf("relatedParty", p.party(u, "customer")))...))
	}
	return contacts
}

// The contactTypes that the business knows.
const (
	contactPrimary  = "primary"
	contactBilling  = "billing"
	contactDelivery = "delivery"
)

func (p *accountParts) party(u *customer.User, role string) jsondoc.Value {
	return partyOf(u, role, p.origin)
}

var frequencies = map[catalogue.BillingCycle]string{
	catalogue.Weekly: "weekly", catalogue.Monthly: "monthly", catalogue.Quarterly: "quarterly", catalogue.Yearly: "yearly",
}

// plan is the one that follows from how the group is billed and paid. One that is
// neither billed nor has a way to pay has none.
func (p *accountParts) plan() (jsondoc.Value, bool) {
	frequency := frequencies[p.cycle]
	if frequency == "" && p.mean == "" {
		return jsondoc.Value{}, false
	}
	kind := "Invoice"
	if frequency == "" {
		kind = "Prepaid"
	}
	members := []jsondoc.Member{jsondoc.MemberOf("status", jsondoc.Text("Effective")), jsondoc.MemberOf("type", jsondoc.Text(kind)), jsondoc.MemberOf("priority", jsondoc.NumberOf("1"))}
	if frequency != "" {
		members = append(members, jsondoc.MemberOf("paymentFrequency", jsondoc.Text(frequency)))
	}
	if !p.group.Created.IsZero() {
		members = append(members, since(p.group.Created))
	}
	if p.mean != "" {
		members = append(members, jsondoc.MemberOf("paymentMean", jsondoc.ObjectOf(jsondoc.MemberOf("id", jsondoc.Text(p.mean)))))
	}
	return jsondoc.ObjectOf(members...), true
}

// The letters that ids begin with (tmf-customer.md 8.2).
func accountID(id store.ID) string { return "ca" + id.String() }

func since(t time.Time) jsondoc.Member {
	return jsondoc.MemberOf("validFor", jsondoc.ObjectOf(jsondoc.MemberOf("startDateTime", jsondoc.Text(dialect.WriteInstant(t)))))
}

func numberOfDecimal(d decimal.Decimal) jsondoc.Value { return jsondoc.NumberOf(d.String()) }

func fallback(text, otherwise string) string {
	if strings.TrimSpace(text) == "" {
		return otherwise
	}
	return text
}
