package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// planned is what an import of src from a day would do, a line each.
func planned(t *testing.T, s store.Store, src string, from time.Time) (lines []string, counts catalogue.Changes, err error) {
	t.Helper()
	f, mistakes := catalogue.Load("file.toml", []byte(src))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	var plan []catalogue.Change
	err = s.View(t.Context(), func(tx store.Tx) (err error) { counts, plan, err = catalogue.Plan(tx, f, from); return err })
	for _, p := range plan {
		line := p.What + " " + p.Table + " " + p.Code
		for _, k := range p.Keys {
			line += " " + k.Key + " " + k.Was + ">" + k.Is
		}
		if p.From != "" {
			line += " from " + p.From
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines, counts, err
}

// TestPlan: a plan says each change, with keys and days, as the import then makes them;
// the store stays as it is.
func TestPlan(t *testing.T) {
	s := open(t)
	day := time.Date(2040, 3, 1, 0, 0, 0, 0, time.UTC)
	file := func(plan, tax, more string) string {
		return brandOf(rows("rate_plan", `code = "STANDARD"; description = "`+plan+`"`) +
			"[[brand.product_option]]\noption_key = \"LINE\"\nid = \"201401010000009001\"\nname = \"Line\"\n" + more +
			rows("tax", `code = "VAT"; country = "US"; rate = `+tax))
	}
	first := file("Rates", "20", "recurrent_price = 10\n")
	if lines, counts, err := planned(t, s, first, time.Time{}); err != nil || counts != (catalogue.Changes{Added: 4}) ||
		!cmp.Equal(lines, []string{"added brand", "added brand.rate_plan STANDARD", "added brand.product_option LINE", "added brand.tax VAT"}) {
		t.Errorf("%q %+v %v", lines, counts, err)
	}
	importFile(t, s, first)
	for _, c := range []struct {
		src  string
		want []string
	}{
		{first, nil},
		{file("Other", "20", "recurrent_price = 10\n"), []string{`changed brand.rate_plan STANDARD description "Rates">"Other"`}},
		{file("Rates", "25", "recurrent_price = 10\n"), []string{"changed brand.tax VAT rate 20>25 from 2040-03-01"}},
		{file("Rates", "20", "recurrent_price = 12.5\nper = \"month\"\n"), []string{`changed brand.product_option LINE recurrent_price 10>12.5 per "cycle">"month" from 2040-03-01`}},
		{file("Rates", "20", "recurrent_price = 10\n[[brand.product_option.price]]\nvalid_from = \"2041-01-01\"\nrecurrent_price = 11\n"), []string{"changed brand.product_option LINE recurrent_price 10>11 from 2041-01-01"}},
		{brandOf(rows("rate_plan", `code = "STANDARD"; description = "Rates"`)), []string{"retired brand.product_option LINE retired >true", "retired brand.tax VAT retired >true from 2040-03-01"}},
	} {
		lines, counts, err := planned(t, s, c.src, day)
		if diff := cmp.Diff(c.want, lines); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		again, _, _ := planned(t, s, c.src, day)
		if diff := cmp.Diff(lines, again); diff != "" {
			t.Errorf("a plan changes something: %s", diff)
		}
		other := open(t)
		importFile(t, other, first)
		f, _ := catalogue.Load("file.toml", []byte(c.src))
		var made catalogue.Changes
		err = other.Update(t.Context(), func(tx store.Tx) (err error) { made, err = catalogue.ImportFrom(tx, f, day); return err })
		if err != nil || made != counts {
			t.Errorf("planned %+v, made %+v, %v", counts, made, err)
		}
	}
}

// TestPlanFailsAsImport: what an import refuses is refused before.
func TestPlanFailsAsImport(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("rate_plan", `code = "STANDARD"`)))
	for _, c := range []struct {
		src  string
		code *failure.Code
	}{
		{strings.ReplaceAll(brandOf(rows("rate_plan", `code = "OTHER"`)), "DEMO", "MORE"), catalogue.IDTaken},
		{strings.ReplaceAll(brandOf(""), "201401010000000001", "201401010000000009"), catalogue.IDChanged},
	} {
		if _, _, err := planned(t, s, c.src, time.Time{}); failure.CodeOf(err) != c.code {
			t.Errorf("%v, want %s", err, c.code.Name)
		}
	}
	if _, _, err := planned(t, s, brandOf(""), time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)); failure.CodeOf(err) != catalogue.ValidFromPast {
		t.Error(err)
	}
}
