package billing

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// correct posts the corrections of a person's subscription from a day on, and tells them.
func (b *books) correct(p person, from string) string {
	b.Helper()
	var told []string
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		d, err := newDrafter(tx, brand, p.account, newSold())
		if err != nil {
			return err
		}
		g := d.whole.BillingGroup(p.group)
		entries, err := d.corrections(g, p.subscription, period{b.date(from), endless})
		if err != nil {
			return err
		}
		for _, e := range entries {
			told = append(told, fmt.Sprintf("%s %s..%s %s", e.Text, e.From.Format("0102"), e.Until.AddDate(0, 0, -1).Format("0102"), e.Amount))
		}
		return post(tx, brand, g, entries...)
	})
	return strings.Join(told, "\n")
}

// recurrent is what a person's recurrent postings add up to.
func (b *books) recurrent(p person) (sum decimal.Decimal) {
	b.Helper()
	b.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for l, err := range postings.All(tx, byGroup, p.group.String()) {
			if err != nil {
				return err
			}
			if l.Kind == Recurrent {
				sum = sum.Sub(l.Amount)
			}
		}
		return nil
	})
	return sum
}

// TestCorrections: what was billed beyond an end is credited, once.
func TestCorrections(t *testing.T) {
	for _, c := range []struct {
		name, group, product, options string
		run, end, want                string
	}{
		{"inside a month", "MONTH", "MONTH", "SILVER", "2026-02-01", "2026-01-11", "Silver 0111..0131 210"},
		{"on a period's first day", "MONTH", "MONTH", "SILVER", "2026-02-01", "2026-01-01", "Silver 0101..0131 310"},
		{"over two months", "MONTH", "MONTH", "SILVER ROUND", "2026-03-01", "2026-01-22", "Round 0122..0131 32.26\nRound 0201..0228 100\nSilver 0122..0131 100\nSilver 0201..0228 310"},
		{"over prices", "MONTH", "MONTH", "STEP", "2026-02-01", "2026-01-11", "Step 0111..0115 50\nStep 0116..0131 320"},
		{"over the roundings of a year", "YEAR", "MONTH", "LINE", "2027-01-01", "2026-02-10", "Line 0210..1231 3192.89"},
		{"over the weeks of a month", "WEEK", "MONTH", "ROUND", "2026-02-02", "2026-01-05", "Round 0105..0111 22.58\nRound 0112..0118 22.58\nRound 0119..0125 22.58\nRound 0126..0201 22.93"},
		{"in days that are not billed", "MONTH", "MONTH", "SILVER", "2026-02-01", "2026-02-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openCatalogue(t, "testdata/prices.toml", "")
			p := b.subscribedIn(c.group, c.product)
			b.life(p, customer.ActivateSubscription)
			for _, o := range strings.Fields(c.options) {
				b.subscribe(p, o)
			}
			b.run(c.run)
			b.at(c.end)
			b.life(p, customer.TerminateSubscription)
			b.at(c.run)
			if got := b.correct(p, c.end); got != c.want {
				t.Errorf("corrected by\n%s\nwant\n%s", got, c.want)
			}
			if got := b.correct(p, c.end); got != "" {
				t.Errorf("corrected again by\n%s", got)
			}
		})
	}
}

// TestCorrectionsOfWhatIsCredited: days whose lines were credited are billed again, as
// they should have been.
func TestCorrectionsOfWhatIsCredited(t *testing.T) {
	b := openCatalogue(t, "testdata/prices.toml", "")
	p := b.signUp("MONTH", "Øre")
	b.life(p, customer.ActivateSubscription)
	b.subscribe(p, "ROUND")
	b.at("2026-01-11")
	b.unsubscribe(p, "ROUND")
	b.subscribe(p, "ROUND")
	b.run("2026-02-01")
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		var credits []*Posting
		for l, err := range postings.All(tx, byGroup, p.group.String()) {
			if err != nil {
				return err
			}
			if l.Kind == Recurrent {
				credits = append(credits, &Posting{Kind: Recurrent, Amount: l.Amount.Neg(), Option: l.Option, Subscription: l.Subscription, Text: l.Text, From: l.From, Until: l.Until})
			}
		}
		d, err := newDrafter(tx, brand, p.account, newSold())
		if err != nil {
			return err
		}
		return post(tx, brand, d.whole.BillingGroup(p.group), credits...)
	})
	if got := b.recurrent(p); !got.IsZero() {
		t.Fatalf("%s is left", got)
	}
	if got, want := b.correct(p, "2026-01-01"), "Round 0101..0110 -32.26\nRound 0111..0131 -67.74"; got != want {
		t.Errorf("billed again\n%s\nwant\n%s", got, want)
	}
}

// TestCorrectionsOfAnEarlierVersion: what was billed by other rules is credited as it
// was billed.
func TestCorrectionsOfAnEarlierVersion(t *testing.T) {
	b := openCatalogue(t, "testdata/prices.toml", "")
	p := b.subscribedIn("YEAR", "MONTH")
	b.life(p, customer.ActivateSubscription)
	b.subscribe(p, "LINE")
	b.run("2027-01-01")
	b.do(func(tx store.Tx, _ *catalogue.Brand) error { // a year for the price of a month
		for l, err := range postings.All(tx, byGroup, p.group.String()) {
			if err != nil {
				return err
			}
			if l.Kind == Recurrent {
				l.Amount = *money("-365")
				return postings.Put(tx, l)
			}
		}
		return nil
	})
	b.at("2026-12-02")
	b.life(p, customer.TerminateSubscription)
	b.at("2027-01-01")
	var told string
	err := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
		d, err := newDrafter(tx, brand, p.account, newSold())
		if err != nil {
			return err
		}
		entries, err := d.corrections(d.whole.BillingGroup(p.group), p.subscription, period{b.date("2026-12-02"), endless})
		for _, e := range entries {
			told += e.Amount.String()
		}
		if err == nil {
			err = errDry
		}
		return err
	})
	if err != errDry || told != "30" {
		t.Errorf("credited %q, %v, want 30 days of 1", told, err)
	}
	b.do(func(tx store.Tx, _ *catalogue.Brand) error { // as it was, for the books to be right
		for l, err := range postings.All(tx, byGroup, p.group.String()) {
			if err != nil {
				return err
			}
			if l.Kind == Recurrent {
				l.Amount = *money("-3588")
				return postings.Put(tx, l)
			}
		}
		return nil
	})
}

// TestCorrectedAsPunctual: after the corrections of an end that was kept late, the
// billing groups have paid what they would have with one that was kept on its day.
func TestCorrectedAsPunctual(t *testing.T) {
	options := []string{"LINE", "ROUND", "STEP", "BY_WEEK", "BY_MONTH", "BY_QUARTER", "BY_YEAR", "SILVER"}
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		cycles := []string{"WEEK", "MONTH", "QUARTER", "YEAR"}
		group, product := pick(r, cycles...), pick(r, cycles...)
		end := date(2026, 1, 3+r.IntN(200))
		seen := ""
		var paid [2]decimal.Decimal
		for late := range 2 {
			r := rand.New(rand.NewPCG(seed, 2))
			b := openCatalogue(t, "testdata/prices.toml", "Europe/Copenhagen")
			p := b.subscribedIn(group, product)
			b.life(p, customer.ActivateSubscription)
			for day := date(2026, 1, 1); day.Before(end); day = day.AddDate(0, 0, 1+r.IntN(20)) {
				b.now = day.Add(8 * 3600 * 1e9)
				o := pick(r, options...)
				err := b.try(func(tx store.Tx, brand *catalogue.Brand) error {
					kept, err := catalogue.OptionByKey(tx, brand, o)
					if err == nil {
						_, err = customer.AddOptions(tx, brand, p.subscription, []string{kept.CatalogueID})
					}
					return err
				})
				if err != nil {
					b.unsubscribe(p, o)
				}
			}
			if late == 1 {
				b.run("2027-01-01")
			}
			b.now = end.Add(12 * 3600 * 1e9)
			b.life(p, customer.TerminateSubscription)
			if late == 1 {
				b.at("2027-01-01")
				seen = b.correct(p, day(end))
			}
			b.run("2027-01-01")
			paid[late] = b.recurrent(p)
		}
		if !paid[0].Equal(paid[1]) || seen == "" {
			t.Errorf("seed %d, %s in %s, end on %s: a punctual end cost %s, a late one %s after\n%s", seed, product, group, day(end), paid[0], paid[1], seen)
		}
	}
}
