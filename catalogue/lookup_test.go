package catalogue_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

func TestLookUps(t *testing.T) {
	s := openDemo(t)
	view(t, s, func(tx store.Tx) error {
		demo, demo2 := brand(t, tx, "DEMO"), brand(t, tx, "DEMO2")
		tests := []struct {
			name string
			find func() (string, error)
			want string
			code *failure.Code
		}{
			{"brand by id", func() (string, error) { return name(catalogue.BrandNamed(tx, "201401010000000002")) }, "Demo Norge", nil},
			{"unknown brand", func() (string, error) { return name(catalogue.BrandByKey(tx, "demo")) }, "", catalogue.UnknownBrand},
			{"unknown brand id", func() (string, error) { return name(catalogue.BrandNamed(tx, "201401010000000009")) }, "", catalogue.UnknownBrand},
			{"first brand", func() (string, error) { return name(catalogue.FirstBrand(tx)) }, "Demo Mobile", nil},
			{"product", func() (string, error) { return name(catalogue.ProductConfigByCode(tx, demo, "POST_PAID")) }, "Post-paid line", nil},
			{"product of the other brand", func() (string, error) { return name(catalogue.ProductConfigByCode(tx, demo2, "POST_PAID")) }, "Bedriftsabonnement", nil},
			{"unknown product", func() (string, error) { return name(catalogue.ProductConfigByCode(tx, demo2, "PRE_PAID_CARD")) }, "", catalogue.UnknownProductCode},
			{"product by id", func() (string, error) { return name(catalogue.ProductConfigNamed(tx, demo, "201312240052364157")) }, "Post-paid line", nil},
			{"another brand's product by id", func() (string, error) { return name(catalogue.ProductConfigNamed(tx, demo2, "201312240052364157")) }, "", catalogue.UnknownProductCode},
			{"rate plan", func() (string, error) { return name(catalogue.RatePlanByCode(tx, demo, "STANDARD")) }, "Standard rates", nil},
			{"unknown rate plan", func() (string, error) { return name(catalogue.RatePlanByCode(tx, demo, "")) }, "", catalogue.UnknownRatePlan},
			{"rate plan by id", func() (string, error) { return name(catalogue.RatePlanByID(tx, demo, "201312292352141290")) }, "Standard rates", nil},
			{"another brand's rate plan by id", func() (string, error) { return name(catalogue.RatePlanByID(tx, demo2, "201312292352141290")) }, "", catalogue.UnknownRatePlan},
			{"option by id", func() (string, error) { return name(catalogue.OptionByID(tx, demo, "201401010000000202")) }, "Plan A", nil},
			{"unknown option", func() (string, error) { return name(catalogue.OptionByID(tx, demo, "201401010000000299")) }, "", catalogue.UnknownProductOption},
			{"another brand's option", func() (string, error) { return name(catalogue.OptionByID(tx, demo2, "201401010000000202")) }, "", catalogue.UnknownProductOption},
			{"charge item", func() (string, error) { return name(catalogue.ChargeItemByCode(tx, demo2, "FEE")) }, "Gebyr", nil},
			{"unknown charge item", func() (string, error) { return name(catalogue.ChargeItemNamed(tx, demo2, "201401010000000303")) }, "", catalogue.UnknownChargeItem},
			{"unknown number series", func() (string, error) { return name(catalogue.NumberSeriesByCode(tx, demo2, "DENVER")) }, "", catalogue.UnknownNumberSeries},
		}
		for _, test := range tests {
			got, err := test.find()
			if got != test.want || failure.CodeOf(err) != test.code {
				t.Errorf("%s: %q, %v; want %q, %v", test.name, got, err, test.want, test.code)
			}
		}
		return nil
	})
}

// name is the name of what a look-up gave.
func name(x any, err error) (string, error) {
	if err != nil {
		return "", err
	}
	switch x := x.(type) {
	case *catalogue.Brand:
		return x.Name, nil
	case *catalogue.ProductConfig:
		return x.Name, nil
	case *catalogue.RatePlan:
		return x.Name, nil
	case *catalogue.Option:
		return x.Name, nil
	case *catalogue.ChargeItem:
		return x.Name, nil
	case *catalogue.NumberSeries:
		return x.Name, nil
	}
	return "", fmt.Errorf("%T has no name", x)
}

func TestFirstBrandPassesRetiredOnes(t *testing.T) {
	s := open(t)
	view(t, s, func(tx store.Tx) error {
		_, err := catalogue.FirstBrand(tx)
		wantCode(t, "FirstBrand of an empty catalogue", err, catalogue.UnknownBrand)
		return nil
	})
	importFile(t, s, strings.Replace(string(catalogue.Demo()), `key = "DEMO" `, "retired = true\nkey = \"DEMO\"", 1))
	view(t, s, func(tx store.Tx) error {
		b, err := catalogue.FirstBrand(tx)
		if err == nil && b.Key != "DEMO2" {
			t.Errorf("first brand %s, want DEMO2", b.Key)
		}
		return err
	})
}

func TestOptionTree(t *testing.T) {
	s := openDemo(t)
	view(t, s, func(tx store.Tx) error {
		top, err := catalogue.OptionTree(tx, brand(t, tx, "DEMO"))
		got := map[string][]string{}
		for _, o := range top {
			got[o.OptionKey] = nil
			for _, sub := range o.SubOptions {
				got[o.OptionKey] = append(got[o.OptionKey], fmt.Sprintf("%s %s %s", sub.OptionKey, sub.InitialPrice, sub.RecurrentPrice))
			}
		}
		want := map[string][]string{
			"TARIFF":     {"PLAN_A 10 19.9", "PLAN_B 10 39.9", "BWW_PAYG 0 0"},
			"DATA":       {"BWW_PAYG_Data 0 0", "BWW_DATA_500 0 9.9", "BWW_DATA_2000 0 24.9", "PREPAID_DATA_100 3.9 0"},
			"VOICE_MAIL": nil,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("options (-want +got):\n%s", diff)
		}
		return err
	})
}

func TestCheckExclusive(t *testing.T) {
	s := openDemo(t)
	view(t, s, func(tx store.Tx) error {
		demo := brand(t, tx, "DEMO")
		for keys, want := range map[string]*failure.Code{
			"":                                 nil,
			"PLAN_A":                           nil,
			"PLAN_A BWW_DATA_500 VOICE_MAIL":   nil,
			"PLAN_A PLAN_A":                    nil,
			"TARIFF PLAN_A DATA BWW_PAYG_Data": nil,
			"PLAN_A VOICE_MAIL PLAN_B":         catalogue.OptionsExcludeEachOther,
			"BWW_DATA_500 BWW_DATA_2000":       catalogue.OptionsExcludeEachOther,
		} {
			var options []*catalogue.Option
			for key := range strings.FieldsSeq(keys) {
				o, err := catalogue.OptionNamed(tx, demo, key)
				if err != nil {
					return err
				}
				options = append(options, o)
			}
			if err := catalogue.CheckExclusive(tx, demo, options); failure.CodeOf(err) != want {
				t.Errorf("%s: %v, want %v", keys, err, want)
			}
		}
		return nil
	})
}

func TestNextNumber(t *testing.T) {
	s := openDemo(t)
	short := strings.NewReplacer(`from = "0000"`, `from = "0008"`, `to = "9999"`, `to = "0010"`)
	importFile(t, s, short.Replace(string(catalogue.Demo())))
	var got []string
	next := func(tx store.Tx) error {
		series, err := catalogue.NumberSeriesByCode(tx, brand(t, tx, "DEMO"), "DENVER")
		if err != nil {
			return err
		}
		number, err := catalogue.NextNumber(tx, series)
		got = append(got, number)
		return err
	}
	for range 3 {
		update(t, s, next)
	}
	if diff := cmp.Diff([]string{"13035550008", "13035550009", "13035550010"}, got); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
	wantCode(t, "a fourth of three", s.Update(t.Context(), next), catalogue.NoFreeNumber)

	got = nil
	importFile(t, s, string(catalogue.Demo()))
	update(t, s, next)
	if diff := cmp.Diff([]string{"13035550000"}, got); diff != "" {
		t.Errorf("first number of a moved range (-want +got):\n%s", diff)
	}
}

func TestMoney(t *testing.T) {
	for _, test := range []struct{ amount, currency, rounded, text string }{
		{"12.5", "USD", "12.5", "12.50 USD"},
		{"12.345", "USD", "12.35", "12.35 USD"},
		{"-12.345", "EUR", "-12.35", "-12.35 EUR"},
		{"12.5", "JPY", "13", "13 JPY"},
		{"0.0005", "KWD", "0.001", "0.001 KWD"},
		{"0.1", "NOK", "0.1", "0.10 NOK"},
	} {
		m := catalogue.Money{Amount: decimal.RequireFromString(test.amount), Currency: test.currency}.Rounded()
		if m.Amount.String() != test.rounded || m.String() != test.text {
			t.Errorf("%s %s rounds to %s, %q; want %s, %q", test.amount, test.currency, m.Amount, m, test.rounded, test.text)
		}
	}
}

func TestCodesHaveAllLanguages(t *testing.T) {
	for _, c := range failure.Codes() {
		if c.Number < 110 || c.Number > 149 {
			continue
		}
		for _, lang := range []string{"EN", "DK", "SE", "NO", "FR", "DE"} {
			if c.Text[lang] == "" {
				t.Errorf("%s has no text in %s", c.Name, lang)
			}
		}
	}
}
