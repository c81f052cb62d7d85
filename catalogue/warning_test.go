package catalogue_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A recurrent price that a prepaid line can take and never pays is told with its
// place; one of another rate plan, and one that is retired, is not.
func TestRecurrentPricesOfPrepaidLines(t *testing.T) {
	f := load(t, `[[brand]]
key = "DEMO"
id = "201401010000000001"
name = "Demo"
currency = "DKK"
country = "DK"
language = "DK"
rate_plan = [{code = "POST", id = "201401010000000002", name = "Post"}, {code = "PRE", id = "201401010000000003", name = "Pre"}]

[[brand.product_config]]
code = "CARD"
id = "201401010000000004"
name = "Card"
billing_group_type = "PRE_PAID_CARD"
rate_plan = "PRE"
service_types = ["GSM"]

[[brand.product_config]]
code = "LINE"
id = "201401010000000005"
name = "Line"
billing_group_type = "POST_PAID"
billing_cycle = "MONTHLY"
rate_plan = "POST"
service_types = ["GSM"]

[[brand.product_option]]
option_key = "ALL"
id = "201401010000000010"
name = "All"
recurrent_price = 10

[[brand.product_option]]
option_key = "POST_ONLY"
id = "201401010000000011"
name = "Post only"
rate_plans = ["POST"]

[[brand.product_option.sub_option]]
option_key = "BELOW"
id = "201401010000000012"
name = "Below"
recurrent_price = 10

[[brand.product_option]]
option_key = "LATER"
id = "201401010000000013"
name = "Later"
initial_price = 5

[[brand.product_option.price]]
valid_from = "2026-02-01"
recurrent_price = 10

[[brand.product_option]]
option_key = "GONE"
id = "201401010000000014"
name = "Gone"
recurrent_price = 10
retired = true
`)
	var got []string
	for _, w := range f.Warnings() {
		got = append(got, w.String())
	}
	want := []string{
		"test.toml:31:1: ALL costs nothing each cycle on the prepaid lines of CARD, which get no invoice; give it rate_plans without PRE, or an initial_price only",
		"test.toml:53:1: LATER costs nothing each cycle on the prepaid lines of CARD, which get no invoice; give it rate_plans without PRE, or an initial_price only",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
}
