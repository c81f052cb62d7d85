package catalogue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// brandOf is a file of one brand, in USD and the US, with tables added.
func brandOf(tables string) string {
	return "[[brand]]\nkey = \"DEMO\"\nid = \"201401010000000001\"\nname = \"Demo\"\ncurrency = \"USD\"\ncountry = \"US\"\nlanguage = \"EN\"\n" + tables
}

var tables = []string{"rate_plan", "product_config", "tax", "device", "coverage", "campaign", "handset"}

// rows writes rows of a table, each given by its lines but id and name.
func rows(table string, keys ...string) string {
	var b strings.Builder
	for i, k := range keys {
		fmt.Fprintf(&b, "[[brand.%s]]\nid = \"20140101000000%d%03d\"\nname = \"%s %d\"\n%s\n",
			table, 1+slices.Index(tables, table), i, table, i, strings.ReplaceAll(k, "; ", "\n"))
	}
	return b.String()
}

func TestDeviceID(t *testing.T) {
	for text, want := range map[string]string{
		"A1000049ABCDEF":          "A1000049ABCDEF",
		" a1000049-abcdef ":       "A1000049ABCDEF",
		"A1000049ABCDEF7":         "A1000049ABCDEF", // check digit
		"A1000049ABCDEFA":         "A1000049ABCDEF", // a MEID's may be a letter
		"270113184911259375":      "A1000049ABCDEF", // in decimal
		"27011 31849 1125 9375":   "A1000049ABCDEF",
		"35000001123456":          "35000001123456",
		"350000011234560":         "35000001123456", // IMEI with check digit
		"35-000001-123456-0":      "35000001123456",
		"35/000001/123456.0":      "35000001123456",
		"3500000112345601":        "35000001123456", // with software version
		"429496729516777215":      "FFFFFFFFFFFFFF",
		"000000000000000000":      "00000000000000",
		"429496729600000000":      "", // more than 8 digits of 0 to F
		"000000000016777216":      "", // more than 6
		"A100004911259375AB":      "", // 18, not decimal
		"A1000049ABCDEF01":        "", // 16, not decimal
		"A1000049ABCDE":           "",
		"35000001123456012":       "",
		"A1000049ABCDEG":          "",
		"٣٥٠٠٠٠٠١١٢٣٤٥٦":          "",
		"":                        "",
		strings.Repeat("1", 1000): "",
	} {
		got, ok := catalogue.DeviceID(text)
		if got != want || ok != (want != "") {
			t.Errorf("DeviceID(%.30q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestCheckDevice(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("device",
		`meid = "A100"; status = "ACTIVE"; ownership_code = "PLBL"`,
		`meid = "A10000"; status = "ACTIVE"`,
		`meid = "A1000049000001"; status = "STOLEN"`,
		`meid = "A1000049000002"; status = "LOST"; ownership_code = "PLBL"`,
		`meid = "A1000049000003"; status = "BLOCKED"`,
		`meid = "A1000049000004"; status = "STOLEN"; retired = true`,
		`meid = "A10001"; status = "ACTIVE"; retired = true`)))
	tests := []struct {
		meid, ownership string
		want            string // name of the row
		code            *failure.Code
	}{
		{"A1000049000005", "ANY", "device 1", nil},
		{"A1009949000005", "PLBL", "device 0", nil},
		{"A1009949000005", " plbl ", "device 0", nil},
		{"A1009949000005", "OTHR", "", catalogue.WrongOwnershipCode},
		{"A1009949000005", "", "", catalogue.WrongOwnershipCode},
		{"A1000049000001", "ANY", "", catalogue.DeviceNotUsable},
		{"A1000049000002", "PLBL", "", catalogue.DeviceNotUsable},
		{"A1000049000002", "OTHR", "", catalogue.WrongOwnershipCode}, // its state is its owner's
		{"A1000049000003", "", "", catalogue.DeviceNotUsable},
		{"A1000049000004", "", "device 1", nil},     // the retired row does not count, the wider one does
		{"A1000149000001", "PLBL", "device 0", nil}, // as here
		{"A2000049000001", "PLBL", "", catalogue.DoesNotExistInDB},
		{"A10000", "PLBL", "", catalogue.DoesNotExistInDB},
		{"", "PLBL", "", catalogue.DoesNotExistInDB},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			got := ""
			d, err := catalogue.CheckDevice(tx, demo, test.meid, test.ownership)
			if err == nil {
				got = d.Name
			}
			if got != test.want || failure.CodeOf(err) != test.code {
				t.Errorf("%s %s: %q, %v; want %q, %v", test.meid, test.ownership, got, err, test.want, test.code)
			}
		}
		return nil
	})
}

func TestCoverage(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("coverage",
		`zip = "8"; csa = "WEST"`,
		`zip = "802"; csa = "DENVER"`,
		`zip = "80293"; no_coverage = true`,
		`zip = "802931"; csa = "ROOF"`,
		`zip = "803"; no_coverage = true; retired = true`,
		`zip = "SW1A"; csa = "LONDON"`)))
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for zip, want := range map[string]string{
			"80202": "DENVER", "80202-1234": "DENVER", " 80 202 ": "DENVER", "802": "DENVER", "80": "WEST", "90210": "",
			"80293": "", "80293-0999": "", "80293-1000": "ROOF", "80301": "WEST",
			"sw1a 1aa": "LONDON", "SW1B": "", "": "", "€": "", strings.Repeat("8", 1000): "WEST",
		} {
			got := ""
			v, err := catalogue.CoverageOf(tx, demo, zip)
			if err == nil {
				got = v.CSA
			}
			if got != want || (want == "") != (failure.CodeOf(err) == catalogue.NoCoverage) {
				t.Errorf("%.20q: %q, %v; want %q", zip, got, err, want)
			}
		}
		return nil
	})
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

func TestOptionsOfARatePlan(t *testing.T) {
	s := open(t)
	importFile(t, s, brandOf(rows("rate_plan", `code = "POST"`, `code = "PRE"`)+`
[[brand.product_option]]
option_key = "ALL"
id = "201401010000000201"
name = "All"
[[brand.product_option.sub_option]]
option_key = "POST_ONLY"
id = "201401010000000202"
name = "Post only"
rate_plans = ["POST"]
[[brand.product_option.sub_option.sub_option]]
option_key = "BELOW_POST"
id = "201401010000000203"
name = "Below post"
[[brand.product_option]]
option_key = "GONE"
id = "201401010000000204"
name = "Gone"
retired = true
[[brand.product_option.sub_option]]
option_key = "BELOW_GONE"
id = "201401010000000205"
name = "Below gone"
`))
	keys := func(options []*catalogue.Option) (all []string) {
		for _, o := range options {
			all = append(all, o.OptionKey)
			for _, below := range o.Below() {
				all = append(all, "."+below.OptionKey)
			}
		}
		return all
	}
	tests := []struct {
		plan, group string
		want        []string
		code        *failure.Code
	}{
		{"POST", "", []string{"ALL", ".POST_ONLY", ".BELOW_POST"}, nil},
		{"PRE", "", []string{"ALL"}, nil},
		{"POST", "201401010000000202", []string{"POST_ONLY", ".BELOW_POST"}, nil},
		{"POST", "201401010000000203", []string{"BELOW_POST"}, nil},
		{"PRE", "201401010000000203", nil, nil}, // what is above it is not sold there
		{"POST", "201401010000000205", nil, nil},
		{"POST", "201401010000000206", nil, catalogue.UnknownProductOption},
	}
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for _, test := range tests {
			plan, err := catalogue.RatePlanByCode(tx, demo, test.plan)
			if err != nil {
				return err
			}
			var options []*catalogue.Option
			if test.group == "" {
				options, err = catalogue.OptionsOf(tx, demo, plan)
			} else {
				options, err = catalogue.OptionGroup(tx, demo, plan, test.group)
			}
			if diff := cmp.Diff(test.want, keys(options)); diff != "" || failure.CodeOf(err) != test.code {
				t.Errorf("%s %s: %v (-want +got):\n%s", test.plan, test.group, err, diff)
			}
		}
		return nil
	})
}
