package billing

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/billing/verify"
	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// books is a store with the catalogue of testdata and a clock that tests set. At
// the end of a test the store, every customer and all money must be right.
type books struct {
	testing.TB
	store.Store
	now   time.Time
	brand string
}

func open(t testing.TB) *books {
	t.Helper()
	return openIn(t, "")
}

// openIn gives books whose brand is in a zone; "" = UTC.
func openIn(t testing.TB, zone string) *books {
	t.Helper()
	return openCatalogue(t, "testdata/catalogue.toml", zone)
}

// openCatalogue gives books with the catalogue of a file.
func openCatalogue(t testing.TB, name, zone string) *books {
	t.Helper()
	b := &books{TB: t, brand: "BOOKS"}
	b.at("2026-01-01")
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return b.now }})
	if err != nil {
		t.Fatal(err)
	}
	b.Store = st
	t.Cleanup(func() {
		for _, fault := range b.faults() {
			t.Errorf("verify: %s", fault)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if zone != "" {
		src = bytes.Replace(src, []byte("language = \"DK\"\n"), fmt.Appendf(nil, "language = \"DK\"\ntime_zone = %q\n", zone), 1)
	}
	file, mistakes := catalogue.Load("catalogue.toml", src)
	for _, m := range mistakes {
		t.Fatal(m)
	}
	b.do(func(tx store.Tx, _ *catalogue.Brand) error {
		_, err := catalogue.Import(tx, file)
		return err
	})
	return b
}

// faults is everything that is wrong.
func (b *books) faults() (found []string) {
	b.Helper()
	report := func(err error) { found = append(found, err.Error()) }
	if _, err := b.Store.Verify(context.Background(), report); err != nil {
		b.Fatal(err)
	}
	err := b.View(context.Background(), func(tx store.Tx) error {
		customer.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
		verify.Money(store.Looks{Txs: []store.Tx{tx}}, report)
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return found
}

// at sets the clock: a day, at noon, or a day and a time.
func (b *books) at(moment string) {
	b.Helper()
	if len(moment) == len(time.DateOnly) {
		moment += " 12:00:00"
	}
	b.now = must(time.Parse(time.DateTime, moment))
}

// date is a day.
func (b *books) date(day string) time.Time {
	b.Helper()
	return must(time.Parse(time.DateOnly, day))
}

// try runs fn in a unit of its own.
func (b *books) try(fn func(tx store.Tx, brand *catalogue.Brand) error) error {
	return b.Update(context.Background(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, b.brand)
		if err != nil {
			brand = nil // before the catalogue is in
		}
		return fn(tx, brand)
	})
}

func (b *books) do(fn func(tx store.Tx, brand *catalogue.Brand) error) {
	b.Helper()
	if err := b.try(fn); err != nil {
		b.Fatal(err)
	}
}

func (b *books) look(fn func(tx store.Tx, brand *catalogue.Brand) error) {
	b.Helper()
	err := b.View(context.Background(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, b.brand)
		if err != nil {
			return err
		}
		return fn(tx, brand)
	})
	if err != nil {
		b.Fatal(err)
	}
}

// refuses checks the code that something fails with.
func (b *books) refuses(want *failure.Code, fn func(tx store.Tx, brand *catalogue.Brand) error) {
	b.Helper()
	if err := b.try(fn); failure.CodeOf(err) != want {
		b.Errorf("error %v, want %s", err, want.Name)
	}
}

// person is a customer with one billing group and one subscription.
type person struct{ account, owner, group, subscription store.ID }

func (b *books) signUp(product, name string) (p person) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		p, err = signUpIn(tx, brand, product, customer.Private, customer.UserFields{FirstName: "Åse", LastName: name, Street: "Algade", StreetNumber: "7", ZIP: "5000", City: "Odense"})
		return err
	})
	return p
}

func signUpIn(tx store.Tx, brand *catalogue.Brand, product, kind string, who customer.UserFields) (p person, err error) {
	a, err := customer.CreateAccount(tx, brand, customer.AccountFields{Type: kind})
	if err != nil {
		return p, err
	}
	u, err := customer.CreateUser(tx, brand, customer.NewUser{Account: a.ID, UserFields: who})
	if err != nil {
		return p, err
	}
	if _, err := customer.SetOwner(tx, brand, a.ID, u.ID); err != nil {
		return p, err
	}
	g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: product})
	if err != nil {
		return p, err
	}
	p = person{account: a.ID, owner: u.ID, group: g.ID}
	p.subscription, err = subscribeIn(tx, brand, g.ID, u.ID, product)
	return p, err
}

func subscribeIn(tx store.Tx, brand *catalogue.Brand, group, user store.ID, product string) (store.ID, error) {
	s, err := customer.CreateSubscription(tx, brand, customer.NewSubscription{BillingGroup: group, User: user, ProductCode: product})
	if err != nil {
		return 0, err
	}
	_, err = customer.CreateService(tx, brand, customer.NewService{Subscription: s.ID})
	return s.ID, err
}

// life takes a person's subscription to another state.
func (b *books) life(p person, step func(store.Tx, *catalogue.Brand, store.ID) (*customer.Subscription, error)) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := step(tx, brand, p.subscription)
		return err
	})
}

func (b *books) subscribe(p person, option string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		o, err := catalogue.OptionNamed(tx, brand, option)
		if err != nil {
			return err
		}
		_, err = addOptions(tx, brand, p.subscription, []string{o.CatalogueID})
		return err
	})
}

func (b *books) unsubscribe(p person, wanted string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		o, err := catalogue.OptionNamed(tx, brand, wanted)
		if err != nil {
			return err
		}
		plan, err := option.PlanToUnsubscribe(tx, brand, p.subscription, []string{o.CatalogueID})
		if err != nil {
			return err
		}
		return plan.Unsubscribe(tx)
	})
}

func (b *books) charge(p person, item, amount string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: item, Amount: money(amount)})
		return err
	})
}

func (b *books) pay(p person, amount string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := SavePayment(tx, brand, p.group, ledger.PaymentFields{Amount: *money(amount), Captured: true})
		return err
	})
}

func money(amount string) *decimal.Decimal {
	d := decimal.RequireFromString(amount)
	return &d
}

// run makes a billing run, with the clock on its day.
func (b *books) run(asOf string) *Report {
	b.Helper()
	b.at(asOf)
	return b.runWith(Run{AsOf: period.DayOfUTC(b.now)})
}

func (b *books) runWith(r Run) *Report {
	b.Helper()
	report, err := r.Do(context.Background(), b)
	if err != nil {
		b.Fatal(err)
	}
	return report
}

// balances wants a billing group to have a balance.
func (b *books) balances(p person, want string) {
	b.Helper()
	b.look(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.BillingGroupByID(tx, brand, p.group)
		if err == nil && !g.Balance.Amount.Equal(*money(want)) {
			b.Errorf("the balance is %s, want %s", g.Balance.Amount, want)
		}
		return err
	})
}

// invoicesOf gives the invoices of a person.
func (b *books) invoicesOf(p person) (all []*ledger.Invoice) {
	b.Helper()
	b.look(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		all, _, err = ledger.Invoices.Page(tx, ledger.ByGroup, p.group.String(), nil, 1000)
		return err
	})
	return all
}

// bills wants a person's invoices to be what want says, each with its lines:
//
//	INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 110 + 27.5 = 137.5, OPEN
//	  2026-01-03 CHARGE Fee 110
//	  2026-01-31 TAX Moms 25% 27.5
func (b *books) bills(p person, want string) {
	b.Helper()
	if diff := cmp.Diff(outdent(want), b.told(p)); diff != "" {
		b.Errorf("the invoices (-want +got):\n%s", diff)
	}
}

func (b *books) told(p person) string {
	b.Helper()
	var out strings.Builder
	for _, i := range b.invoicesOf(p) {
		fmt.Fprintf(&out, "%s %s due %s for %s..%s: %s + %s = %s, %s\n", i.Number, period.Format(i.Date), period.Format(i.DueDate), period.Format(i.From), period.Format(i.Until.AddDate(0, 0, -1)), i.Net, i.Tax, i.Total, i.Status())
		b.look(func(tx store.Tx, _ *catalogue.Brand) error {
			for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
				if err != nil {
					return err
				}
				fmt.Fprintf(&out, "  %s\n", line(p))
			}
			return nil
		})
	}
	return out.String()
}

func line(p *ledger.Posting) string {
	text := fmt.Sprintf("%s %s %s", period.Format(p.Date), p.Kind, p.Text)
	switch p.Kind {
	case ledger.Recurrent:
		text += fmt.Sprintf(" %s..%s", period.Format(p.From), period.Format(p.Until.AddDate(0, 0, -1)))
	case ledger.Tax:
		text += fmt.Sprintf(" %s%%", p.Rate)
	}
	return fmt.Sprintf("%s %s", text, p.Amount.Neg())
}

// outdent drops the indentation of a Go literal.
func outdent(s string) string {
	s = strings.TrimLeft(s, "\n")
	indent := s[:len(s)-len(strings.TrimLeft(s, "\t"))]
	var out strings.Builder
	for l := range strings.Lines(s) {
		if l = strings.TrimRight(strings.TrimPrefix(l, indent), "\t\n"); l != "" {
			out.WriteString(l + "\n")
		}
	}
	return out.String()
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// addOptions gives a subscription more options; none it has makes room for them.
func addOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, names []string) ([]*customer.SubscribedOption, error) {
	p, err := option.PlanToSubscribe(tx, brand, subscription, names, false)
	if err != nil {
		return nil, err
	}
	return p.Subscribe(tx)
}
