package tmf_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf/jsondoc"
)

const plainMean = `{"name":"my bank","type":"BankAccountDebit","bankAccount":{"IBAN":"DK5000400440116243","BIC":"DABADKKK","accountHolder":"Åse"},"relatedParty":{"id":"1"}}`

// TestAccountsOfKnownCustomers: an account that names a customer is a billing group,
// changed and deleted as one.
func TestAccountsOfKnownCustomers(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	example := strings.Replace(s.seed(t, "customerAccount"), `"customer": {
    "id": "1"`, `"customer": {"id": "c`+g.account.String()+`"`, 1)
	if example == s.seed(t, "customerAccount") {
		v, err := read(example)
		if err != nil {
			t.Fatal(err)
		}
		ref, _ := v.Get("customer")
		example = strings.Replace(v.String(), ref.String(), `{"id":"c`+g.account.String()+`"}`, 1)
	}
	made := s.do(t, "POST", accountPath, example)
	if made.status != 201 {
		t.Fatalf("%d %s", made.status, made.body)
	}
	for path, want := range map[string]string{"status": "in progress", "pin": "pin0", "receivableBalance": "52.3", "creditLimit": "1212121",
		"customer.id": "c" + g.account.String(), "paymentPlan.type": "Type1", "contact.contactName": "DisplayName", "customerAccountTaxExemption.reason": "Reason"} {
		if got := made.member(t, path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	id := strings.TrimPrefix(made.member(t, "id"), "ca")
	object, err := store.ParseID(id)
	if err != nil {
		t.Fatal(err)
	}
	path := accountPath + "/ca" + id
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		b, err := customer.BillingGroupByID(tx, demo, object)
		if err == nil && (b.Account != g.account || b.Name != "sampleaccount") {
			t.Errorf("the billing group is %+v", b)
		}
		u, err2 := customer.UserByID(tx, demo, g.owner)
		if err2 == nil && u.CreditLimit != 1212121 {
			t.Errorf("credit limit %d", u.CreditLimit)
		}
		return err
	})
	// An unchanged PUT changes nothing but the time.
	if put := s.do(t, "PUT", path, made.body); put.status != 200 || strings.ReplaceAll(put.body, put.member(t, "lastModified"), "") != strings.ReplaceAll(made.body, made.member(t, "lastModified"), "") {
		t.Errorf("put back\n%s\nwas\n%s", put.body, made.body)
	}
	for _, c := range []struct {
		patch, code string
		status      int
	}{
		{`{"status":"Due"}`, "4002", 400},
		{`{"status":"closed"}`, "4002", 400},
		{`{"customer":{"id":"nobody"}}`, "4004", 400},
		{`{"id":"x"}`, "4011", 400},
		{`{"lastModified":"2014-01-01"}`, "4011", 400},
		{`{"name":null}`, "4003", 400},
		{`{"accountType":null}`, "4003", 400},
		{`{"x":{"cvv":"1"}}`, "4000", 400},
	} {
		s.do(t, "PATCH", path, c.patch).refused(t, c.status, c.code)
	}
	a := s.do(t, "PATCH", path, `{"name":"Summer house","creditLimit":500,"description":"d","status":"odd","extra":{"a":[1.50]}}`)
	for p, want := range map[string]string{"name": "Summer house", "creditLimit": "500", "description": "d", "status": "odd", "extra.a": "[1.50]"} {
		if got := a.member(t, p); got != want {
			t.Errorf("%s is %s, want %s: %s", p, got, want, a.body)
		}
	}
	// A newer change over SOAP is not hidden; what it does not touch stays.
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateBillingGroup(tx, demo, object, func(f *customer.BillingGroupFields) error { f.Name = "Winter house"; return nil })
		if err == nil {
			_, err = customer.UpdateUser(tx, demo, g.owner, func(f *customer.UserFields) error { f.CreditLimit = 3; return nil })
		}
		return err
	})
	a = s.get(t, path)
	for p, want := range map[string]string{"name": "Winter house", "creditLimit": "3", "description": "d", "status": "odd", "receivableBalance": "52.3"} {
		if got := a.member(t, p); got != want {
			t.Errorf("%s is %s, want %s: %s", p, got, want, a.body)
		}
	}
	// The first posting ends what clients said of balances and status, for good.
	for _, amount := range []string{"-5", ""} {
		s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
			if amount == "" {
				_, err := billing.SavePayment(tx, demo, object, ledger.PaymentFields{Amount: decimal.RequireFromString("5"), Captured: true})
				return err
			}
			_, err := billing.OpenBalance(tx, demo, object, decimal.RequireFromString(amount), "")
			return err
		})
	}
	a = s.do(t, "PATCH", path, `{"receivableBalance":99}`)
	if a.status != 200 || a.member(t, "receivableBalance") != "0" || strings.Contains(a.body, "52.3") || a.member(t, "status") != "Active" {
		t.Errorf("%s", a.body)
	}
	s.do(t, "DELETE", path, "").refused(t, 409, "4090", "BILLING_GROUP_HAS_MONEY")
	s.do(t, "DELETE", g.path(), "").refused(t, 409, "4090", "BILLING_GROUP_HAS_MEMBERS")
	other := s.signUp(t, customer.Private, "POST_PAID")
	s.do(t, "DELETE", other.path(), "").refused(t, 409, "4090", "LAST_BILLING_GROUP")
	s.do(t, "POST", accountPath, `{"name":"Winter house","accountType":"x","customer":{"id":"c`+g.account.String()+`"}}`).refused(t, 409, "4090", "BILLING_GROUP_NAME_NOT_UNIQUE")
}

// TestAccountsFindTheirCustomer: an account without one, or with an unknown one, is
// kept whole, and becomes a billing group of the same id.
func TestAccountsFindTheirCustomer(t *testing.T) {
	s := newBranch(t)
	g, other := s.signUp(t, customer.Private, "POST_PAID"), s.signUp(t, customer.Company, "POST_PAID")
	id := s.create(t, accountPath, `{"name":"lone","accountType":"Residential","description":"kept","customer":{"id":"c77"}}`)
	path := accountPath + "/" + id
	if a := s.get(t, accountPath+"?customer.id=c77"); len(a.value(t).Items()) != 1 {
		t.Errorf("not found by its dangling customer: %s", a.body)
	}
	if a := s.do(t, "PATCH", path, `{"name":"loner","customer":null}`); a.status != 200 || a.member(t, "name") != "loner" || strings.Contains(a.body, "c77") {
		t.Errorf("%s", a.body)
	}
	a := s.do(t, "PATCH", path, `{"customer":{"id":"c`+g.account.String()+`"}}`)
	if a.status != 200 || a.member(t, "id") != id || a.member(t, "description") != "kept" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	owners := func(want store.ID) {
		t.Helper()
		s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
			object, _ := store.ParseID(strings.TrimPrefix(id, "ca"))
			b, err := customer.BillingGroupByID(tx, demo, object)
			if err == nil && (b.Account != want || b.Name != "loner") {
				t.Errorf("%+v", b)
			}
			return err
		})
	}
	owners(g.account)
	if a := s.do(t, "PATCH", path, `{"customer":{"id":"c`+other.account.String()+`"}}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	owners(other.account)
	s.do(t, "PATCH", other.path(), `{"customer":{"id":"c`+g.account.String()+`"}}`).refused(t, 409, "4090", "HAS_MEMBERS")
	if items := s.get(t, accountPath).value(t).Items(); len(items) != 3 {
		t.Errorf("the list has %d", len(items))
	}
	if d := s.do(t, "DELETE", path, ""); d.status != 204 {
		t.Errorf("%d %s", d.status, d.body)
	}
	s.do(t, "GET", path, "").refused(t, 404, "4041")
}

// TestAccountContacts: contacts make users what they are to the billing group.
func TestAccountContacts(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	a := s.do(t, "PATCH", g.path(), `{"contact":[{"contactType":"Billing","contactName":"Bo Ek","contactMedium":[{"type":"Email","medium":{"emailAddress":"bo@example.com"}}]},{"contactType":"technical","contactName":"Cy"}]}`)
	if a.status != 200 || !strings.Contains(a.body, `"contactName":"Cy"`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var address store.ID
	look := func(check func(b *customer.BillingGroup, u *customer.User)) {
		t.Helper()
		s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
			b, err := customer.BillingGroupByID(tx, demo, g.group)
			if err != nil || b.BillingAddress == 0 {
				check(b, nil)
				return err
			}
			u, err := customer.UserByID(tx, demo, b.BillingAddress)
			check(b, u)
			return err
		})
	}
	look(func(b *customer.BillingGroup, u *customer.User) {
		if u == nil || u.Email != "bo@example.com" || u.FirstName != "Bo" || u.LastName != "Ek" {
			t.Fatalf("the billing address is %+v", u)
		}
		address = u.ID
	})
	if a := s.do(t, "PATCH", g.path(), `{"contact":[{"contactType":"primary","contactName":"Bo","relatedParty":{"id":"`+address.String()+`"}}]}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	look(func(b *customer.BillingGroup, _ *customer.User) {
		if b.Owner != address || b.BillingAddress != 0 {
			t.Errorf("%+v", b)
		}
	})
}

// TestPaymentMeans: bank details of a billing group, and what clients make.
func TestPaymentMeans(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	bank := func(iban string) {
		t.Helper()
		s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateBillingGroup(tx, demo, g.group, func(f *customer.BillingGroupFields) error { f.IBANNumber = iban; return nil })
			return err
		})
	}
	path := meanPath + "/pm" + g.group.String()
	s.do(t, "GET", path, "").refused(t, 404, "4041")
	bank("DK5000400440116243")
	a := s.get(t, path)
	for p, want := range map[string]string{"type": "BankAccountDebit", "bankAccount.IBAN": "DK5000400440116243", "bankAccount.accountHolder": "Åse Øre", "relatedParty.id": g.owner.String()} {
		if got := a.member(t, p); got != want {
			t.Errorf("%s is %s, want %s: %s", p, got, want, a.body)
		}
	}
	if a := s.do(t, "PATCH", path, `{"name":"mine","bankAccount":{"BIC":"DABADKKK"}}`); a.status != 200 || a.member(t, "name") != "mine" || a.member(t, "bankAccount.BIC") != "DABADKKK" {
		t.Errorf("%d %s", a.status, a.body)
	}
	bank("DE89370400440532013000")
	if a := s.get(t, path); a.member(t, "bankAccount.IBAN") != "DE89370400440532013000" || a.member(t, "name") != "mine" {
		t.Errorf("a newer change is hidden: %s", a.body)
	}
	if d := s.do(t, "DELETE", path, ""); d.status != 204 {
		t.Errorf("%d %s", d.status, d.body)
	}
	s.do(t, "GET", path, "").refused(t, 404, "4041")
	// One that a client made is the group's once a plan refers to it.
	id := s.create(t, meanPath, plainMean)
	plan := s.do(t, "PATCH", g.path(), `{"paymentPlan":[{"status":"Effective","type":"monthly","priority":1,"paymentMean":{"id":"`+id+`"}}]}`)
	if plan.status != 200 {
		t.Fatalf("%d %s", plan.status, plan.body)
	}
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		b, err := customer.BillingGroupByID(tx, demo, g.group)
		if err == nil && (b.IBANNumber != "DK5000400440116243" || b.BankIdentifierCode != "DABADKKK") {
			t.Errorf("%+v", b.BillingGroupFields)
		}
		return err
	})
	bank("DE89370400440532013000")
	if a := s.get(t, meanPath+"/"+id); a.member(t, "bankAccount.IBAN") != "DE89370400440532013000" || a.member(t, "bankAccount.accountHolder") != "Åse" {
		t.Errorf("%s", a.body)
	}
	if items := s.get(t, meanPath).value(t).Items(); len(items) != 1 {
		t.Errorf("the list has %d", len(items))
	}
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateRechargeTicket(tx, demo, g.group, customer.RechargeTicketFields{TicketID: "1:2"})
		return err
	})
	if a := s.get(t, meanPath+"?type=CreditCard"); len(a.value(t).Items()) != 1 || a.member(t, "creditCard.ticket") != "1:2" || a.member(t, "relatedParty.name") != "Åse Øre" {
		t.Errorf("the ticket is %s", a.body)
	}
	s.do(t, "POST", meanPath, `{"name":"x","type":"creditcard","relatedParty":{}}`).refused(t, 400, "4003", "creditCard")
	s.do(t, "POST", meanPath, `{"name":"x","type":"BankAccountDebit","relatedParty":{}}`).refused(t, 400, "4003", "bankAccount")
	s.do(t, "POST", meanPath, `{"name":"x","type":"Cash"}`).refused(t, 400, "4003", "relatedParty")
	s.create(t, meanPath, `{"name":"x","type":"Cash","relatedParty":{}}`)
}

// TestNoCardNumberIsStored looks for it in the whole file of the store.
func TestNoCardNumberIsStored(t *testing.T) {
	s := newBranch(t)
	const card = "4111111111111111"
	body := `{"name":"c","type":"CreditCard","creditCard":{"number":"` + card + `","type":"Visa","expirationDate":"2027-02-10"},"relatedParty":{"id":"1"}}`
	a := s.do(t, "POST", meanPath, body, "Idempotency-Key: k1")
	if a.status != 201 || a.member(t, "creditCard.number") != "xxxxxx1111" || a.member(t, "creditCard.expirationDate") != "2027-02-28T00:00:00Z" {
		t.Errorf("%d %s", a.status, a.body)
	}
	again := s.do(t, "POST", meanPath, body, "Idempotency-Key: k1")
	if again.body != a.body || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%s", again.body)
	}
	path := meanPath + "/" + a.member(t, "id")
	if p := s.do(t, "PATCH", path, `{"creditCard":{"number":"4111 1111 1111 1111"}}`); p.status != 200 || strings.Contains(p.body, "4111") {
		t.Errorf("%s", p.body)
	}
	for i, refused := range []string{
		`{"creditCard":{"cvv":"987654"}}`, `{"x":[{"Track2":"987654"}]}`, `{"description":"` + card + `"}`, `{"creditCard":{"pan":"` + card + `"}}`,
	} {
		s.do(t, "PATCH", path, refused, "Idempotency-Key: r"+string(rune(48+i))).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
		whole := strings.Replace(body, `"name":"c",`, `"name":"c",`+refused[1:len(refused)-1]+`,`, 1)
		if !strings.Contains(refused, "creditCard") {
			s.do(t, "POST", meanPath, whole).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
			s.do(t, "POST", accountPath, `{"name":"a","accountType":"b",`+refused[1:]).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
		}
	}
	b := servertest.Kept(t, s.store)
	for _, never := range []string{card, "4111 1111", "987654"} {
		if strings.Contains(b, never) {
			t.Errorf("%s is in the store", never)
		}
	}
	if !strings.Contains(b, "xxxxxx1111") {
		t.Error("the masked number is not in the store: this test sees nothing")
	}
}

// TestCardDataOfAccountsAndMeans is refused however it comes; what other faces put
// into an account keeps no client from changing something else.
func TestCardDataOfAccountsAndMeans(t *testing.T) {
	s := newBranch(t)
	const card = "4111111111111111"
	g := s.signUp(t, customer.Private, "POST_PAID")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateUser(tx, demo, g.owner, func(f *customer.UserFields) error { f.Phone1, f.Street = card, card; return nil })
		return err
	})
	if a := s.do(t, "PATCH", g.path(), `{"description":"d"}`); a.status != 200 || !strings.Contains(a.body, card) {
		t.Errorf("%d %s", a.status, a.body)
	}
	mean := s.create(t, meanPath, plainMean)
	for path, whole := range map[string]string{g.path(): `"name":"a","accountType":"b"`, meanPath + "/" + mean: plainMean[1 : len(plainMean)-1]} {
		for _, member := range []string{`"description":"` + card + `"`, `"cvc":"123"`, `"x":[{"trackData":"B4"}]`, `"x":[{"name":"security code","value":1}]`} {
			name, value, _ := strings.Cut(member, ":")
			s.do(t, "PUT", path, "{"+whole+","+member+"}").refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
			s.do(t, "PATCH", path, "{"+member+"}").refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
			s.do(t, "PATCH", path, `[{"op":"add","path":"/`+name[1:len(name)-1]+`","value":`+value+`}]`, jsonPatch).refused(t, 400, "4000", "CARD_NUMBER_REFUSED")
		}
	}
	number := `[{"op":"add","path":"/creditCard","value":{"number":"` + card + `","creditCardHolder":"h","type":"Visa","expirationDate":"2027-01-31"}}]`
	if a := s.do(t, "PATCH", meanPath+"/"+mean, number, jsonPatch); a.status != 200 || a.member(t, "creditCard.number") != "xxxxxx1111" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// TestAccountsByName: a name is looked up, not looked for; and a list goes on over
// its pages.
func TestAccountsByName(t *testing.T) {
	s := newBranch(t)
	for range 120 {
		s.signUp(t, customer.Private, "POST_PAID")
	}
	s.create(t, accountPath, `{"name":"lone","accountType":"Residential"}`)
	all := s.get(t, accountPath).value(t).Items()
	if len(all) != 121 {
		t.Fatalf("%d in the list", len(all))
	}
	for i, want := range []int{0, 99, 100, 119, 120} {
		page := s.do(t, "GET", accountPath+"?offset="+decimal.NewFromInt(int64(want)).String()+"&limit=1", "")
		if got := page.value(t).Items(); len(got) != 1 || got[0].String() != all[want].String() {
			t.Errorf("%d: page at %d: %d %s", i, want, page.status, page.body)
		}
	}
	name, _ := all[50].Get("name")
	for _, query := range []string{"name=" + name.Text(), "name=lone", "name=lone,lone", "id=" + idText(all[3]), "accountType=Residential&name=lone"} {
		if got := s.get(t, accountPath+"?"+query).value(t).Items(); len(got) != 1 {
			t.Errorf("%s finds %d", query, len(got))
		}
	}
	if got := s.get(t, accountPath+"?accountType=Residential&status=created").value(t).Items(); len(got) != 121 {
		t.Errorf("%d", len(got))
	}
}

func idText(v jsondoc.Value) string {
	id, _ := v.Get("id")
	return id.Text()
}

// TestCustomersPayByTheirMeans: one that a client made and a customer refers to is
// how its billing group pays, and both sides say so (tmf-customer.md 8.5).
func TestCustomersPayByTheirMeans(t *testing.T) {
	s := newBranch(t)
	first, second := s.create(t, meanPath, plainMean), s.create(t, meanPath, strings.Replace(plainMean, "my bank", "other bank", 1))
	made := s.do(t, "POST", v2014+"/customer", `{"name":"A B","paymentMean":[{"id":"`+first+`"},{"id":"pm7","name":"elsewhere"}]}`)
	if made.status != 201 || strings.Count(made.body, `"id":"pm`) != 2 {
		t.Fatalf("%d %s", made.status, made.body)
	}
	path := v2014 + "/customer/" + made.member(t, "id")
	group := made.member(t, "customerAccount.id")
	if a := s.get(t, accountPath+"/"+group); a.member(t, "paymentPlan.paymentMean.id") != first {
		t.Errorf("the account does not pay by it: %s", a.body)
	}
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		id, _ := store.ParseID(group[2:])
		b, err := customer.BillingGroupByID(tx, demo, id)
		if err == nil && b.IBANNumber != "DK5000400440116243" {
			t.Errorf("%+v", b.BillingGroupFields)
		}
		return err
	})
	tag := s.get(t, path).header.Get("ETag")
	if a := s.do(t, "PATCH", meanPath+"/"+first, `{"name":"renamed"}`); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := s.get(t, path); a.header.Get("ETag") == tag || !strings.Contains(a.body, "renamed") {
		t.Errorf("the customer has not noticed: %s", a.body)
	}
	// A second one has no group left; another group takes it.
	s.create(t, accountPath, `{"name":"second","accountType":"t","customer":{"id":"`+made.member(t, "id")+`"}}`)
	a := s.do(t, "PATCH", path, `[{"op":"add","path":"/paymentMean/-","value":{"id":"`+second+`"}}]`, jsonPatch)
	if a.status != 200 || strings.Count(a.body, `"id":"pm`) != 3 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if list := s.get(t, accountPath+"?name=second"); list.member(t, "paymentPlan.paymentMean.id") != second {
		t.Errorf("%s", list.body)
	}
}
