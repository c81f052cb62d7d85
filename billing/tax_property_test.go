package billing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// The table of testdata/taxes.toml in the test's own words: what holds where, on days
// from the first to before the last.
type modelTax struct {
	name, rate, from, until string
	holds                   func(where string) bool
}

func in(places ...string) func(string) bool {
	return func(where string) bool { return slices.Contains(places, where) }
}

var modelTaxes = []modelTax{ // in order of their ids
	{"Federal", "4.5", "", "", in("Denver", "Boulder", "New York", "US")},
	{"Colorado", "3", "", "2026-02-15", in("Denver", "Boulder")},
	{"Colorado new", "4", "2026-02-15", "", in("Denver", "Boulder")},
	{"Denver", "5", "2026-01-20", "2026-03-11", in("Denver")},
	{"New york", "8", "", "", in("New York")},
	{"Mva", "25", "", "2026-03-01", in("Norway")},
	{"Mva new", "30", "2026-03-01", "", in("Norway")},
	{"Westminster", "20", "", "", in("London SW")},
}

// modelPlaces are places as clients write them.
var modelPlaces = map[string][]catalogue.Place{
	"Denver":    {{Country: "US", State: "CO", City: "Denver"}, {Country: "U.S.A.", State: "Colorado", City: " denver "}},
	"Boulder":   {{State: "CO", City: "Boulder"}, {Country: "840", State: "US-CO"}},
	"New York":  {{Country: "United States", State: "N.Y."}, {Country: "États-Unis", State: "new york", ZIP: "10001"}},
	"US":        {{}, {Country: "usa"}, {Country: "US", State: "TX"}},
	"Norway":    {{Country: "Norge"}, {Country: "NOR", State: "Viken"}, {Country: "Norwegen", ZIP: "0150"}},
	"London SW": {{Country: "UK", ZIP: "SW1A 1AA"}, {Country: "Great Britain", ZIP: "sw1"}},
	"London EC": {{Country: "GB", ZIP: "EC1A"}},
}

// taxModel lives customers at random and notes where the bill of each day goes to.
type taxModel struct {
	*books
	*rand.Rand
	person
	other  store.ID            // another user, who may get the bill
	at     map[store.ID]string // where users are
	billed store.ID            // who gets the bill
	where  map[string]string   // by day
}

// TestTaxesOfRandomLives compares with a model that goes by the day: whatever moves,
// whoever gets the bill, whenever the run comes, each tax is what its rate takes of
// what falls on the days on which it holds without a break, and each line of a
// recurrent price is of days that are taxed alike.
func TestTaxesOfRandomLives(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("go test -run %s -seed %d", t.Name(), *seed)
	r := rand.New(rand.NewPCG(*seed, 1))
	taxed, cut := 0, 0
	for range 8 {
		m := &taxModel{books: openCatalogue(t, taxes, ""), Rand: r, at: map[store.ID]string{}, where: map[string]string{}}
		m.live()
		for _, i := range m.invoicesOf(m.person) {
			n, k := m.check(i)
			taxed, cut = taxed+n, cut+k
		}
	}
	if taxed < 20 || cut < 5 {
		t.Errorf("%d taxes and %d cut lines are too few to tell", taxed, cut)
	}
}

func (m *taxModel) place() (string, catalogue.Place) {
	names := make([]string, 0, len(modelPlaces))
	for name := range modelPlaces {
		names = append(names, name)
	}
	slices.Sort(names)
	where := pick(m.Rand, names...)
	return where, pick(m.Rand, modelPlaces[where]...)
}

// live lives until the end of April, with runs now and then.
func (m *taxModel) live() {
	where, place := m.place()
	m.person = m.signUpAt(pick(m.Rand, "MONTH", "MONTH", "QUARTER"), place)
	m.at[m.owner], m.billed = where, m.owner
	m.activate(m.person, "ROUND")
	m.do(func(tx store.Tx, brand *catalogue.Brand) error {
		where, place := m.place()
		u, err := customer.CreateUser(tx, brand, customer.NewUser{Account: m.account, UserFields: customer.UserFields{
			LastName: "Ek", Country: place.Country, State: place.State, City: place.City, ZIP: place.ZIP}})
		if err == nil {
			m.other, m.at[u.ID] = u.ID, where
		}
		return err
	})
	has := map[string]bool{"ROUND": true}
	for d := m.date("2026-01-01"); d.Before(m.date("2026-05-01")); d = d.AddDate(0, 0, 1) {
		m.now = d.Add(time.Duration(m.IntN(24*60)) * time.Minute)
		for range m.IntN(3) {
			switch m.IntN(16) {
			case 0, 1, 2:
				user := pick(m.Rand, m.owner, m.other)
				where, place := m.place()
				m.moves(user, place)
				m.at[user] = where
			case 3, 4:
				m.redirect()
			case 5, 6:
				m.charge(m.person, pick(m.Rand, "DEBIT", "CREDIT", "WRITE_OFF"), fmt.Sprintf("%d.%02d", 1+m.IntN(300), m.IntN(100)))
			case 7:
				option := pick(m.Rand, "LINE", "ROUND")
				if has[option] {
					m.unsubscribe(m.person, option)
				} else {
					m.subscribe(m.person, option)
				}
				has[option] = !has[option]
			}
		}
		m.where[period.Format(d)] = m.at[m.billed]
		if m.IntN(20) == 0 {
			m.runWith(Run{AsOf: d})
		}
	}
	m.run("2026-05-01")
}

// redirect sends the bill to the other user, or to the owner again.
func (m *taxModel) redirect() {
	address := m.other
	if m.billed == m.other {
		address = 0
	}
	m.do(func(tx store.Tx, brand *catalogue.Brand) error {
		_, err := customer.SetBillingAddress(tx, brand, m.group, address)
		return err
	})
	if m.billed = m.owner; address != 0 {
		m.billed = m.other
	}
}

// holds reports whether a tax holds on a day.
func (m *taxModel) holds(t *modelTax, d time.Time) bool {
	return t.from <= period.Format(d) && (t.until == "" || period.Format(d) < t.until) && t.holds(m.where[period.Format(d)])
}

// check reckons the taxes of an invoice from its other lines.
func (m *taxModel) check(i *ledger.Invoice) (taxed, cut int) {
	sums, first := map[string]decimal.Decimal{}, i.From // by day; of lines of several days, by the first
	var got, want []string
	m.look(func(tx store.Tx, _ *catalogue.Brand) error {
		for p, err := range ledger.Postings.All(tx, ledger.ByInvoice, i.ID.String()) {
			switch {
			case err != nil:
				return err
			case p.Kind == ledger.Tax:
				got = append(got, fmt.Sprintf("%s %s %s..%s", p.Text, p.Amount.Neg(), period.Format(p.From), period.Format(p.Until)))
				continue
			case p.ChargeItem != "" && p.Text == "Write off":
				continue
			}
			d := p.EffectiveDay()
			if p.Kind == ledger.Recurrent {
				d = p.From
				m.alike(p)
				if p.From.After(i.From) {
					cut++
				}
			}
			if d.Before(first) {
				first = d
			}
			sums[period.Format(d)] = sums[period.Format(d)].Sub(p.Amount)
		}
		return nil
	})
	for n := range modelTaxes {
		t := &modelTaxes[n]
		for d := first; d.Before(i.Until); d = d.AddDate(0, 0, 1) {
			if !m.holds(t, d) {
				continue
			}
			from, base := d, decimal.Zero
			for ; d.Before(i.Until) && m.holds(t, d); d = d.AddDate(0, 0, 1) {
				base = base.Add(sums[period.Format(d)])
			}
			if amount := base.Mul(*money(t.rate)).Shift(-2).Round(2); !amount.IsZero() {
				if until := d; from.Before(i.From) && until.After(i.From) {
					from = i.From
				}
				want = append(want, fmt.Sprintf("%s %s %s..%s", t.name, amount, period.Format(from), period.Format(d)))
			}
		}
	}
	if got, want := strings.Join(got, "\n"), strings.Join(want, "\n"); got != want {
		m.Errorf("invoice %s of %s..%s has taxes\n%s\nwant\n%s\nat %v", i.Number, period.Format(i.From), period.Format(i.Until), got, want, m.where)
	}
	return len(got), cut
}

// alike sees to it that all days of a line are taxed alike.
func (m *taxModel) alike(p *ledger.Posting) {
	for n := range modelTaxes {
		for d := p.From; d.Before(p.Until); d = d.AddDate(0, 0, 1) {
			if m.holds(&modelTaxes[n], d) != m.holds(&modelTaxes[n], p.From) {
				m.Errorf("line %s is of days that are taxed otherwise from %s on", line(p), period.Format(d))
				return
			}
		}
	}
}
