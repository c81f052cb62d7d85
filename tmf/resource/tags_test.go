package resource_test

import (
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf/tmftest"
	"rator/workflow/value"
)

// tagWatch is what every resource was answered with last, by its address.
type tagWatch map[string]tagged

type tagged struct {
	etag, body string
	modified   time.Time // zero where the resource has no lastModified
}

// compare reads every resource of the world in every dialect that has it. One that is
// answered otherwise than before has another entity tag, and one with another tag was
// changed later than before. The clock has to move between two times.
func (w tagWatch) compare(t *testing.T, ts *tmftest.Server, of *world) {
	t.Helper()
	for id := range of.customers {
		for _, base := range tmftest.Dialects {
			w.look(t, ts, base+"/customer/"+id)
		}
	}
	for id := range of.accounts {
		if w.look(t, ts, tmftest.Dialect2014+"/customerAccount/"+id).modified.IsZero() {
			t.Errorf("%s has no lastModified", id)
		}
	}
	for id := range of.allMeans() {
		w.look(t, ts, tmftest.Dialect2014+"/paymentMean/"+id)
	}
}

func (w tagWatch) look(t *testing.T, ts *tmftest.Server, address string) tagged {
	t.Helper()
	a := ts.Ask(t, "GET", address, "").Want(t, 200)
	is := tagged{etag: a.Header.Get("ETag"), body: a.Body}
	if text := tmftest.TextAt(a.Document(t), "lastModified"); text != "null" {
		var err error
		if is.modified, err = time.Parse(time.RFC3339Nano, text); err != nil {
			t.Fatal(err)
		}
	}
	was, known := w[address]
	switch {
	case !known:
	case was.etag == is.etag && was.body != is.body:
		t.Errorf("%s has tag %s as before, and is another:\n%s\n%s", address, is.etag, was.body, is.body)
	case was.etag != is.etag && !is.modified.IsZero() && !is.modified.After(was.modified):
		t.Errorf("%s has another tag, and was changed at %s, before at %s:\n%s\n%s", address, is.modified, was.modified, was.body, is.body)
	}
	w[address] = is
	return is
}

// TestLastModifiedMovesWithoutItsCause: what is gone, or follows from another kind of
// thing, moves lastModified too.
func TestLastModifiedMovesWithoutItsCause(t *testing.T) {
	ts := tmftest.New(t)
	steps := 0
	at := func() {
		steps++
		now := servertest.Now.Add(time.Duration(steps) * time.Second)
		ts.Clock.Store(&now)
	}
	account := ts.Call(t, "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.OfString("PRODUCT_CODE", "POST_PAID"), value.Of("USER",
		value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"),
		value.OfString("EMAIL", "bo@example.com"), value.OfString("USERNAME", "bo"))).Items("ACCOUNT")
	group := account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	address := tmftest.Dialect2014 + "/customerAccount/ca" + group
	tags := tagWatch{}
	was := tags.look(t, ts, address)
	does := func(what string, do func()) {
		t.Helper()
		at()
		do()
		is := tags.look(t, ts, address)
		if is.etag == was.etag || !is.modified.After(was.modified) {
			t.Errorf("%s: tag %s and changed at %s, before %s and %s", what, is.etag, is.modified, was.etag, was.modified)
		}
		was = is
	}
	ownGroup := value.OfString("BILLING_GROUP_ID", group)
	does("a ticket", func() {
		ts.Call(t, "SOAP_CREATE_RECHARGE_TICKET", ownGroup, value.OfString("TICKET_ID", "one"), value.OfString("TICKET_TYPE", "BASE"))
	})
	does("the ticket is gone", func() { ts.Call(t, "SOAP_DELETE_RECHARGE_TICKET", ownGroup) })
	var user string
	inDeed := func(do func()) { at(); do(); was = tags.look(t, ts, address) }
	inDeed(func() {
		user = ts.Call(t, "SOAP_CREATE_USER", value.OfString("ACCOUNT_ID", account.Text("ID")), value.Of("USER", value.OfString("FIRST_NAME", "Al"),
			value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Odense"), value.OfString("ZIP", "5000"), value.OfString("EMAIL", "al@example.com"), value.OfString("USERNAME", "al"))).Path("USER/ID").Text
	})
	does("goods go to a user", func() {
		ts.InDemo(t, func(tx store.Tx, demo *catalogue.Brand) error {
			id, err := store.ParseID(user)
			if err == nil {
				_, err = customer.SetDeliveryAddress(tx, demo, servertest.IDIn(t, account, "ID"), id)
			}
			return err
		})
	})
	does("the user is deleted", func() { ts.Call(t, "SOAP_DELETE_USER", value.OfString("USER_ID", user)) })
	var mean, other string
	inDeed(func() {
		mean = ts.Ask(t, "POST", tmftest.Dialect2014+"/paymentMean", `{"name":"card","type":"CreditCard","creditCard":{"type":"VISA","number":"xxxxxx1117"},"relatedParty":{"role":"payer"}}`).Want(t, 201).Text(t, "id")
	})
	does("a client's payment mean", func() {
		ts.Ask(t, "PATCH", tmftest.Dialect2014+"/customer/c"+account.Text("ID"), `{"paymentMean":[{"id":"`+mean+`"}]}`).Want(t, 200)
	})
	does("it changes", func() {
		ts.Ask(t, "PATCH", tmftest.Dialect2014+"/paymentMean/"+mean, `{"name":"another card"}`).Want(t, 200)
	})
	does("it is gone", func() { ts.Ask(t, "DELETE", tmftest.Dialect2014+"/paymentMean/"+mean, "").Want(t, 204) })
	does("another billing group", func() {
		other = ts.Call(t, "SOAP_CREATE_BILLING_GROUP", value.OfString("ACCOUNT_ID", account.Text("ID")), value.OfString("PRODUCT_CODE", "POST_PAID"),
			value.OfString("OWNER_ID", account.Text("OWNER_ID"))).Path("BILLING_GROUP/ID").Text
	})
	does("it is gone", func() { ts.Ask(t, "DELETE", tmftest.Dialect2014+"/customerAccount/ca"+other, "").Want(t, 204) })
	does("a charge", func() { ts.Charge(t, account) })
	now := servertest.Now.AddDate(0, 2, 0)
	ts.Clock.Store(&now)
	steps = int(now.Sub(servertest.Now) / time.Second)
	does("an invoice", func() { ts.Bill(t) })
}
