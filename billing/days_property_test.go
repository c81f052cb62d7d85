package billing

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
)

// TestDaysOfRandomLives: customers start, take, switch and drop options, move between
// billing groups, change rate plans and end at random moments of the brand's zone, days
// of clock changes among them, while prices change, and are billed when it happens to
// be. In the end each invoice costs to the minor unit what a naive model says, and no
// day of an option is billed twice or left out.
func TestDaysOfRandomLives(t *testing.T) {
	zones := []string{"Europe/Copenhagen", "America/Denver", "Asia/Tokyo", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"}
	first := []time.Time{period.Date(2026, 3, 20), period.Date(2026, 10, 20), period.Date(2027, 12, 20), period.Date(2026, 4, 10)}
	from, runs := uint64(1), 6
	if *seed != 0 {
		from, runs = *seed, 1
	}
	outcomes := map[string]int{}
	for n := range runs {
		seed := from + uint64(n)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Logf("go test -run TestDaysOfRandomLives -seed %d", seed)
			r := rand.New(rand.NewPCG(seed, 0))
			currency, units := "DKK", 2
			if r.IntN(4) == 0 {
				currency, units = pick(r, "JPY", "KWD"), 0
				if currency == "KWD" {
					units = 3
				}
			}
			l := &lives{Rand: r, almanac: newAlmanac(r, pick(r, zones...), units, pick(r, first...)), outcomes: outcomes}
			file := filepath.Join(t.TempDir(), "catalogue.toml")
			if err := os.WriteFile(file, []byte(l.catalogue(currency)), 0o600); err != nil {
				t.Fatal(err)
			}
			l.books = openCatalogue(t, file, "")
			l.now = must(time.ParseInLocation(time.DateOnly, l.today, l.zone)).Add(time.Hour)
			l.live()
			l.compare()
		})
	}
	t.Log(outcomes)
	for _, what := range []string{"take", "switch", "drop", "move", "end", "again", "run", "run late", "plan"} {
		if outcomes[what] == 0 && *seed == 0 {
			t.Errorf("no %s went well: %v", what, outcomes)
		}
	}
}

// lives are the customers of the test, and the model that knows of them.
type lives struct {
	*rand.Rand
	*almanac
	*books
	groups   []person
	outcomes map[string]int
}

func (l *lives) live() {
	for range 2 {
		p := l.signUp(string(pick(l.Rand, modelCycles...)), "Øre")
		l.groups = append(l.groups, p)
		for range 2 {
			l.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
				g, err := customer.CreateBillingGroup(tx, brand, customer.NewBillingGroup{Account: p.account, Owner: p.owner, ProductCode: string(pick(l.Rand, modelCycles...))})
				p.group = g.ID
				return err
			})
			l.groups = append(l.groups, p)
			cycle := pick(l.Rand, modelCycles...)
			l.do(func(tx store.Tx, brand *catalogue.Brand) (err error) {
				p.subscription, err = subscribeIn(tx, brand, p.group, p.owner, string(cycle))
				return err
			})
			l.almanac.lines = append(l.almanac.lines, &modelLine{person: p, cycle: cycle, days: map[string][]modelDay{}})
		}
	}
	for range 90 {
		l.step(pick(l.Rand, l.almanac.lines...))
		wait := time.Duration(l.IntN(180)) * time.Minute
		if l.IntN(4) == 0 {
			wait = time.Duration(l.IntN(6*24*60)) * time.Minute
		}
		l.now = l.now.Add(wait)
		l.pass(l.now)
	}
	l.now = l.now.AddDate(1, 0, 0)
	l.pass(l.now)
	l.bill("run late")
}

// step does one thing to a subscription, and tells the model of it when it went well.
func (l *lives) step(m *modelLine) {
	wanted, what := pick(l.Rand, l.options...).key, l.IntN(24)
	switch {
	case what < 8 && !slices.Contains(m.held, wanted):
		name, switching := "take", l.IntN(2) == 0
		if switching && slices.ContainsFunc(l.excluding(wanted), func(o string) bool { return slices.Contains(m.held, o) }) {
			name = "switch"
		}
		l.told(name, func() { l.take(m, wanted) }, func(tx store.Tx, brand *catalogue.Brand) error {
			plan, err := option.PlanToSubscribe(tx, brand, m.subscription, []string{l.id(tx, brand, wanted)}, switching)
			if err == nil {
				_, err = plan.Subscribe(tx)
			}
			return err
		})
	case what < 13:
		l.told("drop", func() { l.drop(m, wanted) }, func(tx store.Tx, brand *catalogue.Brand) error {
			plan, err := option.PlanToUnsubscribe(tx, brand, m.subscription, []string{l.id(tx, brand, wanted)})
			if err != nil {
				return err
			}
			return plan.Unsubscribe(tx)
		})
	case what < 16:
		l.life(m, "start", customer.ActivateSubscription, func() { l.start(m) })
	case what < 17:
		l.life(m, "end", customer.TerminateSubscription, func() { l.end(m) })
	case what < 19:
		l.life(m, "again", customer.ReactivateSubscription, func() {
			held := m.held
			m.held = nil
			for _, o := range held {
				l.take(m, o)
			}
			l.start(m)
		})
	case what < 21:
		to := pick(l.Rand, l.groups...)
		if to.account == m.account {
			l.told("move", func() { m.group = to.group }, func(tx store.Tx, brand *catalogue.Brand) error {
				return customer.ChangeBillingGroup(tx, brand, m.subscription, to.group)
			})
		}
	case what < 22:
		l.told("plan", func() {}, func(tx store.Tx, brand *catalogue.Brand) error {
			_, err := option.ChangeRatePlan(tx, brand, m.subscription, pick(l.Rand, "202001010000000002", "202001010000000003"))
			return err
		})
	case what < 23:
		l.bill("run")
	}
}

func (l *lives) id(tx store.Tx, brand *catalogue.Brand, key string) string {
	return must(catalogue.OptionNamed(tx, brand, key)).CatalogueID
}

func (l *lives) life(m *modelLine, what string, step func(store.Tx, *catalogue.Brand, store.ID) (*customer.Subscription, error), well func()) {
	l.told(what, well, func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := step(tx, brand, m.subscription)
		return err
	})
}

func (l *lives) told(what string, well func(), fn func(tx store.Tx, brand *catalogue.Brand) error) {
	l.Helper()
	switch err := l.try(fn); {
	case err == nil:
		l.outcomes[what]++
		well()
	case failure.CodeOf(err) == nil || failure.CodeOf(err).Kind == failure.Internal:
		l.Fatalf("%s: %v", what, err)
	}
}

func (l *lives) bill(what string) {
	l.outcomes[what]++
	today := must(time.Parse(time.DateOnly, l.today))
	if r := l.runWith(Run{AsOf: today.AddDate(0, 0, -l.IntN(3))}); r.Refused > 0 {
		l.Fatalf("refused: %v", r.Reasons)
	}
}

// compare compares every invoice, and the days without one, with the model.
func (l *lives) compare() {
	for _, g := range l.groups {
		l.look(func(tx store.Tx, brand *catalogue.Brand) error {
			kept, err := ledger.Of(tx, g.account, g.group)
			if err != nil {
				return err
			}
			spans, billed, days := map[store.ID]period.Period{}, map[string]*big.Rat{}, map[string]int{}
			for i, err := range ledger.Invoices.All(tx, ledger.ByGroup, g.group.String()) {
				if err != nil {
					return err
				}
				spans[i.ID] = period.Between(i.From, i.Until)
			}
			for p, err := range ledger.Postings.All(tx, ledger.ByGroup, g.group.String()) {
				if err != nil {
					return err
				}
				if p.Kind != ledger.Recurrent {
					continue
				}
				what := fmt.Sprint(period.Format(spans[p.Invoice].From), " ", p.Subscription, " ", p.Text)
				addTo(billed, what, p.Amount.Neg().Rat())
				for d := p.From; d.Before(p.Until); d = d.AddDate(0, 0, 1) {
					days[fmt.Sprint(period.Format(d), " ", p.Subscription, " ", p.Text)]++
				}
			}
			group, err := customer.BillingGroupByID(tx, brand, g.group)
			if err != nil {
				return err
			}
			l.compareGroup(group, period.Format(kept.BilledUntil), billed, days)
			return nil
		})
	}
}

func addTo(sums map[string]*big.Rat, key string, amount *big.Rat) {
	if sums[key] == nil {
		sums[key] = new(big.Rat)
	}
	sums[key].Add(sums[key], amount)
}

func (l *lives) compareGroup(g *customer.BillingGroup, until string, billed map[string]*big.Rat, days map[string]int) {
	want := map[string]*big.Rat{}
	for _, m := range l.almanac.lines {
		for key := range m.days {
			for d, cost := range l.almanac.costs(m, key) {
				if d.group != g.ID.String() || d.day >= until {
					continue
				}
				from := period.Of(g.BillingCycle, must(time.Parse(time.DateOnly, d.day))).From
				addTo(want, fmt.Sprint(period.Format(from), " ", m.subscription, " ", key), cost)
				what := fmt.Sprint(d.day, " ", m.subscription, " ", key)
				if days[what]--; days[what] == 0 || cost.Sign() == 0 && days[what] == -1 {
					delete(days, what)
				}
			}
		}
	}
	for what, cost := range want {
		if billed[what] == nil && cost.Sign() != 0 || billed[what] != nil && billed[what].Cmp(cost) != 0 {
			l.Errorf("group %s: %s is billed %v, want %s", g.Name, what, billed[what], cost.FloatString(3))
		}
		delete(billed, what)
	}
	if len(billed) > 0 {
		l.Errorf("group %s: billed without a reason: %v", g.Name, billed)
	}
	var wrong []string
	for what, n := range days {
		wrong = append(wrong, fmt.Sprintf("%s: %+d", what, n))
	}
	if slices.Sort(wrong); len(wrong) > 0 {
		l.Errorf("group %s: days billed too often, or too seldom:\n%s", g.Name, strings.Join(wrong, "\n"))
	}
}
