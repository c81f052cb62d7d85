package tmf

import (
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
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
func (p *accountParts) project() Value {
	g := p.group
	members := []Member{
		MemberOf("name", Text(fallback(g.Name, g.ID.String()))),
		MemberOf("accountType", Text(accountType(p.whole.Account))),
		MemberOf("status", Text(p.status())),
	}
	if owner := p.whole.User(g.Owner); owner != nil && owner.CreditLimit > 0 {
		members = append(members, MemberOf("creditLimit", NumberOf(strconv.FormatInt(owner.CreditLimit, 10))))
	}
	members = append(members, MemberOf("receivableBalance", numberOfDecimal(receivable(p.group))))
	if siblings := p.siblings(); len(siblings) > 0 {
		members = append(members, MemberOf("customerAccountRelationship", ArrayOf(ObjectOf(
			MemberOf("relationshipType", Text("sameCustomer")), MemberOf("customerAccount", ArrayOf(siblings...))))))
	}
	if contacts := p.contacts(); len(contacts) > 0 {
		members = append(members, MemberOf("contact", ArrayOf(contacts...)))
	}
	members = append(members, MemberOf("customer", ObjectOf(
		MemberOf("id", Text(customerID(p.whole.Account.ID))), MemberOf("name", Text(customerName(p.whole))))))
	members = append(members, MemberOf("customerAccountBalance", ArrayOf(p.balances()...)))
	if plan, found := p.plan(); found {
		members = append(members, MemberOf("paymentPlan", ArrayOf(plan)))
	}
	return ObjectOf(members...)
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
	case s.Dunning == billing.Collection:
		return accountInCollection
	case s.Dunning != billing.NotDunned:
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
func (p *accountParts) balances() []Value {
	entry := func(kind string, amount decimal.Decimal, status string) Value {
		members := []Member{MemberOf("type", Text(kind)), MemberOf("amount", numberOfDecimal(amount))}
		if !p.standing.Last.IsZero() {
			members = append(members, since(p.standing.Last))
		}
		return ObjectOf(append(members, MemberOf("status", Text(status)))...)
	}
	owed, status := receivable(p.group), accountPaid
	if owed.IsPositive() {
		status = accountDue
	}
	entries := []Value{entry(receivableBalance, owed, status)}
	if balance := p.group.Balance.Amount; balance.IsPositive() {
		entries = append(entries, entry(depositBalance, balance, accountPaid))
	}
	return entries
}

func (p *accountParts) siblings() []Value {
	var refs []Value
	for _, g := range p.whole.BillingGroups {
		if g.ID != p.group.ID {
			refs = append(refs, ObjectOf(MemberOf("id", Text(accountID(g.ID))), MemberOf("name", Text(fallback(g.Name, g.ID.String())))))
		}
	}
	return refs
}

// contacts are the owner of the group, its billing address and the account's
// delivery address, each where there is one.
func (p *accountParts) contacts() []Value {
	var contacts []Value
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
		members := []Member{
			MemberOf("contactType", Text(c.kind)),
			MemberOf("contactName", Text(userName(u))),
			MemberOf("partyRoleType", Text(c.role)),
		}
		if media := waysToReach(u); len(media) > 0 {
			members = append(members, MemberOf("contactMedium", ArrayOf(media...)))
		}
		contacts = append(contacts, ObjectOf(append(members, MemberOf("relatedParty", p.party(u, "customer")))...))
	}
	return contacts
}

// The contactTypes that the business knows.
const (
	contactPrimary  = "primary"
	contactBilling  = "billing"
	contactDelivery = "delivery"
)

func (p *accountParts) party(u *customer.User, role string) Value {
	return partyOf(u, role, p.origin)
}

var frequencies = map[catalogue.BillingCycle]string{
	catalogue.Weekly: "weekly", catalogue.Monthly: "monthly", catalogue.Quarterly: "quarterly", catalogue.Yearly: "yearly",
}

// plan is the one that follows from how the group is billed and paid. One that is
// neither billed nor has a way to pay has none.
func (p *accountParts) plan() (Value, bool) {
	frequency := frequencies[p.cycle]
	if frequency == "" && p.mean == "" {
		return Value{}, false
	}
	kind := "Invoice"
	if frequency == "" {
		kind = "Prepaid"
	}
	members := []Member{MemberOf("status", Text("Effective")), MemberOf("type", Text(kind)), MemberOf("priority", NumberOf("1"))}
	if frequency != "" {
		members = append(members, MemberOf("paymentFrequency", Text(frequency)))
	}
	if !p.group.Created.IsZero() {
		members = append(members, since(p.group.Created))
	}
	if p.mean != "" {
		members = append(members, MemberOf("paymentMean", ObjectOf(MemberOf("id", Text(p.mean)))))
	}
	return ObjectOf(members...), true
}

// The letters that ids begin with (tmf-customer.md 8.2).
func accountID(id store.ID) string { return "ca" + id.String() }

func since(t time.Time) Member {
	return MemberOf("validFor", ObjectOf(MemberOf("startDateTime", Text(writeInstant(t)))))
}

func numberOfDecimal(d decimal.Decimal) Value { return NumberOf(d.String()) }

func fallback(text, otherwise string) string {
	if strings.TrimSpace(text) == "" {
		return otherwise
	}
	return text
}
