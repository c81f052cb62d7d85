package resource_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"rator/tmf/jsondoc"
	"rator/tmf/tmftest"
)

// TestThousandAreComplete: every element of every list is as its document says
// (tmf-customer.md 0.7, 8.6), every reference that the server makes leads to what
// is listed, both ways, and the lists of the dialects have the same customers.
func TestThousandAreComplete(t *testing.T) {
	t.Parallel()
	ts, th := tmftest.NewThousand(t)
	all := ts.Describe(t)
	list := func(base, resource string) map[string]jsondoc.Value {
		a := ts.Ask(t, "GET", base+"/"+resource, "").Want(t, 200)
		items := map[string]jsondoc.Value{}
		for _, item := range a.Document(t).Items() {
			id := tmftest.TextAt(item, "id")
			if items[id].Kind() != jsondoc.Null {
				t.Errorf("%s lists %s twice", resource, id)
			}
			items[id] = item
			if href := tmftest.TextAt(item, "href"); href != tmftest.Host+base+"/"+resource+"/"+id {
				t.Errorf("%s has href %s", id, href)
			}
			if n := len(items); n%99 != 0 && n > len(tmftest.KindsOfCustomer) {
				continue // the whole list was held against the document already
			}
			if err := all.Is(base, strings.ToUpper(resource[:1])+resource[1:], item.String()); err != nil {
				t.Errorf("%s of %s: %v", item, base, err)
			}
		}
		return items
	}
	customers, accounts, means := list(tmftest.Dialect2014, "customer"), list(tmftest.Dialect2014, "customerAccount"), list(tmftest.Dialect2014, "paymentMean")
	if len(customers) != tmftest.ThousandCustomers || len(accounts) <= tmftest.ThousandCustomers || len(means) < tmftest.ThousandCustomers/10 {
		t.Fatalf("%d customers, %d accounts, %d payment means", len(customers), len(accounts), len(means))
	}
	for _, base := range []string{tmftest.DialectV3, tmftest.DialectV4} {
		later := list(base, "customer")
		if !slices.Equal(slices.Sorted(maps.Keys(customers)), slices.Sorted(maps.Keys(later))) {
			t.Errorf("%s has %d customers", base, len(later))
		}
		for id, c := range later {
			for _, name := range []string{"name", "status"} {
				if tmftest.TextAt(c, name) != tmftest.TextAt(customers[id], name) {
					t.Errorf("%s in %s: %s is %s, in 2014 %s", id, base, name, tmftest.TextAt(c, name), tmftest.TextAt(customers[id], name))
				}
			}
			if tmftest.TextAt(c, "engagedParty.id") != tmftest.TextAt(customers[id], "relatedParty.id") || len(tmftest.At(c, "account").Items()) != len(tmftest.At(customers[id], "customerAccount").Items()) ||
				len(tmftest.At(c, "paymentMethod").Items()) != len(tmftest.At(customers[id], "paymentMean").Items()) || len(tmftest.At(c, "contactMedium").Items()) != len(tmftest.At(customers[id], "contactMedium").Items()) {
				t.Errorf("%s in %s: %s\nin 2014: %s", id, base, c, customers[id])
			}
		}
	}
	accountsOf, meansOf := map[string]string{}, map[string]string{}
	for id, c := range customers {
		for _, ref := range tmftest.At(c, "customerAccount").Items() {
			accountsOf[tmftest.TextAt(ref, "id")] = id
			if a := accounts[tmftest.TextAt(ref, "id")]; tmftest.TextAt(a, "customer.id") != id || tmftest.TextAt(a, "name") != tmftest.TextAt(ref, "name") {
				t.Errorf("%s refers to %s, which is %s", id, ref, a)
			}
		}
		for _, ref := range tmftest.At(c, "paymentMean").Items() {
			meansOf[tmftest.TextAt(ref, "id")] = id
			if m := means[tmftest.TextAt(ref, "id")]; m.Kind() != jsondoc.Object || tmftest.TextAt(m, "name") != tmftest.TextAt(ref, "name") {
				t.Errorf("%s refers to %s, which is %s", id, ref, m)
			}
		}
	}
	planned := map[string]bool{}
	for id, a := range accounts {
		if accountsOf[id] == "" {
			t.Errorf("no customer refers to %s", a)
		}
		for _, plan := range tmftest.At(a, "paymentPlan").Items() {
			if mean := tmftest.TextAt(plan, "paymentMean.id"); mean != "null" {
				planned[mean] = true
				if meansOf[mean] != accountsOf[id] {
					t.Errorf("%s is paid by %s, which is of %q", id, mean, meansOf[mean])
				}
			}
		}
		for _, sibling := range tmftest.At(a, "customerAccountRelationship.customerAccount").Items() {
			if other := tmftest.TextAt(sibling, "id"); accountsOf[other] != accountsOf[id] {
				t.Errorf("%s is a sibling of %s", id, other)
			}
		}
	}
	for id, m := range means {
		if meansOf[id] == "" || tmftest.TextAt(m, "type") == "BankAccountDebit" && !planned[id] {
			t.Errorf("nobody refers to %s", m)
		}
	}
	for _, p := range th.People[:len(tmftest.KindsOfCustomer)] {
		for path, want := range wantOfKind[p.Kind] {
			resource, attribute, _ := strings.Cut(path, " ")
			doc := map[string]jsondoc.Value{"customer": customers["c"+p.Account], "account": accounts["ca"+p.Group], "other": accounts["ca"+p.Other], "mean": means["pm"+p.Group]}[resource]
			if got := tmftest.TextAt(doc, attribute); got != want {
				t.Errorf("%s: %s is %s, want %s: %s", p.Kind, path, got, want, doc)
			}
		}
		if len(wantOfKind[p.Kind]) == 0 {
			t.Errorf("nothing is wanted of a customer that is %s", p.Kind)
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
