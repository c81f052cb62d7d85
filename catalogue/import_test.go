package catalogue_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// demoObjects is how many objects demo.toml has: 2 brands, 3 rate plans, 2 number
// series, 13 options, 4 product configurations, 5 charge items, 5 taxes, 3 devices,
// 3 rows of coverage, 3 campaigns, 2 handsets.
const demoObjects = 47

// demo2Objects of them are brand DEMO2's.
const demo2Objects = 12

func TestImportDemo(t *testing.T) {
	s := open(t)
	if got, want := importFile(t, s, string(catalogue.Demo())), (catalogue.Changes{Added: demoObjects}); got != want {
		t.Errorf("first import: %+v, want %+v", got, want)
	}
	if got, want := importFile(t, s, string(catalogue.Demo())), (catalogue.Changes{Unchanged: demoObjects}); got != want || got.Any() {
		t.Errorf("second import: %+v, want %+v", got, want)
	}
}

// A closure may run twice with the same file, so importing must not change it.
func TestImportLeavesTheFile(t *testing.T) {
	s := open(t)
	f := load(t, string(catalogue.Demo()))
	update(t, s, func(tx store.Tx) error {
		undone := tx.Savepoint(func() error {
			if _, err := catalogue.Import(tx, f); err != nil {
				return err
			}
			return catalogue.UnknownBrand.Error()
		})
		wantCode(t, "savepoint", undone, catalogue.UnknownBrand)
		changes, err := catalogue.Import(tx, f)
		if want := (catalogue.Changes{Added: demoObjects}); changes != want {
			t.Errorf("import after an undone one: %+v, want %+v", changes, want)
		}
		if id := f.Brands[0].Base.ID; id != 0 {
			t.Errorf("Import gave the file's own brand the id %s", id)
		}
		return err
	})
}

func TestImportChangesAndRetires(t *testing.T) {
	demo := string(catalogue.Demo())
	voiceMail := cut(t, demo, "[[brand.product_option]]\noption_key = \"VOICE_MAIL\"", "# Product configurations")
	second := demo[strings.Index(demo, "# ----------------------------------------------------------------- brand DEMO2"):]
	tests := []struct {
		name, src string
		want      catalogue.Changes
	}{
		{"a price", strings.Replace(demo, "recurrent_price = 19.90", "recurrent_price = 21", 1), catalogue.Changes{Changed: 1, Unchanged: demoObjects - 1}},
		{"the same price, written otherwise", strings.Replace(demo, "recurrent_price = 19.90", "recurrent_price = 19.9", 1), catalogue.Changes{Unchanged: demoObjects}},
		{"an option left out", strings.Replace(demo, voiceMail, "", 1), catalogue.Changes{Retired: 1, Unchanged: demoObjects - 1}},
		{"an option said to be retired", strings.Replace(demo, `option_key = "VOICE_MAIL"`, `option_key = "VOICE_MAIL"`+"\nretired = true", 1), catalogue.Changes{Retired: 1, Unchanged: demoObjects - 1}},
		{"one brand only", strings.Replace(demo, second, "", 1), catalogue.Changes{Unchanged: demoObjects - demo2Objects}},
		{"the other brand only", second, catalogue.Changes{Unchanged: demo2Objects}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := openDemo(t)
			if got := importFile(t, s, test.src); got != test.want {
				t.Errorf("changes %+v, want %+v", got, test.want)
			}
			if got := importFile(t, s, test.src); got.Any() {
				t.Errorf("once more: %+v, want no change", got)
			}
		})
	}
}

func TestRetiredIsReadableAndComesBack(t *testing.T) {
	demo := string(catalogue.Demo())
	voiceMail := cut(t, demo, "[[brand.product_option]]\noption_key = \"VOICE_MAIL\"", "# Product configurations")
	s := openDemo(t)
	importFile(t, s, strings.Replace(demo, voiceMail, "", 1))
	view(t, s, func(tx store.Tx) error {
		o, err := catalogue.OptionNamed(tx, brand(t, tx, "DEMO"), "VOICE_MAIL")
		if err != nil {
			return err
		}
		wantCode(t, "CheckSold", o.CheckSold(), catalogue.NoLongerSold)
		return nil
	})
	if got, want := importFile(t, s, demo), (catalogue.Changes{Changed: 1, Unchanged: demoObjects - 1}); got != want {
		t.Errorf("selling it again: %+v, want %+v", got, want)
	}
	view(t, s, func(tx store.Tx) error {
		o, err := catalogue.OptionNamed(tx, brand(t, tx, "DEMO"), "VOICE_MAIL")
		if err != nil {
			return err
		}
		return o.CheckSold()
	})
}

func TestImportRefusesMovedIDs(t *testing.T) {
	demo := string(catalogue.Demo())
	tests := []struct {
		name, src string
		want      *failure.Code
	}{
		{"another id", strings.Replace(demo, "201401010000000220", "201401010000000221", 1), catalogue.IDChanged},
		{"another brand id", strings.Replace(demo, "201401010000000002", "201401010000000003", 1), catalogue.IDChanged},
		{"a new code with an old id", strings.Replace(demo, `"VOICE_MAIL"`, `"VOICEMAIL"`, 1), catalogue.IDTaken},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := openDemo(t)
			f := load(t, test.src)
			err := s.Update(t.Context(), func(tx store.Tx) error {
				_, err := catalogue.Import(tx, f)
				return err
			})
			wantCode(t, "Import", err, test.want)
		})
	}
}

func TestExportRoundTrip(t *testing.T) {
	s := openDemo(t)
	odd := strings.Replace(string(catalogue.Demo()), `description = "Handset, porting and shipping fees"`, `description = "Åse's \"fee\" \\ \u0001\u007F €"`, 1)
	odd = strings.Replace(odd, `option_key = "PLAN_B"`, `option_key = "PLAN_B"`+"\nretired = true", 1)
	importFile(t, s, odd)
	first := export(t, s)
	if got := importFile(t, s, first); got.Any() {
		t.Errorf("importing the export: %+v, want no change", got)
	}
	empty := open(t)
	if got, want := importFile(t, empty, first), (catalogue.Changes{Added: demoObjects}); got != want {
		t.Errorf("importing the export elsewhere: %+v, want %+v", got, want)
	}
	if diff := cmp.Diff(first, export(t, empty)); diff != "" {
		t.Errorf("exporting that again (-first +second):\n%s", diff)
	}
}

func export(t *testing.T, s store.Store) string {
	t.Helper()
	var file []byte
	view(t, s, func(tx store.Tx) (err error) {
		file, err = catalogue.Export(tx)
		return err
	})
	return string(file)
}

// cut gives the part of s from one text to just before another.
func cut(t *testing.T, s, from, to string) string {
	t.Helper()
	_, part, ok := strings.Cut(s, from)
	part, _, ok2 := strings.Cut(part, to)
	if !ok || !ok2 {
		t.Fatalf("no %q … %q", from, to)
	}
	return from + part
}
