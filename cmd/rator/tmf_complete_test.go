package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"rator/tmf/jsondoc"
)

// TestThousandAreComplete: every element of every list is as its document says
// (tmf-customer.md 0.7, 8.6), every reference that the server makes leads to what
// is listed, both ways, and the lists of the dialects have the same customers.
func TestThousandAreComplete(t *testing.T) {
	t.Parallel()
	ts, th := newThousandServer(t)
	all := ts.describe(t)
	list := func(base, resource string) map[string]jsondoc.Value {
		a := ts.ask(t, "GET", base+"/"+resource, "").want(t, 200)
		items := map[string]jsondoc.Value{}
		for _, item := range a.document(t).Items() {
			id := textAt(item, "id")
			if items[id].Kind() != jsondoc.Null {
				t.Errorf("%s lists %s twice", resource, id)
			}
			items[id] = item
			if href := textAt(item, "href"); href != tmfHost+base+"/"+resource+"/"+id {
				t.Errorf("%s has href %s", id, href)
			}
			if n := len(items); n%99 != 0 && n > len(kindsOfCustomer) {
				continue // the whole list was held against the document already
			}
			if err := all.byBase[base].is(strings.ToUpper(resource[:1])+resource[1:], item.String()); err != nil {
				t.Errorf("%s of %s: %v", item, base, err)
			}
		}
		return items
	}
	customers, accounts, means := list(dialect2014, "customer"), list(dialect2014, "customerAccount"), list(dialect2014, "paymentMean")
	if len(customers) != thousandCustomers || len(accounts) <= thousandCustomers || len(means) < thousandCustomers/10 {
		t.Fatalf("%d customers, %d accounts, %d payment means", len(customers), len(accounts), len(means))
	}
	for _, base := range []string{dialectV3, dialectV4} {
		later := list(base, "customer")
		if !slices.Equal(slices.Sorted(maps.Keys(customers)), slices.Sorted(maps.Keys(later))) {
			t.Errorf("%s has %d customers", base, len(later))
		}
		for id, c := range later {
			for _, name := range []string{"name", "status"} {
				if textAt(c, name) != textAt(customers[id], name) {
					t.Errorf("%s in %s: %s is %s, in 2014 %s", id, base, name, textAt(c, name), textAt(customers[id], name))
				}
			}
			if textAt(c, "engagedParty.id") != textAt(customers[id], "relatedParty.id") || len(at(c, "account").Items()) != len(at(customers[id], "customerAccount").Items()) ||
				len(at(c, "paymentMethod").Items()) != len(at(customers[id], "paymentMean").Items()) || len(at(c, "contactMedium").Items()) != len(at(customers[id], "contactMedium").Items()) {
				t.Errorf("%s in %s: %s\nin 2014: %s", id, base, c, customers[id])
			}
		}
	}
	accountsOf, meansOf := map[string]string{}, map[string]string{}
	for id, c := range customers {
		for _, ref := range at(c, "customerAccount").Items() {
			accountsOf[textAt(ref, "id")] = id
			if a := accounts[textAt(ref, "id")]; textAt(a, "customer.id") != id || textAt(a, "name") != textAt(ref, "name") {
				t.Errorf("%s refers to %s, which is %s", id, ref, a)
			}
		}
		for _, ref := range at(c, "paymentMean").Items() {
			meansOf[textAt(ref, "id")] = id
			if m := means[textAt(ref, "id")]; m.Kind() != jsondoc.Object || textAt(m, "name") != textAt(ref, "name") {
				t.Errorf("%s refers to %s, which is %s", id, ref, m)
			}
		}
	}
	planned := map[string]bool{}
	for id, a := range accounts {
		if accountsOf[id] == "" {
			t.Errorf("no customer refers to %s", a)
		}
		for _, plan := range at(a, "paymentPlan").Items() {
			if mean := textAt(plan, "paymentMean.id"); mean != "null" {
				planned[mean] = true
				if meansOf[mean] != accountsOf[id] {
					t.Errorf("%s is paid by %s, which is of %q", id, mean, meansOf[mean])
				}
			}
		}
		for _, sibling := range at(a, "customerAccountRelationship.customerAccount").Items() {
			if other := textAt(sibling, "id"); accountsOf[other] != accountsOf[id] {
				t.Errorf("%s is a sibling of %s", id, other)
			}
		}
	}
	for id, m := range means {
		if meansOf[id] == "" || textAt(m, "type") == "BankAccountDebit" && !planned[id] {
			t.Errorf("nobody refers to %s", m)
		}
	}
	for _, p := range th.people[:len(kindsOfCustomer)] {
		for path, want := range wantOfKind[p.kind] {
			resource, attribute, _ := strings.Cut(path, " ")
			doc := map[string]jsondoc.Value{"customer": customers["c"+p.account], "account": accounts["ca"+p.group], "other": accounts["ca"+p.other], "mean": means["pm"+p.group]}[resource]
			if got := textAt(doc, attribute); got != want {
				t.Errorf("%s: %s is %s, want %s: %s", p.kind, path, got, want, doc)
			}
		}
		if len(wantOfKind[p.kind]) == 0 {
			t.Errorf("nothing is wanted of a customer that is %s", p.kind)
		}
	}
}

// wantOfKind is what tmf-customer.md 8.3 and 8.4 make of the kinds of customer.
var wantOfKind = map[string]map[string]string{
	"lead":            {"customer status": "Created", "account status": "Created", "account accountType": "Residential", "account receivableBalance": "0", "account customerAccountBalance.type": "ReceivableBalance", "account customerAccountBalance.status": "Paid"},
	"pending":         {"customer status": "Created", "customer characteristic.3.value": "1"},
	"active":          {"customer status": "Active", "customer relatedParty.role": "customer", "account paymentPlan.paymentFrequency": "monthly", "account paymentPlan.status": "Effective", "account paymentPlan.priority": "1", "account contact.contactType": "primary"},
	"blocked":         {"customer status": "Suspended", "account status": "Suspended"},
	"lost":            {"customer status": "Suspended", "account status": "Suspended"},
	"terminated":      {"customer status": "Created", "customer characteristic.3.value": "0"},
	"company":         {"customer status": "Active", "account accountType": "Business", "customer name": "Øre 6 A/S"},
	"groups":          {"account customerAccountRelationship.relationshipType": "sameCustomer", "other name": "Summer house", "other contact.1.contactType": "billing", "other contact.1.contactName": "Bo Ek", "customer customerAccount.1.name": "Summer house"},
	"prepaid":         {"customer status": "Active", "account receivableBalance": "0", "account customerAccountBalance.1.type": "DepositBalance", "account customerAccountBalance.1.amount": "7.7", "account status": "Active"},
	"prepaid blocked": {"customer status": "Suspended", "account status": "Suspended"},
	"debt":            {"customer status": "Active"},
	"credit":          {"customer status": "Active", "account customerAccountBalance.1.type": "DepositBalance"},
	"bank":            {"mean type": "BankAccountDebit", "mean bankAccount.IBAN": "DK5000400440116243", "mean bankAccount.BIC": "DABADKKK", "mean bankAccount.accountHolder": "Åse Number 12", "mean relatedParty.role": "payer"},
	"ticket":          {"account paymentPlan.type": "Invoice"},
	"users":           {"other contact.contactName": "Bo Ek", "customer name": "Åse Number 14"},
	"closed":          {"customer status": "Terminated", "account status": "Closed", "customer name": "Åse Number 15"},
	"dunned":          {"account status": "In arrears", "account customerAccountBalance.status": "Due"},
	"paid":            {"account status": "Paid", "account receivableBalance": "0", "account customerAccountBalance.1.type": "DepositBalance"},
	"rich":            {"account creditLimit": "700", "account name": "Head office 18", "customer contactMedium.1.medium.emailAddress": "second@example.com"},
	"erased":          {"customer status": "Terminated", "account status": "Closed", "customer contactMedium": "null"},
}
