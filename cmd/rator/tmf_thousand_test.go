package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/server"
	"rator/soap"
	"rator/workflow/value"
)

// thousandCustomers is how many customers the store has that tests of the TM
// Forum face look at.
const thousandCustomers = 1000

// kindsOfCustomer are the kinds of customer in that store, in turn. Each is made
// through the hookpoints, as a client program does.
var kindsOfCustomer = []string{
	"lead", "pending", "active", "blocked", "lost", "terminated", "company", "groups", "prepaid", "prepaid blocked",
	"debt", "credit", "bank", "ticket", "users", "closed", "dunned", "paid", "rich", "erased",
}

// peopled is a customer of the store of a thousand.
type peopled struct {
	kind                               string
	account, owner, user, group, other string // ids; user and other where there are more than one
	subscription                       string
}

// thousand is the store of a thousand, made once for all tests.
type thousand struct {
	file   string
	people []peopled
}

var (
	thousandOnce sync.Once
	thousandMade *thousand
	thousandDir  string // is deleted after all tests
)

// newThousandServer is a server over a copy of the store of a thousand customers
// that SOAP made.
func newThousandServer(t *testing.T) (*testServer, *thousand) {
	t.Helper()
	thousandOnce.Do(func() { thousandMade = makeThousand(t) })
	if thousandMade == nil {
		t.Fatal("the store of a thousand customers could not be made")
	}
	ts := newServerOver(t, copied(t, thousandMade.file), false)
	now := thousandNow
	ts.Clock.Store(&now)
	return ts, thousandMade
}

// thousandNow is when the last of them was made and dunned.
var thousandNow = time.Date(2031, 6, 1, 12, 0, 0, 0, time.UTC)

func makeThousand(t *testing.T) *thousand {
	var err error
	if thousandDir, err = os.MkdirTemp("", "rator-thousand-*"); err != nil {
		t.Fatal(err)
	}
	th := &thousand{file: filepath.Join(thousandDir, "thousand.db"), people: make([]peopled, thousandCustomers)}
	ok := t.Run("a thousand customers", func(t *testing.T) {
		ts := newServerOver(t, th.file, true)
		at := func(now time.Time) { ts.Clock.Store(&now) }
		all := func(of func(kind string) bool) {
			var wait sync.WaitGroup
			next := make(chan int)
			for range 16 {
				wait.Go(func() {
					for i := range next {
						th.people[i] = ts.person(t, i)
					}
				})
			}
			for i := range th.people {
				if of(kindsOfCustomer[i%len(kindsOfCustomer)]) {
					next <- i
				}
			}
			close(next)
			wait.Wait()
		}
		all(func(kind string) bool { return kind == "erased" })
		at(thousandNow.AddDate(0, -4, 0))
		for _, p := range th.people {
			if p.kind == "erased" {
				ts.Call(t, "SOAP_ERASE_PERSON", value.OfString("USER_ID", p.owner))
			}
		}
		all(func(kind string) bool { return kind != "erased" })
		// Invoices, then reminders for those that nobody pays.
		run := func(asOf time.Time) {
			t.Helper()
			if report, err := (&billing.Run{AsOf: asOf}).Do(t.Context(), ts.Store); err != nil || report.Refused != 0 {
				t.Fatalf("billing run: %v %+v", err, report)
			}
		}
		at(thousandNow.AddDate(0, -3, 0))
		run(thousandNow.AddDate(0, -3, 0).Truncate(24 * time.Hour))
		for _, p := range th.people {
			if p.kind == "paid" {
				ts.Call(t, "SOAP_SAVE_PAYMENT", value.OfString("BILLING_GROUP_ID", p.group), value.OfMoney("AMOUNT", decimal.NewFromInt(500)), value.OfString("PAYMENT_CAPTURED", "true"))
			}
		}
		at(thousandNow)
		run(thousandNow.Truncate(24 * time.Hour))
	})
	if !ok {
		return nil
	}
	return th
}

// manualDebit is the id of the demo catalogue's charge item MANUAL_DEBIT.
const manualDebit = "201401010000000301"

// person makes customer number i of its kind.
func (ts *testServer) person(t *testing.T, i int) peopled {
	p := peopled{kind: kindsOfCustomer[i%len(kindsOfCustomer)]}
	text := value.OfString
	user := value.Of("USER", text("FIRST_NAME", "Åse"), text("LAST_NAME", fmt.Sprintf("Number %d", i)), text("STREET", "Algade"), text("STREET_NUMBER", fmt.Sprint(i)),
		text("CITY", "Odense"), text("ZIP", "5000"), text("EMAIL", fmt.Sprintf("n%d@example.com", i)), text("USERNAME", fmt.Sprintf("n%d", i)),
		text("PHONE1", fmt.Sprintf("45%08d", i)), text("BIRTHDAY", "1980-01-31"))
	kind, product := "0", "POST_PAID"
	if p.kind == "company" || p.kind == "rich" {
		kind, user.Items = "1", append(user.Items, text("COMPANY", fmt.Sprintf("Øre %d A/S", i)), text("VAT_NUMBER", fmt.Sprint(i)))
	}
	if p.kind == "prepaid" || p.kind == "prepaid blocked" {
		product = "PRE_PAID_ADVANCED"
	}
	hookpoint, rest := "SOAP_SIGNUP_CUSTOMER", value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", text("ORDER_ID", fmt.Sprint(i))))
	switch p.kind {
	case "lead":
		hookpoint, rest = "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.Of("BILLING_GROUP")
	case "bank", "closed", "erased":
		hookpoint, rest = "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.Of("BILLING_GROUP", text("IBAN_NUMBER", "DK5000400440116243"), text("BANK_IDENTIFIER_CODE", "DABADKKK"))
	}
	values := value.Tree{text("ACCOUNT_TYPE", kind), text("PRODUCT_CODE", product), user, rest}
	account := ts.tell(t, hookpoint, values...).Items("ACCOUNT")
	p.account, p.owner, p.group = account.Text("ID"), account.Text("OWNER_ID"), account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	if s := account.Path("BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID"); s != nil {
		p.subscription = s.Text
	}
	group, subscription := text("BILLING_GROUP_ID", p.group), text("SUBSCRIPTION_ID", p.subscription)
	if p.subscription != "" && p.kind != "pending" {
		ts.tell(t, "SOAP_ACTIVATE_SUBSCRIPTION", subscription)
	}
	charge := func(amount string) {
		ts.tell(t, "SOAP_ADD_CHARGE", group, text("CHARGE_ITEM_ID", manualDebit), text("DESCRIPTION", "handset"), value.OfMoney("AMOUNT", decimal.RequireFromString(amount).Neg()))
	}
	pay := func(amount string) {
		ts.tell(t, "SOAP_SAVE_PAYMENT", group, value.OfMoney("AMOUNT", decimal.RequireFromString(amount)), text("PAYMENT_CAPTURED", "true"))
	}
	block := func(how string) { ts.tell(t, "SOAP_BLOCK_SERVICE", subscription, text("BLOCK_TYPE", how)) }
	more := func() {
		p.user = ts.tell(t, "SOAP_CREATE_USER", text("ACCOUNT_ID", p.account), value.Of("USER", text("FIRST_NAME", "Bo"), text("LAST_NAME", "Ek"), text("EMAIL", "bo@example.com"))).Path("USER/ID").Text
		p.other = ts.tell(t, "SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", p.account), text("OWNER_ID", p.user), text("PRODUCT_CODE", "POST_PAID"),
			value.Of("BILLING_GROUP", text("NAME", "Summer house"), text("BILLING_ADDRESS_ID", p.user))).Path("BILLING_GROUP/ID").Text
	}
	switch p.kind {
	case "blocked", "prepaid blocked":
		block("BLOCK_BY_OPERATOR")
	case "lost":
		block("BLOCK_AS_LOST")
	case "terminated":
		ts.tell(t, "SOAP_TERMINATE_SUBSCRIPTION", subscription, value.OfBoolean("CANCEL", false))
	case "groups", "users":
		more()
	case "debt", "dunned", "paid":
		charge("52.30")
	case "credit", "prepaid":
		pay("7.70")
	case "ticket":
		ts.tell(t, "SOAP_CREATE_RECHARGE_TICKET", group, text("TICKET_ID", fmt.Sprint("t", i)))
	case "rich":
		more()
		charge("20")
		pay("5")
		ts.tell(t, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", p.group), text("NAME", fmt.Sprint("Head office ", i)), text("IBAN_NUMBER", "DK5000400440116243")))
		ts.tell(t, "SOAP_CREATE_RECHARGE_TICKET", text("BILLING_GROUP_ID", p.other), text("TICKET_ID", fmt.Sprint("t", i)))
		ts.tell(t, "SOAP_UPDATE_USER", value.Of("USER", text("ID", p.owner), value.OfLong("CREDIT_LIMIT", 700), text("EMAIL2", "second@example.com"), text("FAX", "4511111111")))
	case "closed", "erased":
		ts.tell(t, "SOAP_CLOSE_ACCOUNT", text("ACCOUNT_ID", p.account))
	}
	return p
}

// tell is soapCall for goroutines of a test: a call that fails is an error of the
// test, and answers nothing.
func (ts *testServer) tell(t *testing.T, hookpoint string, values ...value.Entry) value.Tree {
	values = append(values, value.Of("CONTEXT", value.OfString("OPERATOR", server.DemoOperator), value.OfString("PASSWORD", server.DemoPassword), value.OfString("BRAND_KEY", server.DemoBrand)))
	r, err := ts.Client.Call(t.Context(), soap.Call{Hookpoint: hookpoint, Values: values})
	if err != nil || r.ErrorCode != 0 {
		t.Errorf("%s: %v %d %s", hookpoint, err, r.ErrorCode, r.ErrorMessage)
		return nil
	}
	return r.Values
}
