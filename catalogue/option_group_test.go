package catalogue_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

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
