package tmf_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestOwnReferencesAreOneEntry: an account or payment mean that is the customer's own
// is there once, however a client names it, under the name that the client gave; what
// is somebody else's stays what the client wrote.
func TestOwnReferencesAreOneEntry(t *testing.T) {
	s := newShop(t)
	home := "http://tmf.example:8080" + v2014
	for _, d := range []struct{ base, accounts, means string }{{v2014, "customerAccount", "paymentMean"}, {v3, "account", "paymentMethod"}, {v4, "account", "paymentMethod"}} {
		id := s.create(t, d.base+"/customer", `{"name":"A B","engagedParty":{"id":"1","@referredType":"Individual"}}`)
		path := d.base + "/customer/" + id
		own := s.do(t, "GET", path, "").member(t, d.accounts+".id")
		bare := strings.TrimPrefix(own, "ca")
		count := func(body string, want ...string) {
			t.Helper()
			a := s.do(t, "PATCH", path, body)
			var got []string
			list, _ := a.value(t).Get(d.accounts)
			for _, item := range list.Items() {
				id, _ := item.Get("id")
				name, _ := item.Get("name")
				got = append(got, id.Text()+" "+name.Text())
			}
			if a.status/100 != 2 || strings.Join(got, ",") != strings.Join(want, ",") {
				t.Errorf("%s %s: %d %q, want %q", path, body, a.status, got, want)
			}
		}
		list := func(elements ...string) string {
			return fmt.Sprintf(`{"%s":[%s]}`, d.accounts, strings.Join(elements, ","))
		}
		ref := func(id, name string) string {
			return fmt.Sprintf(`{"id":"%s","href":"%s/customerAccount/%s","name":"%s"}`, id, home, id, name)
		}
		count(list(ref(own, "mine")), own+" mine")
		count(list(ref(bare, "bare")), own+" bare")
		count(list(ref(own, "first"), ref(bare, "second"), ref(own, "third")), own+" first")
		count(list(ref("ca7", "dangling"), ref(bare, "x")), "ca7 dangling", own+" x")
		if d.base == v4 {
			count(list(fmt.Sprintf(`{"href":"%s/customerAccount/%s","name":"by address"}`, home, own)), own+" by address")
			count(list(fmt.Sprintf(`{"href":"%s/customerAccount/ca8","name":"elsewhere"}`, home)), " elsewhere", own+" "+s.do(t, "GET", v2014+"/customerAccount/"+own, "").member(t, "name"))
			if a := s.do(t, "GET", path, ""); !strings.Contains(a.body, `"href":"`+home+`/customerAccount/ca8"`) {
				t.Errorf("%s: the address is lost: %s", path, a.body)
			}
		}
		if d.base == v2014 {
			count(fmt.Sprintf(`{"customerAccount":[{"id":%s,"name":"number"}]}`, bare), own+" number")
			a := s.do(t, "PATCH", v2014+"/customerAccount/"+own, fmt.Sprintf(`{"customer":{"id":"%s"}}`, strings.TrimPrefix(id, "c")))
			if a.status != 200 {
				t.Errorf("%d %s", a.status, a.body)
			}
		}

		mean := s.create(t, v2014+"/paymentMean", `{"name":"my bank","type":"BankAccountDebit","relatedParty":{},"bankAccount":{"IBAN":"DK5000400440116243"}}`)
		a := s.do(t, "PATCH", path, fmt.Sprintf(`{"%s":[{"id":"%s"}]}`, d.means, strings.TrimPrefix(mean, "pm")))
		means, _ := a.value(t).Get(d.means)
		if a.status/100 != 2 || len(means.Items()) != 1 || a.member(t, d.means+".id") != mean {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	mean := s.create(t, v2014+"/paymentMean", `{"name":"my bank","type":"BankAccountDebit","relatedParty":{},"bankAccount":{"IBAN":"DK5000400440116243"}}`)
	a := s.do(t, "POST", v2014+"/customer", fmt.Sprintf(`{"name":"A B","paymentMean":[{"id":"%s"},{"id":"%s"}]}`, strings.TrimPrefix(mean, "pm"), mean))
	means, _ := a.value(t).Get("paymentMean")
	if a.status != 201 || len(means.Items()) != 1 || a.member(t, "paymentMean.id") != mean {
		t.Errorf("a new customer: %s", a.body)
	}
}
