package billing

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestNumbersHaveNoGaps: each brand counts for itself, over runs, over accounts
// that are refused and over runs that fail.
func TestNumbersHaveNoGaps(t *testing.T) {
	b := open(t)
	first, second := b.signUp("MONTH", "Øre"), b.signUp("MONTH", "Ek")
	stuck := b.stuck()
	b.charge(stuck.first, "DEBIT", "4") // which is billed before the other group is refused
	third := b.signUp("MONTH", "Dahl")
	b.brand = "OTHER"
	foreign := b.signUp("MONTH", "Lund")
	b.charge(foreign, "DEBIT", "1")
	b.brand = "BOOKS"
	for _, p := range []person{first, third} {
		b.charge(p, "DEBIT", "4")
	}
	r := b.run("2026-02-01")
	if r.Invoices != 3 || r.Periods != 4 || len(b.invoicesOf(stuck.first)) != 0 || r.Accounts != 5 || r.Refused != 1 || !r.Totals["DKK"].Equal(*money("11")) {
		t.Errorf("%+v", r)
	}
	if len(r.Reasons) != 1 || !strings.Contains(r.Reasons[0], stuck.second.account.String()) || !strings.Contains(r.Reasons[0], "INVALID_AMOUNT") {
		t.Errorf("refused: %q", r.Reasons)
	}
	for _, p := range []person{second, third} {
		b.at("2026-02-10")
		b.charge(p, "DEBIT", "4")
	}
	b.run("2026-03-01")
	var numbers []string
	for _, p := range []person{first, second, third} {
		for _, i := range b.invoicesOf(p) {
			numbers = append(numbers, i.Number)
		}
	}
	if got := strings.Join(numbers, " "); got != "INV-000001 INV-000003 INV-000002 INV-000004" {
		t.Errorf("numbers: %s", got)
	}
	b.brand = "OTHER"
	if all := b.invoicesOf(foreign); len(all) != 1 || all[0].Number != "INV-000001" {
		t.Errorf("the other brand has %+v", all)
	}
	b.refuses(ledger.UnknownInvoice, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := ledger.InvoiceByID(tx, brand, firstInvoice(tx, "BOOKS"))
		return err
	})
}

func firstInvoice(tx store.Tx, brand string) store.ID {
	return must(ledger.Invoices.By(tx, ledger.ByNumber, store.Compose(brand, "INV-000001"))).ID
}

// halfBilled is a customer with two billing groups, of which the second cannot be
// billed.
type halfBilled struct{ first, second person }

// stuck signs up a customer who cannot be billed: an option's price is in another
// currency. No operation lets it come to that; a catalogue that changed may.
func (b *books) stuck() halfBilled {
	b.Helper()
	p := b.signUp("MONTH", "Sato")
	yen := p
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: p.account, Owner: p.owner, ProductCode: "YEN"})
		if err != nil {
			return err
		}
		yen.group = g.ID
		yen.subscription, err = subscribeIn(tx, brand, g.ID, p.owner, "YEN")
		return err
	})
	b.subscribe(yen, "FREE")
	b.life(yen, customer.ActivateSubscription)
	b.price("FREE", "1")
	return halfBilled{p, yen}
}

// price changes an option's recurrent price.
func (b *books) price(option, amount string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		o, err := catalogue.OptionNamed(tx, brand, option)
		if err != nil {
			return err
		}
		o.RecurrentPrice = *money(amount)
		return catalogue.Options.Put(tx, o)
	})
}

// TestRefusedAccountIsBilledLater, with all it was refused for.
func TestRefusedAccountIsBilledLater(t *testing.T) {
	b := open(t)
	p := b.stuck().second
	b.charge(p, "DEBIT", "100")
	if r := b.run("2026-02-01"); r.Refused != 1 || r.Invoices != 0 || r.Periods != 0 {
		t.Errorf("%+v", r)
	}
	b.balances(p, "-100")
	b.price("FREE", "0")
	b.run("2026-02-02")
	b.bills(p, `
		INV-000001 2026-02-02 due 2026-02-16 for 2026-01-01..2026-01-31: 100 + 25 = 125, OPEN
		  2026-01-01 CHARGE Fee 100
		  2026-01-31 TAX Moms 25% 25
	`)
}

// TestTaxes: of where the bill goes to, of private or company, of the period's
// last day; rounded each by itself.
func TestTaxes(t *testing.T) {
	b := open(t)
	var island, company person
	b.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
		if island, err = signUpIn(tx, brand, "MONTH", customer.Private, customer.UserFields{LastName: "Bo", ZIP: "3700", City: "Rønne"}); err != nil {
			return err
		}
		company, err = signUpIn(tx, brand, "MONTH", customer.Company, customer.UserFields{Company: "A/S", ZIP: "5000"})
		return err
	})
	abroad := b.signUp("MONTH", "Ek")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		u, err := customer.CreateUser(tx, brand, customer.NewUser{Account: abroad.account, UserFields: customer.UserFields{LastName: "Ek", Country: "SE", ZIP: "21119"}})
		if err != nil {
			return err
		}
		_, err = customer.SetBillingAddress(tx, brand, abroad.group, u.ID)
		return err
	})
	for _, month := range []string{"2026-01", "2026-02"} {
		b.at(month + "-10")
		for _, p := range []person{island, company, abroad} {
			b.charge(p, "DEBIT", "99.95")
		}
	}
	b.run("2026-03-01")
	b.bills(island, `
		INV-000001 2026-03-01 due 2026-03-15 for 2026-01-01..2026-01-31: 99.95 + 26.49 = 126.44, OPEN
		  2026-01-10 CHARGE Fee 99.95
		  2026-01-31 TAX Moms 25% 24.99
		  2026-01-31 TAX Bornholm 1.5% 1.5
		INV-000002 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 99.95 + 26.49 = 126.44, OPEN
		  2026-02-10 CHARGE Fee 99.95
		  2026-02-28 TAX Moms 25% 24.99
		  2026-02-28 TAX Bornholm 1.5% 1.5
	`)
	b.bills(company, `
		INV-000003 2026-03-01 due 2026-03-15 for 2026-01-01..2026-01-31: 99.95 + 24.99 = 124.94, OPEN
		  2026-01-10 CHARGE Fee 99.95
		  2026-01-31 TAX Moms 25% 24.99
		INV-000004 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 99.95 + 25.09 = 125.04, OPEN
		  2026-02-10 CHARGE Fee 99.95
		  2026-02-28 TAX Moms 25% 24.99
		  2026-02-28 TAX Companies 0.1% 0.1
	`)
	b.bills(abroad, `
		INV-000005 2026-03-01 due 2026-03-15 for 2026-01-01..2026-01-31: 99.95 + 0 = 99.95, OPEN
		  2026-01-10 CHARGE Fee 99.95
		INV-000006 2026-03-01 due 2026-03-15 for 2026-02-01..2026-02-28: 99.95 + 0 = 99.95, OPEN
		  2026-02-10 CHARGE Fee 99.95
	`)
}

// TestCreditNote: a total below 0 is settled at once and settles others, older
// ones first and then those that come.
func TestCreditNote(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "80")
	b.at("2026-02-10")
	b.charge(p, "CREDIT", "200")
	b.charge(p, "DEBIT", "20")
	b.at("2026-03-10")
	b.charge(p, "DEBIT", "160")
	b.run("2026-04-01")
	b.bills(p, `
		INV-000001 2026-04-01 due 2026-04-15 for 2026-01-01..2026-01-31: 80 + 20 = 100, PAID
		  2026-01-01 CHARGE Fee 80
		  2026-01-31 TAX Moms 25% 20
		CN-000001 2026-04-01 due 2026-04-15 for 2026-02-01..2026-02-28: -180 + -45 = -225, PAID
		  2026-02-10 CREDIT Refund -200
		  2026-02-10 CHARGE Fee 20
		  2026-02-28 TAX Moms 25% -45
		INV-000002 2026-04-01 due 2026-04-15 for 2026-03-01..2026-03-31: 160 + 40 = 200, PARTLY_PAID
		  2026-03-10 CHARGE Fee 160
		  2026-03-31 TAX Moms 25% 40
	`)
	if i := b.invoicesOf(p)[2]; !i.Settled.Equal(*money("125")) {
		t.Errorf("%s of the third is settled, want 125", i.Settled)
	}
	b.balances(p, "-75")
}

// TestNothingToAskFor: charges and credits that make 0 are billed all the same.
func TestNothingToAskFor(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "80")
	b.charge(p, "CREDIT", "80")
	b.run("2026-02-01")
	b.bills(p, `
		INV-000001 2026-02-01 due 2026-02-15 for 2026-01-01..2026-01-31: 0 + 0 = 0, PAID
		  2026-01-01 CHARGE Fee 80
		  2026-01-01 CREDIT Refund -80
	`)
}

// TestDunning: one state further the day after the due date, then every fortnight,
// until COLLECTION or paid.
func TestDunning(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "80")
	for _, c := range []struct {
		day    string
		want   ledger.Dunning
		dunned int
	}{
		{"2026-02-01", ledger.NotDunned, 0},
		{"2026-02-15", ledger.NotDunned, 0}, // the day it is due
		{"2026-02-16", ledger.Reminder, 1},
		{"2026-02-16", ledger.Reminder, 0},
		{"2026-03-01", ledger.Reminder, 0},
		{"2026-03-02", ledger.LastReminder, 1},
		{"2026-05-01", ledger.Collection, 1}, // late, and still one state only
		{"2026-07-01", ledger.Collection, 0},
	} {
		b.at(c.day)
		if dry := b.runWith(Run{AsOf: period.DayOfUTC(b.now), DryRun: true}); dry.Dunned != c.dunned {
			t.Errorf("%s: %d would be dunned, want %d", c.day, dry.Dunned, c.dunned)
		}
		r := b.run(c.day)
		if got := b.invoicesOf(p)[0].Dunning; got != c.want || r.Dunned != c.dunned {
			t.Errorf("%s: %s and %d dunned, want %s and %d", c.day, got, r.Dunned, c.want, c.dunned)
		}
	}
	b.at("2026-07-10")
	b.charge(p, "DEBIT", "8") // another invoice of 10, which is partly paid in time
	b.run("2026-08-01")
	b.pay(p, "101")
	b.run("2026-08-16")
	b.pay(p, "9")
	if r := b.run("2026-12-01"); r.Dunned != 0 {
		t.Errorf("a paid one was dunned: %+v", r)
	}
	if got := b.invoicesOf(p)[1]; got.Dunning != ledger.Reminder || got.Status() != ledger.Paid {
		t.Errorf("%+v", got)
	}
	var topics []string
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		events, err := tx.EventsAfter(0, 100)
		for _, e := range events {
			if strings.HasPrefix(e.Topic, "invoice.") {
				topics = append(topics, e.Topic)
			}
		}
		return err
	})
	if got := strings.Join(topics, " "); got != "invoice.created invoice.dunned invoice.dunned invoice.dunned invoice.created invoice.dunned" {
		t.Errorf("events: %s", got)
	}
}

// TestManyAreDunned, more than one transaction takes.
func TestManyAreDunned(t *testing.T) {
	b := open(t)
	const many = 2*dunningBatch + 10
	b.many(many)
	b.run("2026-02-01")
	b.at("2026-02-16")
	for _, dry := range []bool{true, false} {
		if r := b.runWith(Run{AsOf: period.DayOfUTC(b.now), DryRun: dry}); r.Dunned != many {
			t.Errorf("%d dunned, want %d", r.Dunned, many)
		}
	}
}

// many signs up customers who owe 80 each.
func (b *books) many(n int) (all []person) {
	b.Helper()
	for len(all) < n {
		var batch []person
		b.do(func(tx store.Tx, brand *catalogue.Brand) error {
			batch = nil
			for i := range min(100, n-len(all)) {
				p, err := signUpIn(tx, brand, "MONTH", customer.Private, customer.UserFields{LastName: fmt.Sprint("Number ", len(all)+i), ZIP: "5000"})
				if err != nil {
					return err
				}
				if _, err := AddCharge(tx, brand, NewCharge{Group: p.group, ChargeItem: "DEBIT", Amount: money("80")}); err != nil {
					return err
				}
				batch = append(batch, p)
			}
			return nil
		})
		all = append(all, batch...)
	}
	return all
}

// TestDryRunWritesNothing and says what a run then does.
func TestDryRunWritesNothing(t *testing.T) {
	b := open(t)
	b.many(3*accountBatch/2 + 1)
	b.stuck()
	b.at("2026-02-01")
	dry := b.runWith(Run{AsOf: period.DayOfUTC(b.now), DryRun: true})
	if n := b.count(ledger.Invoices.Count); n != 0 {
		t.Errorf("%d invoices", n)
	}
	if n := b.count(ledger.Ledgers.Count); n != 0 {
		t.Errorf("%d ledgers", n)
	}
	real := b.run("2026-02-01")
	if diff := cmp.Diff(real, dry); diff != "" || real.Invoices != 3*accountBatch/2+1 || real.Refused != 1 {
		t.Errorf("dry (-real +dry): %s", diff)
	}
}

func (b *books) count(of func(store.Tx) (int64, error)) (n int64) {
	b.Helper()
	b.look(func(tx store.Tx, _ *catalogue.Brand) (err error) {
		n, err = of(tx)
		return err
	})
	return n
}

// TestRunOfABrand leaves the others alone, and knows how many accounts it has.
func TestRunOfABrand(t *testing.T) {
	b := open(t)
	b.charge(b.signUp("MONTH", "Øre"), "DEBIT", "1")
	b.brand = "OTHER"
	foreign := b.signUp("MONTH", "Lund")
	b.charge(foreign, "DEBIT", "1")
	b.at("2026-02-01")
	var told []string
	r := b.runWith(Run{AsOf: period.DayOfUTC(b.now), Brand: "OTHER", Progress: func(done *Report, total int64) { told = append(told, fmt.Sprint(done.Accounts, " of ", total)) }})
	if r.Invoices != 1 || len(b.invoicesOf(foreign)) != 1 || b.count(ledger.Invoices.Count) != 1 {
		t.Errorf("%+v", r)
	}
	if got := strings.Join(told, ", "); got != "1 of 1" {
		t.Errorf("progress: %s", got)
	}
}

func TestRunsThatAreRefused(t *testing.T) {
	b := open(t)
	for _, c := range []struct {
		run  Run
		want *failure.Code
	}{
		{Run{AsOf: period.Date(2026, 1, 2)}, DateOutOfRange},
		{Run{AsOf: period.Date(2026, 1, 1), Brand: "NONE"}, catalogue.UnknownBrand},
	} {
		if _, err := c.run.Do(context.Background(), b); failure.CodeOf(err) != c.want {
			t.Errorf("%+v: %v", c.run, err)
		}
	}
}

// TestRunThatIsCutOff ends between two batches; the next one makes the invoices
// that it would have made.
func TestRunThatIsCutOff(t *testing.T) {
	whole, cut := open(t), open(t)
	people := [2][]person{whole.many(5 * accountBatch), cut.many(5 * accountBatch)}
	whole.run("2026-02-01")
	cut.at("2026-02-01")
	for batches := 1; ; batches++ {
		ctx, stop := context.WithCancel(context.Background())
		left := batches
		run := Run{AsOf: period.DayOfUTC(cut.now), Progress: func(*Report, int64) {
			if left--; left == 0 {
				stop()
			}
		}}
		report, err := run.Do(ctx, cut)
		stop()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) || report.Invoices > int64(batches*accountBatch) {
			t.Fatalf("%v %+v", err, report)
		}
	}
	for n := range people[0] {
		if diff := cmp.Diff(whole.told(people[0][n]), cut.told(people[1][n])); diff != "" {
			t.Fatalf("customer %d (-whole +cut off): %s", n, diff)
		}
	}
}

// TestRunsBesideEachOther, and beside charges and payments: each period is billed
// once, and nothing is lost.
func TestRunsBesideEachOther(t *testing.T) {
	b := open(t)
	people := b.many(3 * accountBatch)
	b.at("2026-02-01")
	var all sync.WaitGroup
	var mu sync.Mutex
	var made int64
	for range 3 {
		all.Go(func() {
			r, err := (&Run{AsOf: period.DayOfUTC(b.now)}).Do(context.Background(), b)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			made += r.Invoices
		})
	}
	all.Go(func() {
		for _, p := range people {
			if err := b.try(savePayment(p, ledger.PaymentFields{Amount: *money("50"), Captured: true})); err != nil {
				t.Error(err)
			}
		}
	})
	all.Wait()
	if made != int64(len(people)) || b.count(ledger.Invoices.Count) != made {
		t.Errorf("%d made, %d are there", made, b.count(ledger.Invoices.Count))
	}
	for _, p := range people {
		b.balances(p, "-50")
	}
}

// TestAsOfAnEarlierDay bills only what was over by then, dated today.
func TestAsOfAnEarlierDay(t *testing.T) {
	b := open(t)
	p := b.signUp("MONTH", "Øre")
	b.charge(p, "DEBIT", "80")
	b.at("2026-02-10")
	b.charge(p, "DEBIT", "8")
	b.at("2026-03-05")
	b.runWith(Run{AsOf: period.Date(2026, 2, 28)})
	if all := b.invoicesOf(p); len(all) != 1 || !all[0].Until.Equal(period.Date(2026, 2, 1)) || !all[0].Date.Equal(period.Date(2026, 3, 5)) {
		t.Errorf("%+v", all)
	}
	b.runWith(Run{AsOf: period.Date(2026, 2, 1)})
	b.runWith(Run{AsOf: period.Date(2026, 3, 1)})
	if all := b.invoicesOf(p); len(all) != 2 || !all[1].From.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", all)
	}
}
