package tmftest

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/server/servertest"
	"rator/workflow/value"
)

// ThousandCustomers is how many customers the store has that tests of the TM
// Forum face look at.
const ThousandCustomers = 1000

// KindsOfCustomer are the kinds of customer in that store, in turn. Each is made
// through the hookpoints, as a client program does.
var KindsOfCustomer = []string{
	"lead", "pending", "active", "blocked", "lost", "terminated", "company", "groups", "prepaid", "prepaid blocked",
	"debt", "credit", "bank", "ticket", "users", "closed", "dunned", "paid", "rich", "erased",
}

// Person is a customer of the store of a thousand.
type Person struct {
	Kind                               string
	Account, Owner, User, Group, Other string // ids; user and other where there are more than one
	Subscription                       string
}

// Thousand is the store of a thousand, made once for all tests.
type Thousand struct {
	file   string
	People []Person
}

var (
	thousandOnce sync.Once
	thousandMade *Thousand
)

// NewThousand is a server over a copy of the store of a thousand customers
// that SOAP made.
func NewThousand(t *testing.T) (*Server, *Thousand) {
	t.Helper()
	thousandOnce.Do(func() { thousandMade = makeThousand(t) })
	if thousandMade == nil {
		t.Fatal("the store of a thousand customers could not be made")
	}
	ts := over(t, servertest.Copied(t, thousandMade.file), false)
	now := thousandNow
	ts.Clock.Store(&now)
	return ts, thousandMade
}

// thousandNow is when the last of them was made and dunned.
var thousandNow = time.Date(2031, 6, 1, 12, 0, 0, 0, time.UTC)

func makeThousand(t *testing.T) *Thousand {
	dir, err := os.MkdirTemp(servertest.Target().Dir, "thousand-*") // which stays for all tests
	if err != nil {
		t.Fatal(err)
	}
	th := &Thousand{file: filepath.Join(dir, "thousand.db"), People: make([]Person, ThousandCustomers)}
	ok := t.Run("a thousand customers", func(t *testing.T) {
		ts := over(t, th.file, true)
		at := func(now time.Time) { ts.Clock.Store(&now) }
		all := func(of func(kind string) bool) {
			var wait sync.WaitGroup
			next := make(chan int)
			for range 16 {
				wait.Go(func() {
					for i := range next {
						th.People[i] = MakePerson(t, ts, i)
					}
				})
			}
			for i := range th.People {
				if of(KindsOfCustomer[i%len(KindsOfCustomer)]) {
					next <- i
				}
			}
			close(next)
			wait.Wait()
		}
		all(func(kind string) bool { return kind == "erased" })
		at(thousandNow.AddDate(0, -4, 0))
		for _, p := range th.People {
			if p.Kind == "erased" {
				ts.Call(t, "SOAP_ERASE_PERSON", value.OfString("USER_ID", p.Owner))
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
		for _, p := range th.People {
			if p.Kind == "paid" {
				ts.Call(t, "SOAP_SAVE_PAYMENT", value.OfString("BILLING_GROUP_ID", p.Group), value.OfMoney("AMOUNT", decimal.NewFromInt(500)), value.OfString("PAYMENT_CAPTURED", "true"))
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

// MakePerson makes customer number i of its kind.
func MakePerson(t *testing.T, ts *Server, i int) Person {
	p := Person{Kind: KindsOfCustomer[i%len(KindsOfCustomer)]}
	text := value.OfString
	user := value.Of("USER", text("FIRST_NAME", "Åse"), text("LAST_NAME", fmt.Sprintf("Number %d", i)), text("STREET", "Algade"), text("STREET_NUMBER", fmt.Sprint(i)),
		text("CITY", "Odense"), text("ZIP", "5000"), text("EMAIL", fmt.Sprintf("n%d@example.com", i)), text("USERNAME", fmt.Sprintf("n%d", i)),
		text("PHONE1", fmt.Sprintf("45%08d", i)), text("BIRTHDAY", "1980-01-31"))
	kind, product := "0", "POST_PAID"
	if p.Kind == "company" || p.Kind == "rich" {
		kind, user.Items = "1", append(user.Items, text("COMPANY", fmt.Sprintf("Øre %d A/S", i)), text("VAT_NUMBER", fmt.Sprint(i)))
	}
	if p.Kind == "prepaid" || p.Kind == "prepaid blocked" {
		product = "PRE_PAID_ADVANCED"
	}
	hookpoint, rest := "SOAP_SIGNUP_CUSTOMER", value.Of("SIGNUP_SERVICES", value.Of("CDMA_SERVICE", text("ORDER_ID", fmt.Sprint(i))))
	switch p.Kind {
	case "lead":
		hookpoint, rest = "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.Of("BILLING_GROUP")
	case "bank", "closed", "erased":
		hookpoint, rest = "SOAP_SIGNUP_CUSTOMER_NO_SUBSCRIPTION", value.Of("BILLING_GROUP", text("IBAN_NUMBER", "DK5000400440116243"), text("BANK_IDENTIFIER_CODE", "DABADKKK"))
	}
	values := value.Tree{text("ACCOUNT_TYPE", kind), text("PRODUCT_CODE", product), user, rest}
	account := ts.Tell(t, hookpoint, values...).Items("ACCOUNT")
	p.Account, p.Owner, p.Group = account.Text("ID"), account.Text("OWNER_ID"), account.Path("BILLING_GROUPS/BILLING_GROUP/ID").Text
	if s := account.Path("BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/ID"); s != nil {
		p.Subscription = s.Text
	}
	group, subscription := text("BILLING_GROUP_ID", p.Group), text("SUBSCRIPTION_ID", p.Subscription)
	if p.Subscription != "" && p.Kind != "pending" {
		ts.Tell(t, "SOAP_ACTIVATE_SUBSCRIPTION", subscription)
	}
	charge := func(amount string) {
		ts.Tell(t, "SOAP_ADD_CHARGE", group, text("CHARGE_ITEM_ID", manualDebit), text("DESCRIPTION", "handset"), value.OfMoney("AMOUNT", decimal.RequireFromString(amount).Neg()))
	}
	pay := func(amount string) {
		ts.Tell(t, "SOAP_SAVE_PAYMENT", group, value.OfMoney("AMOUNT", decimal.RequireFromString(amount)), text("PAYMENT_CAPTURED", "true"))
	}
	block := func(how string) { ts.Tell(t, "SOAP_BLOCK_SERVICE", subscription, text("BLOCK_TYPE", how)) }
	more := func() {
		p.User = ts.Tell(t, "SOAP_CREATE_USER", text("ACCOUNT_ID", p.Account), value.Of("USER", text("FIRST_NAME", "Bo"), text("LAST_NAME", "Ek"), text("EMAIL", "bo@example.com"))).Path("USER/ID").Text
		p.Other = ts.Tell(t, "SOAP_CREATE_BILLING_GROUP", text("ACCOUNT_ID", p.Account), text("OWNER_ID", p.User), text("PRODUCT_CODE", "POST_PAID"),
			value.Of("BILLING_GROUP", text("NAME", "Summer house"), text("BILLING_ADDRESS_ID", p.User))).Path("BILLING_GROUP/ID").Text
	}
	switch p.Kind {
	case "blocked", "prepaid blocked":
		block("BLOCK_BY_OPERATOR")
	case "lost":
		block("BLOCK_AS_LOST")
	case "terminated":
		ts.Tell(t, "SOAP_TERMINATE_SUBSCRIPTION", subscription, value.OfBoolean("CANCEL", false))
	case "groups", "users":
		more()
	case "debt", "dunned", "paid":
		charge("52.30")
	case "credit", "prepaid":
		pay("7.70")
	case "ticket":
		ts.Tell(t, "SOAP_CREATE_RECHARGE_TICKET", group, text("TICKET_ID", fmt.Sprint("t", i)))
	case "rich":
		more()
		charge("20")
		pay("5")
		ts.Tell(t, "SOAP_UPDATE_BILLING_GROUP", value.Of("BILLING_GROUP", text("ID", p.Group), text("NAME", fmt.Sprint("Head office ", i)), text("IBAN_NUMBER", "DK5000400440116243")))
		ts.Tell(t, "SOAP_CREATE_RECHARGE_TICKET", text("BILLING_GROUP_ID", p.Other), text("TICKET_ID", fmt.Sprint("t", i)))
		ts.Tell(t, "SOAP_UPDATE_USER", value.Of("USER", text("ID", p.Owner), value.OfLong("CREDIT_LIMIT", 700), text("EMAIL2", "second@example.com"), text("FAX", "4511111111")))
	case "closed", "erased":
		ts.Tell(t, "SOAP_CLOSE_ACCOUNT", text("ACCOUNT_ID", p.Account))
	}
	return p
}
