package billing

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/store"
)

// TestCreditOfOlderLines: an invoice bills February again beside March, which bears
// another rate. Credited one by one, each line takes back the tax of its own days.
func TestCreditOfOlderLines(t *testing.T) {
	norway, colorado, newYork := catalogue.Place{Country: "NO"}, catalogue.Place{State: "CO"}, catalogue.Place{State: "NY"}
	for _, c := range []struct {
		brand string
		place catalogue.Place
		want  []string
	}{
		{"BOOKS", norway, []string{"-310 + -77.5", "-310 + -93"}},
		{"BOOKS", colorado, []string{"-155 + -11.63", "-155 + -13.17", "-310 + -26.35"}},
		{"BOOKS", newYork, []string{"-310 + -38.75", "-310 + -38.75"}},
		{"END", norway, []string{"-310 + -77.5", "-310 + -93"}}, // each period as its last day
		{"END", colorado, []string{"-310 + -26.35", "-310 + -26.35"}},
	} {
		b := openCatalogue(t, taxes, "")
		b.brand = c.brand
		p := b.signUpAt("MONTH", c.place)
		b.activate(p, "LINE")
		b.run("2026-03-01")
		b.at("2026-03-05")
		b.credit(NewCredit{Invoice: b.invoicesOf(p)[1].ID, BillAgain: true})
		b.run("2026-04-01")
		i := b.invoicesOf(p)[3]
		var steps []string
		for _, line := range b.linesOf(i) {
			note := b.credit(NewCredit{Invoice: i.ID, Lines: []store.ID{line}})
			steps = append(steps, note.Net.String()+" + "+note.Tax.String())
		}
		if diff := cmp.Diff(c.want, steps); diff != "" {
			t.Errorf("%s, %v: (-want +got)\n%s%s", c.brand, c.place, diff, b.lines(p))
		}
	}
}
