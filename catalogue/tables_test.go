package catalogue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/store"
)

// brandOf is a file of one brand, in USD and the US, with tables added.
func brandOf(tables string) string {
	return "[[brand]]\nkey = \"DEMO\"\nid = \"201401010000000001\"\nname = \"Demo\"\ncurrency = \"USD\"\ncountry = \"US\"\nlanguage = \"EN\"\n" + tables
}

var tables = []string{"rate_plan", "product_config", "tax", "device", "coverage", "campaign", "handset", "charge_item"}

// rows writes rows of a table, each given by its lines but id and name.
func rows(table string, keys ...string) string {
	var b strings.Builder
	for i, k := range keys {
		fmt.Fprintf(&b, "[[brand.%s]]\nid = \"20140101000000%d%03d\"\nname = \"%s %d\"\n%s\n",
			table, 1+slices.Index(tables, table), i, table, i, strings.ReplaceAll(k, "; ", "\n"))
	}
	return b.String()
}

func TestCampaignsOfTheDay(t *testing.T) {
	s := open(t)
	product := func(code string) string {
		return `code = "` + code + `"; billing_group_type = "PRE_PAID_CARD"; rate_plan = "STANDARD"; service_types = ["CDMA"]`
	}
	importFile(t, s, brandOf(rows("rate_plan", `code = "STANDARD"`)+rows("product_config", product("A"), product("B"))+rows("campaign",
		`code = "ALWAYS"; products = ["A", "B"]`,
		`code = "SUMMER"; products = ["A"]; valid_from = "2014-06-01"; valid_to = "2014-08-31"`,
		`code = "ONE_DAY"; products = ["A"]; valid_from = "2014-06-01"; valid_to = "2014-06-01"`,
		`code = "FROM"; products = ["A"]; valid_from = "2014-09-01"`,
		`code = "UNTIL"; products = ["A"]; valid_to = "2014-05-31"; bundles = ["DATA"]`,
		`code = "OVER"; products = ["A"]; retired = true`)))
	denver := time.FixedZone("", -6*3600)
	tests := []struct {
		product string
		at      time.Time
		want    []string
	}{
		{"A", time.Date(2014, 5, 31, 23, 59, 59, 0, time.UTC), []string{"ALWAYS", "UNTIL"}},
		{"A", time.Date(2014, 6, 1, 0, 0, 0, 0, time.UTC), []string{"ALWAYS", "SUMMER", "ONE_DAY"}},
		{"A", time.Date(2014, 6, 1, 3, 0, 0, 0, time.UTC).In(denver), []string{"ALWAYS", "UNTIL"}}, // still May there
		{"A", time.Date(2014, 8, 31, 23, 59, 59, 0, denver), []string{"ALWAYS", "SUMMER"}},
		{"A", time.Date(2014, 9, 1, 0, 0, 0, 0, denver), []string{"ALWAYS", "FROM"}},
		{"B", time.Date(2014, 6, 1, 0, 0, 0, 0, time.UTC), []string{"ALWAYS"}},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			p, err := catalogue.ProductConfigByCode(tx, demo, test.product)
			if err != nil {
				return err
			}
			running, err := catalogue.CampaignsOf(tx, demo, p, test.at)
			if err != nil {
				return err
			}
			var got []string
			for _, m := range running {
				got = append(got, m.Code)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s at %s (-want +got):\n%s", test.product, test.at, diff)
			}
		}
		return nil
	})
}

func TestPeriodBounds(t *testing.T) {
	from, to := catalogue.Period{ValidFrom: "2014-06-01"}.Bounds()
	if want := time.Date(2014, 6, 1, 0, 0, 0, 0, time.UTC); !from.Equal(want) || !to.IsZero() {
		t.Errorf("from %s to %s, want %s and none", from, to, want)
	}
}

func TestHandsets(t *testing.T) {
	s := openDemo(t)
	importFile(t, s, strings.Replace(string(catalogue.Demo()), `article = "4711"`, "article = \"4711\"\nretired = true", 1))
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		h, err := catalogue.HandsetByArticle(tx, demo, "PHONE-1-BLACK")
		if err != nil || h.Name != "Demo Phone One, black" || h.CheckSold() != nil {
			t.Errorf("%+v, %v", h, err)
		}
		if h, err = catalogue.HandsetByArticle(tx, demo, "4711"); err != nil {
			return err
		}
		wantCode(t, "a retired handset", h.CheckSold(), catalogue.NoLongerSold)
		for _, article := range []string{"", "phone-1-black", "4712"} {
			_, err = catalogue.HandsetByArticle(tx, demo, article)
			wantCode(t, article, err, catalogue.UnknownHandset)
		}
		_, err = catalogue.HandsetByArticle(tx, brand(t, tx, "DEMO2"), "4711")
		wantCode(t, "another brand's", err, catalogue.UnknownHandset)
		return nil
	})
}

func TestLimitsOfTheDemo(t *testing.T) {
	s := openDemo(t)
	view(t, s, func(tx store.Tx) error {
		for key, want := range map[string]string{"DEMO": "10 500", "DEMO2": "0 0"} {
			b := brand(t, tx, key)
			if got := fmt.Sprint(b.MaxSubscriptions, " ", b.CreditLimit); got != want {
				t.Errorf("%s: %s, want %s", key, got, want)
			}
		}
		p, err := catalogue.ProductConfigByCode(tx, brand(t, tx, "DEMO"), "PRE_PAID_CARD")
		if err == nil && (p.MaxSubscriptions != 2 || !p.CreditLimit.IsZero()) {
			t.Errorf("PRE_PAID_CARD: %+v", p.Limits)
		}
		return err
	})
}
