package tmf

import (
	"strings"
	"time"

	"rator/card"
	"rator/customer"
	"rator/store"
)

// How a Billing Group pays as a paymentMean of the 2014 dialect (tmf-customer.md
// 8.1, 8.5): its bank details, and its recharge ticket, each one of its own.

// The types of payment mean that the business knows.
const (
	bankAccountDebit = "BankAccountDebit"
	creditCardType   = "CreditCard"
)

func meanID(id store.ID) string { return "pm" + id.String() }

// hasBank reports whether a billing group has bank details.
func hasBank(g *customer.BillingGroup) bool {
	return g.IBANNumber+g.BankAccountNumber+g.BankIdentifierCode+g.BankRegNumber+g.PBSNumber+g.EANNumber != ""
}

// projectBank gives the bank details of a billing group as a payment mean. One
// that a client made for the group is shown as that client's, changed by what the
// business has.
func projectBank(w *customer.Whole, g *customer.BillingGroup, origin string) Value {
	return ObjectOf(
		MemberOf("name", Text("Bank account of "+fallback(g.Name, g.ID.String()))),
		MemberOf("type", Text(bankAccountDebit)),
		MemberOf("bankAccount", bankOf(w, g)),
		MemberOf("relatedParty", payerOf(w, g, origin)),
	)
}

// bankOf is bankAccount. A national account number has no place of its own: it
// stands beside the others.
func bankOf(w *customer.Whole, g *customer.BillingGroup) Value {
	var members []Member
	for _, m := range []struct{ name, text string }{
		{"BIC", g.BankIdentifierCode},
		{"IBAN", g.IBANNumber},
		{"accountNumber", g.BankAccountNumber},
		{"registrationNumber", g.BankRegNumber},
		{"PBSNumber", g.PBSNumber},
		{"EANNumber", g.EANNumber},
	} {
		if m.text != "" {
			members = append(members, MemberOf(m.name, Text(m.text)))
		}
	}
	if owner := w.User(g.Owner); owner != nil {
		members = append(members, MemberOf("accountHolder", Text(userName(owner))))
	}
	return ObjectOf(members...)
}

// projectTicket gives the recharge ticket of a billing group: it stands for a card
// that is kept elsewhere, so nothing is known of its number.
func projectTicket(w *customer.Whole, t *customer.RechargeTicket, origin string) Value {
	g := w.BillingGroup(t.BillingGroup)
	name, holder := g.ID.String(), ""
	if g != nil {
		name = fallback(g.Name, name)
		if owner := w.User(g.Owner); owner != nil {
			holder = userName(owner)
		}
	}
	credit := []Member{}
	if holder != "" {
		credit = append(credit, MemberOf("creditCardHolder", Text(holder)))
	}
	credit = append(credit, MemberOf("type", Text(t.TicketType)), MemberOf("number", Text(card.Masked)), MemberOf("ticket", Text(t.TicketID)))
	return ObjectOf(
		MemberOf("name", Text("Recharge ticket of "+name)),
		MemberOf("type", Text(creditCardType)),
		MemberOf("creditCard", ObjectOf(credit...)),
		MemberOf("relatedParty", payerOf(w, g, origin)),
	)
}

func payerOf(w *customer.Whole, g *customer.BillingGroup, origin string) Value {
	if g != nil {
		if owner := w.User(g.Owner); owner != nil {
			return partyOf(owner, "payer", origin)
		}
	}
	return ObjectOf(MemberOf("role", Text("payer")))
}

// bankFields puts what a document says of a bank account into a billing group's
// fields. Spaces in an IBAN are for people.
func bankFields(doc Value, f *customer.BillingGroupFields) {
	bank, _ := doc.Get("bankAccount")
	text := func(name string) string {
		_, v, _ := bankAccount2014.Field(name).In(bank)
		return v.Text()
	}
	f.BankIdentifierCode = strings.TrimSpace(text("BIC"))
	f.IBANNumber = strings.ReplaceAll(text("IBAN"), " ", "")
	f.BankAccountNumber = text("accountNumber")
	f.BankRegNumber = text("registrationNumber")
	f.PBSNumber = text("PBSNumber")
	f.EANNumber = text("EANNumber")
}

// tamed is a payment mean as it may be kept: without what must not be sent, the
// number of a card masked, and its expiry the end of the month. It fails with a
// *Problem. shown is as in refuseCardData.
func tamed(doc, shown Value) (Value, error) {
	credit, found := doc.Get("creditCard")
	if found && credit.Kind() == Object {
		if number, found := credit.Get("number"); found && number.Kind() == String {
			credit = credit.With("number", Text(card.MaskNumber(number.Text())))
		}
		if expires, found := credit.Get("expirationDate"); found && expires.Kind() == String {
			credit = credit.With("expirationDate", Text(endOfMonth(expires.Text())))
		}
		doc = doc.With("creditCard", credit)
	}
	return doc, refuseCardData(doc, shown)
}

// endOfMonth is the last day of the month that a date-time names: a card expires
// then (tmf-customer.md 8.5). A day that is the last one stays as it was written.
func endOfMonth(literal string) string {
	if _, _, ok := parseInstant(literal, time.UTC); !ok {
		return literal
	}
	// The month is the one that was written, whatever it is in UTC.
	written, _, _ := parseInstant(literal[:len(time.DateOnly)], time.UTC)
	if last := daysIn(written.Year(), int(written.Month())); written.Day() != last {
		return writeInstant(time.Date(written.Year(), written.Month(), last, 0, 0, 0, 0, time.UTC))
	}
	return literal
}
