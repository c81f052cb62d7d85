package resource

import (
	"strings"
	"time"

	"rator/card"
	"rator/customer"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
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
func projectBank(w *customer.Whole, g *customer.BillingGroup, origin string) jsondoc.Value {
	return jsondoc.ObjectOf(
		jsondoc.MemberOf("name", jsondoc.Text("Bank account of "+fallback(g.Name, g.ID.String()))),
		jsondoc.MemberOf("type", jsondoc.Text(bankAccountDebit)),
		jsondoc.MemberOf("bankAccount", bankOf(w, g)),
		jsondoc.MemberOf("relatedParty", payerOf(w, g, origin)),
	)
}

// bankOf is bankAccount. A national account number has no place of its own: it
// stands beside the others.
func bankOf(w *customer.Whole, g *customer.BillingGroup) jsondoc.Value {
	var members []jsondoc.Member
	for _, m := range []struct{ name, text string }{
		{"BIC", g.BankIdentifierCode},
		{"IBAN", g.IBANNumber},
		{"accountNumber", g.BankAccountNumber},
		{"registrationNumber", g.BankRegNumber},
		{"PBSNumber", g.PBSNumber},
		{"EANNumber", g.EANNumber},
	} {
		if m.text != "" {
			members = append(members, jsondoc.MemberOf(m.name, jsondoc.Text(m.text)))
		}
	}
	if owner := w.User(g.Owner); owner != nil {
		members = append(members, jsondoc.MemberOf("accountHolder", jsondoc.Text(userName(owner))))
	}
	return jsondoc.ObjectOf(members...)
}

// projectTicket gives the recharge ticket of a billing group: it stands for a card
// that is kept elsewhere, so nothing is known of its number.
func projectTicket(w *customer.Whole, t *customer.RechargeTicket, origin string) jsondoc.Value {
	g := w.BillingGroup(t.BillingGroup)
	name, holder := g.ID.String(), ""
	if g != nil {
		name = fallback(g.Name, name)
		if owner := w.User(g.Owner); owner != nil {
			holder = userName(owner)
		}
	}
	credit := []jsondoc.Member{}
	if holder != "" {
		credit = append(credit, jsondoc.MemberOf("creditCardHolder", jsondoc.Text(holder)))
	}
	credit = append(credit, jsondoc.MemberOf("type", jsondoc.Text(t.TicketType)), jsondoc.MemberOf("number", jsondoc.Text(card.Masked)), jsondoc.MemberOf("ticket", jsondoc.Text(t.TicketID)))
	return jsondoc.ObjectOf(
		jsondoc.MemberOf("name", jsondoc.Text("Recharge ticket of "+name)),
		jsondoc.MemberOf("type", jsondoc.Text(creditCardType)),
		jsondoc.MemberOf("creditCard", jsondoc.ObjectOf(credit...)),
		jsondoc.MemberOf("relatedParty", payerOf(w, g, origin)),
	)
}

func payerOf(w *customer.Whole, g *customer.BillingGroup, origin string) jsondoc.Value {
	if g != nil {
		if owner := w.User(g.Owner); owner != nil {
			return partyOf(owner, "payer", origin)
		}
	}
	return jsondoc.ObjectOf(jsondoc.MemberOf("role", jsondoc.Text("payer")))
}

// bankFields puts what a document says of a bank account into a billing group's
// fields. Spaces in an IBAN are for people.
func bankFields(doc jsondoc.Value, f *customer.BillingGroupFields) {
	bank, _ := doc.Get("bankAccount")
	text := func(name string) string {
		_, v, _ := dialect.BankAccount2014.Field(name).In(bank)
		return v.Text()
	}
	f.BankIdentifierCode = strings.TrimSpace(text("BIC"))
	f.IBANNumber = strings.ReplaceAll(text("IBAN"), " ", "")
	f.BankAccountNumber = text("accountNumber")
	f.BankRegNumber = text("registrationNumber")
	f.PBSNumber = text("PBSNumber")
	f.EANNumber = text("EANNumber")
}

// maskedMean is a payment mean as it may be kept: without what must not be sent, the
// number of a card masked, and its expiry the end of the month. It fails with a
// *problem.Error. shown is as in refuseCardData.
func maskedMean(doc, shown jsondoc.Value) (jsondoc.Value, error) {
	credit, found := doc.Get("creditCard")
	if found && credit.Kind() == jsondoc.Object {
		if number, found := credit.Get("number"); found && number.Kind() == jsondoc.String {
			credit = credit.With("number", jsondoc.Text(card.MaskNumber(number.Text())))
		}
		if expires, found := credit.Get("expirationDate"); found && expires.Kind() == jsondoc.String {
			credit = credit.With("expirationDate", jsondoc.Text(endOfMonth(expires.Text())))
		}
		doc = doc.With("creditCard", credit)
	}
	return doc, refuseCardData(doc, shown)
}

// endOfMonth is the last day of the month that a date-time names: a card expires
// then (tmf-customer.md 8.5). A day that is the last one stays as it was written.
func endOfMonth(literal string) string {
	if _, _, ok := dialect.ParseInstant(literal, time.UTC); !ok {
		return literal
	}
	// The month is the one that was written, whatever it is in UTC.
	written, _, _ := dialect.ParseInstant(literal[:len(time.DateOnly)], time.UTC)
	if last := dialect.DaysIn(written.Year(), int(written.Month())); written.Day() != last {
		return dialect.WriteInstant(time.Date(written.Year(), written.Month(), last, 0, 0, 0, 0, time.UTC))
	}
	return literal
}
