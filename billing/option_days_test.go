package billing

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/store"
)

// switchTo takes an option in the place of what excludes it.
func (b *books) switchTo(p person, wanted string) {
	b.Helper()
	b.do(func(tx store.Tx, brand *catalogue.Brand) error {
		o, err := catalogue.OptionNamed(tx, brand, wanted)
		if err != nil {
			return err
		}
		plan, err := option.PlanToSubscribe(tx, brand, p.subscription, []string{o.CatalogueID}, true)
		if err != nil {
			return err
		}
		_, err = plan.Subscribe(tx)
		return err
	})
}

// TestDaysOfOptions: an option costs the days on which it was had at their end, its
// first day at least, and no day twice. SILVER costs 10 a day of January, GOLD 20; each
// excludes the other.
func TestDaysOfOptions(t *testing.T) {
	for _, c := range []struct {
		name string
		live string // each a day and a time, then what was done: +take, -drop, =switch to; start, end, again
		want string
	}{
		{"taken and dropped within each of six days", "01T08 start 05T09 +SILVER 05T10 -SILVER 06T09 +SILVER 06T10 -SILVER 07T09 +SILVER 07T10 -SILVER 08T09 +SILVER 08T10 -SILVER 09T09 +SILVER 09T10 -SILVER 10T09 +SILVER 10T10 -SILVER",
			"0105..0105 10 0106..0106 10 0107..0107 10 0108..0108 10 0109..0109 10 0110..0110 10"},
		{"taken and dropped twice within a day", "01T08 start 05T09 +SILVER 05T10 -SILVER 05T11 +SILVER 05T12 -SILVER", "0105..0105 10"},
		{"dropped, taken and dropped within a day", "01T08 start 05T09 +SILVER 07T10 -SILVER 07T11 +SILVER 07T12 -SILVER", "0105..0106 20 0107..0107 10"},
		{"taken, dropped and taken within a day", "01T08 start 05T09 +SILVER 05T10 -SILVER 05T11 +SILVER", "0105..0131 270"},
		{"dropped and taken within a day", "01T08 start 05T09 +SILVER 07T10 -SILVER 07T11 +SILVER", "0105..0106 20 0107..0131 250"},
		{"dropped on the next day", "01T08 start 05T23 +SILVER 06T00 -SILVER", "0105..0105 10"},
		{"switched on another day", "01T08 start 05T09 +SILVER 08T09 =GOLD", "0105..0107 30 0108..0131 480"},
		{"taken and switched within a day", "01T08 start 05T09 +SILVER 05T10 =GOLD", "0105..0131 540"},
		{"switched and back within a day", "01T08 start 05T09 +SILVER 08T09 =GOLD 08T10 =SILVER", "0105..0107 30 0108..0131 240"},
		{"switched twice and dropped within a day", "01T08 start 05T09 +SILVER 05T10 =GOLD 05T11 -GOLD", "0105..0105 20"},
		{"switched, back and dropped within a day", "01T08 start 05T09 +SILVER 05T10 =GOLD 05T11 =SILVER 05T12 -SILVER", "0105..0105 10"},
		{"dropped, and another taken after", "01T08 start 05T09 +SILVER 05T10 -SILVER 05T11 +GOLD 05T12 -GOLD", "0105..0105 20"},
		{"switched and dropped on another day", "01T08 start 05T09 +SILVER 08T10 =GOLD 08T11 -GOLD", "0105..0107 30 0108..0108 20"},
		{"beside one that excludes it not", "01T08 start 05T09 +SILVER 05T10 -SILVER 05T11 +ROUND", "0105..0105 10 0105..0131 87.1"},
		{"before the start", "05T09 +SILVER 05T10 -SILVER 05T11 start", ""},
		{"around the start", "05T09 +SILVER 05T10 start 05T11 -SILVER", "0105..0105 10"},
		{"before the end", "01T08 start 05T09 +SILVER 05T10 -SILVER 05T11 end", "0105..0105 10"},
		{"until the end", "01T08 start 05T09 +SILVER 05T11 end", ""},
		{"until the end, and again", "01T08 start 05T09 +SILVER 05T11 end 08T09 again", "0108..0131 240"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := openCatalogue(t, "testdata/prices.toml", "")
			p := b.signUp("MONTH", "Øre")
			steps := strings.Fields(c.live)
			for n := 0; n < len(steps); n += 2 {
				b.at("2026-01-" + strings.Replace(steps[n], "T", " ", 1) + ":00:00")
				switch what := steps[n+1]; what[0] {
				case '+':
					b.subscribe(p, what[1:])
				case '-':
					b.unsubscribe(p, what[1:])
				case '=':
					b.switchTo(p, what[1:])
				default:
					b.life(p, map[string]func(store.Tx, *catalogue.Brand, store.ID) (*customer.Subscription, error){
						"start": customer.ActivateSubscription, "end": customer.TerminateSubscription, "again": customer.ReactivateSubscription}[what])
				}
			}
			b.run("2026-02-01")
			if got := strings.TrimSpace(strings.TrimPrefix(b.nets(p), "2026-01-01:")); got != c.want {
				t.Errorf("billed %s, want %s", got, c.want)
			}
		})
	}
}
