package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
)

// everyTable has every key of every table that is looked up, and the limits.
var everyTable = strings.Replace(brandOf(""), "language", "max_subscriptions = 7\ncredit_limit = 99.95\nlanguage", 1) +
	rows("rate_plan", `code = "STANDARD"; description = "Rates"`) +
	rows("product_config", `code = "A"; description = "Cards"; billing_group_type = "PRE_PAID_CARD"; currency = "EUR"; rate_plan = "STANDARD"; service_types = ["CDMA"]; max_subscriptions = 2; credit_limit = 5`) +
	rows("charge_item", `code = "FREE_OF_TAX"; direction = "CREDIT"; taxed = false`, `code = "TAXED"; direction = "DEBIT"; price = 5`) +
	rows("tax",
		`code = "ALL"; country = "US"; state = "CO"; city = "Denver"; zip = "802"; transaction_types = [10, 11]; service_types = [15]; customers = "BUSINESS"; valid_from = "2014-01-01"; valid_to = "2014-12-31"; rate = 0.000001`,
		`code = "ZERO"; retired = true; country = "US"; rate = 0`) +
	rows("device",
		`meid = "A1000049"; status = "ACTIVE"; ownership_code = "PLBL"`,
		`meid = "A1000049000001"; retired = true; status = "STOLEN"`) +
	rows("coverage", `zip = "802"; csa = "DENCO"`, `zip = "80293"; retired = true; no_coverage = true`) +
	rows("campaign",
		`code = "SUMMER"; description = "Sun"; products = ["A"]; bundles = ["DATA", "EVENT"]; valid_from = "2014-06-01"; valid_to = "2014-08-31"`,
		`code = "ALWAYS"; retired = true; products = ["A"]`) +
	rows("handset", `article = "4711/a"; description = "Black"`, `article = "4712"; retired = true`)

// The export says every line of the file, and nothing but.
func TestExportKeepsEveryKey(t *testing.T) {
	s := open(t)
	if got, want := importFile(t, s, everyTable), (catalogue.Changes{Added: 15}); got != want {
		t.Errorf("import: %+v, want %+v", got, want)
	}
	exported := export(t, s)
	if diff := cmp.Diff(sortedLines(everyTable), sortedLines(exported)); diff != "" {
		t.Errorf("lines (-file +export):\n%s", diff)
	}
	if got := importFile(t, s, exported); got.Any() {
		t.Errorf("importing the export: %+v, want no change", got)
	}
	elsewhere := open(t)
	importFile(t, elsewhere, exported)
	if diff := cmp.Diff(exported, export(t, elsewhere)); diff != "" {
		t.Errorf("exporting it from elsewhere (-first +second):\n%s", diff)
	}
}

// A row that the file leaves out is retired, in every table.
func TestImportRetiresRowsOfEveryTable(t *testing.T) {
	s := open(t)
	importFile(t, s, everyTable)
	without := everyTable[:strings.Index(everyTable, "[[brand.tax]]")]
	if got, want := importFile(t, s, without), (catalogue.Changes{Retired: 5, Unchanged: 5}); got != want {
		t.Errorf("import without the tables: %+v, want %+v", got, want)
	}
	if got, want := importFile(t, s, everyTable), (catalogue.Changes{Changed: 5, Unchanged: 10}); got != want {
		t.Errorf("import with them again: %+v, want %+v", got, want)
	}
}

func sortedLines(s string) []string {
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })
	slices.Sort(lines)
	return lines
}
