package tmf_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/access"
	"rator/billing"
	"rator/billing/ledger"
	"rator/billing/verify"
	"rator/catalogue"
	"rator/customer"
	"rator/server/servertest"
	"rator/store"
	"rator/tmf"
	"rator/tmf/dialect"
	"rator/tmf/resource"
)

// branch is a server of accounts and payment means over a real store with the demo
// catalogue. At the end of a test the store, customers and money must be right.
type branch struct {
	server
	store store.Store
}

func newBranch(t testing.TB) *branch {
	t.Helper()
	s := &branch{}
	s.now = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	st := servertest.Store(t, func() time.Time { return s.now })
	s.store = st
	log := slog.New(slog.DiscardHandler)
	behind := access.NewReadBehind(access.ReadBehindConfig{Store: st, Log: log})
	t.Cleanup(func() {
		behind.Close()
		report := func(err error) { t.Errorf("verify: %v", err) }
		if _, err := st.Verify(context.Background(), report); err != nil {
			t.Error(err)
		}
		_ = st.View(context.Background(), func(tx store.Tx) error {
			customer.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
			verify.Money(store.Looks{Txs: []store.Tx{tx}}, report)
			resource.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
			return nil
		})
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	file, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	for _, m := range mistakes {
		t.Fatal(m)
	}
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := catalogue.Import(tx, file)
		return err
	})
	pins, err := resource.NewPINs(make([]byte, resource.PINKeyBytes))
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error { return addOperator(tx, "demo", "TMF_*") })
	gate := newGate(t, st, behind, func() time.Time { return s.now })
	business := stepped(t, &resource.Business{PINs: pins}, gate)
	s.handler = newFace(t, tmf.Config{
		Collection: func(d *dialect.Dialect, r *dialect.Resource) resource.Collection {
			if c := business.Collection(d, r); c != nil {
				return c
			}
			return newMemory("c", func() time.Time { return s.now })
		},
		Gate: gate, Log: log, PINs: pins,
	})
	return s
}

// in runs fn as a call from another face would, a second later.
func (s *branch) in(t testing.TB, fn func(tx store.Tx, demo *catalogue.Brand) error) {
	t.Helper()
	s.now = s.now.Add(time.Second)
	err := s.store.Update(context.Background(), func(tx store.Tx) error {
		demo, _ := catalogue.BrandByKey(tx, "DEMO")
		return fn(tx, demo)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// guest is a customer as SOAP makes them.
type guest struct{ account, owner, group, subscription store.ID }

func (g guest) path() string { return accountPath + "/ca" + g.group.String() }

func (s *branch) signUp(t testing.TB, kind, product string) (g guest) {
	t.Helper()
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		a, err := customer.CreateAccount(tx, demo, customer.AccountFields{Type: kind})
		if err != nil {
			return err
		}
		who := customer.UserFields{FirstName: "Åse", LastName: "Øre", Email: "aase@example.com", Phone1: "4512345678", Street: "Algade", StreetNumber: "7", City: "Odense", ZIP: "5000"}
		if kind == customer.Company {
			who.Company = "Øre A/S"
		}
		u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID, UserFields: who})
		if err != nil {
			return err
		}
		if _, err := customer.SetOwner(tx, demo, a.ID, u.ID); err != nil {
			return err
		}
		b, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: product})
		if err != nil {
			return err
		}
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: b.ID, User: u.ID, ProductCode: product})
		if err != nil {
			return err
		}
		if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID}); err != nil {
			return err
		}
		g = guest{a.ID, u.ID, b.ID, sub.ID}
		return nil
	})
	return g
}

const (
	accountPath = v2014 + "/customerAccount"
	meanPath    = v2014 + "/paymentMean"
)

func (s *branch) seed(t testing.TB, file string) string {
	t.Helper()
	b, err := os.ReadFile("../testdata/tmf/seed/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// get reads and wants 200.
func (s *branch) get(t testing.TB, path string) answer {
	t.Helper()
	a := s.do(t, "GET", path, "")
	if a.status != 200 {
		t.Fatalf("GET %s: %d %s", path, a.status, a.body)
	}
	return a
}

// TestSeedExamplesOverAStore: what the seed shows is kept and answered as it stands,
// also when nobody knows its customer, and listed.
func TestSeedExamplesOverAStore(t *testing.T) {
	s := newBranch(t)
	for _, c := range []struct{ file, path string }{
		{"customerAccount", accountPath}, {"paymentMean-bank", meanPath}, {"paymentMean-card", meanPath},
	} {
		t.Run(c.file, func(t *testing.T) {
			made := s.do(t, "POST", c.path, s.seed(t, c.file))
			if made.status != 201 || made.header.Get("Location") != made.member(t, "href") {
				t.Fatalf("%d %s", made.status, made.body)
			}
			example, err := read(s.seed(t, c.file))
			if err != nil {
				t.Fatal(err)
			}
			want := withAnswered(t, made, example.Without("id").Without("href").Without("lastModified").String())
			if made.body != want {
				t.Errorf("answered\n%s\nwant\n%s", made.body, want)
			}
			path := c.path + "/" + made.member(t, "id")
			if again := s.get(t, path); again.body != made.body {
				t.Errorf("read back as\n%s\nwas\n%s", again.body, made.body)
			}
			if list := s.get(t, c.path); !strings.Contains(list.body, made.body) {
				t.Errorf("not in the list:\n%s", list.body)
			}
			if d := s.do(t, "DELETE", path, ""); d.status != 204 {
				t.Errorf("%d %s", d.status, d.body)
			}
			s.do(t, "GET", path, "").refused(t, 404, "4041")
			s.get(t, c.path).want(t, 200, "[]")
		})
	}
}

// TestSOAPMadeAccounts: a billing group is a complete account, and what SOAP does
// to it shows at once, in ETag and lastModified too.
func TestSOAPMadeAccounts(t *testing.T) {
	s := newBranch(t)
	for _, c := range []struct{ kind, product, accountType, frequency string }{
		{customer.Private, "POST_PAID", "Residential", "monthly"},
		{customer.Company, "POST_PAID", "Business", "monthly"},
	} {
		g := s.signUp(t, c.kind, c.product)
		a := s.get(t, g.path())
		for path, want := range map[string]string{
			"id": "ca" + g.group.String(), "status": "Created", "accountType": c.accountType,
			"receivableBalance": "0", "customerAccountBalance.type": "ReceivableBalance", "customerAccountBalance.status": "Paid",
			"customer.id": "c" + g.account.String(), "contact.contactType": "primary", "contact.relatedParty.id": g.owner.String(),
			"contact.contactMedium.medium.emailAddress": "aase@example.com",
			"paymentPlan.paymentFrequency":              c.frequency, "paymentPlan.status": "Effective", "paymentPlan.priority": "1",
		} {
			if got := a.member(t, path); got != want {
				t.Errorf("%s is %s, want %s\n%s", path, got, want, a.body)
			}
		}
		moved := func(what string, change func(tx store.Tx, demo *catalogue.Brand) error, want ...string) {
			t.Helper()
			before := s.get(t, g.path())
			s.in(t, change)
			after := s.get(t, g.path())
			if before.header.Get("ETag") == after.header.Get("ETag") || before.member(t, "lastModified") >= after.member(t, "lastModified") {
				t.Errorf("%s moves neither or one: %s %s, %s %s", what, before.header.Get("ETag"), after.header.Get("ETag"), before.member(t, "lastModified"), after.member(t, "lastModified"))
			}
			for _, w := range want {
				if !strings.Contains(after.body, w) {
					t.Errorf("%s: no %s in\n%s", what, w, after.body)
				}
			}
		}
		moved("a name", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateBillingGroup(tx, demo, g.group, func(f *customer.BillingGroupFields) error { f.Name = "Home"; return nil })
			return err
		}, `"name":"Home"`)
		moved("a user", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateUser(tx, demo, g.owner, func(f *customer.UserFields) error { f.Email, f.CreditLimit = "new@example.com", 700; return nil })
			return err
		}, "new@example.com", `"creditLimit":700`)
		moved("an activation", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.ActivateSubscription(tx, demo, g.subscription)
			return err
		}, `"status":"Active"`)
		moved("a debt", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := billing.OpenBalance(tx, demo, g.group, decimal.RequireFromString("-52.30"), "brought along")
			return err
		}, `"receivableBalance":52.3`, `"type":"ReceivableBalance","amount":52.3`, `"status":"Due"`)
		moved("a payment", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := billing.SavePayment(tx, demo, g.group, ledger.PaymentFields{Amount: decimal.RequireFromString("60"), Captured: true})
			return err
		}, `"receivableBalance":0`, `"type":"DepositBalance","amount":7.7`)
		moved("bank details", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateBillingGroup(tx, demo, g.group, func(f *customer.BillingGroupFields) error { f.IBANNumber = "DK5000400440116243"; return nil })
			return err
		}, `"paymentMean":{"id":"pm`+g.group.String())
		moved("a block", func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.BlockSubscription(tx, demo, g.subscription, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: "BLOCK_AS_LOST"}})
			return err
		}, `"status":"Suspended"`)
	}
}

// TestStatusFollowsInvoices: Due, In arrears, In collection and Paid.
func TestStatusFollowsInvoices(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ActivateSubscription(tx, demo, g.subscription)
		if err == nil {
			amount := decimal.RequireFromString("10")
			_, err = billing.AddCharge(tx, demo, billing.NewCharge{Group: g.group, ChargeItem: "MANUAL_DEBIT", Amount: &amount})
		}
		return err
	})
	run := func(day string) {
		t.Helper()
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		s.now = at.Add(12 * time.Hour)
		if _, err := (&billing.Run{AsOf: at}).Do(context.Background(), s.store); err != nil {
			t.Fatal(err)
		}
	}
	tags := map[string]bool{}
	for _, step := range []struct{ day, want string }{
		{"2026-04-05", "Due"}, {"2026-05-30", "In arrears"}, {"2026-06-20", "In arrears"}, {"2026-07-20", "In collection"},
	} {
		run(step.day)
		a := s.get(t, g.path())
		if got := a.member(t, "status"); got != step.want {
			t.Errorf("on %s it is %s, want %s", step.day, got, step.want)
		}
		if tags[a.header.Get("ETag")] {
			t.Errorf("on %s the ETag is an old one", step.day)
		}
		tags[a.header.Get("ETag")] = true
	}
	s.in(t, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := billing.SavePayment(tx, demo, g.group, ledger.PaymentFields{Amount: decimal.RequireFromString("5000"), Captured: true})
		return err
	})
	if got := s.get(t, g.path()).member(t, "status"); got != "Paid" {
		t.Errorf("paid, it is %s", got)
	}
	if got := s.get(t, accountPath+"?status=paid").value(t).Items(); len(got) != 1 {
		t.Errorf("the filter finds %d", len(got))
	}
}
