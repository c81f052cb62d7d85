package customer_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/option"
	"rator/failure"
	"rator/store"
)

// More ids of demo.toml.
const (
	payAsYouGo   = "201401010000000204"
	data2000     = "201401010000000213"
	prepaidData  = "201401010000000214" // in rate plan PREPAID only
	standardPlan = "201312292352141290"
	prepaidPlan  = "201312292352141291"
)

func addOptions(c sample, ids ...string) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := takeOptions(tx, demo, c.subscription, ids)
		return err
	}
}

// held gives the keys of the options that a subscription has, oldest first.
func held(t testing.TB, s store.Store, c sample) (keys []string) {
	t.Helper()
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		keys = nil
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		for _, o := range w.OptionsOf(c.subscription) {
			keys = append(keys, o.OptionKey)
		}
		return nil
	})
	return keys
}

// What a subscription with PLAN_A and 500 MB has after taking options, or why
// it may not.
func TestPlanOptions(t *testing.T) {
	const has = "PLAN_A BWW_DATA_500"
	s := open(t)
	for _, test := range []struct {
		name      string
		ids       []string
		switching bool
		want      string // what it has then
		refusal   *failure.Code
	}{
		{"one more", []string{voiceMail}, false, has + " VOICE_MAIL", nil},
		{"one more, switching", []string{voiceMail}, true, has + " VOICE_MAIL", nil},
		{"below an exclusive heading", []string{planB}, false, has, catalogue.OptionsExcludeEachOther},
		{"of an exclusive group", []string{data2000}, false, has, catalogue.OptionsExcludeEachOther},
		{"switch below the heading", []string{planB}, true, "BWW_DATA_500 PLAN_B", nil},
		{"switch in the group", []string{data2000}, true, "PLAN_A BWW_DATA_2000", nil},
		{"switch both", []string{planB, data2000}, true, "PLAN_B BWW_DATA_2000", nil},
		{"switch to two", []string{planB, payAsYouGo}, true, has, catalogue.OptionsExcludeEachOther},
		{"twice", []string{voiceMail, voiceMail}, true, has, customer.OptionTaken},
		{"again", []string{planA}, true, has, customer.OptionTaken},
		{"none", nil, true, has, option.NoProductOption},
		{"unknown", []string{"201401010000009999"}, true, has, catalogue.UnknownProductOption},
		{"another brand's", []string{norwegianPlan}, true, has, catalogue.UnknownProductOption},
		{"another rate plan's", []string{prepaidData}, true, has, option.NotInRatePlan},
		{"a good one and a bad one", []string{voiceMail, prepaidData}, true, has, option.NotInRatePlan},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := signUp(t, s, "")
			in(t, s, addOptions(c, planA, data500))
			take := func(tx store.Tx, demo *catalogue.Brand) error {
				plan, err := option.PlanToSubscribe(tx, demo, c.subscription, test.ids, test.switching)
				if err != nil {
					return err
				}
				_, err = plan.Subscribe(tx)
				return err
			}
			if test.refusal != nil {
				refused(t, s, test.refusal, take)
			} else {
				in(t, s, take)
			}
			if diff := cmp.Diff(strings.Fields(test.want), held(t, s, c)); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlanOptionsWritesNothing(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, addOptions(c, planA))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		plan, err := option.PlanToSubscribe(tx, demo, c.subscription, []string{planB, voiceMail}, true)
		if err != nil {
			return err
		}
		if n := len(plan.Changes); n != 2 || len(plan.Changes[0].Replaces) != 1 || plan.Changes[0].Replaces[0].OptionKey != "PLAN_A" || plan.Changes[1].Replaces != nil {
			t.Errorf("%d changes %+v, want PLAN_B for PLAN_A and VOICE_MAIL", n, plan.Changes)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"PLAN_A"}, held(t, s, c)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

// An option that two new ones exclude, each in its own way, makes room once.
func TestOptionsMakeRoomOnce(t *testing.T) {
	s := open(t)
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `option_key = "PLAN_A"`, "option_key = \"PLAN_A\"\nexclusive_group = \"DATA_BUNDLE\"", 1))
	c := signUp(t, s, "aase")
	in(t, s, addOptions(c, planA))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		plan, err := option.PlanToSubscribe(tx, demo, c.subscription, []string{planB, data500}, true)
		if err != nil {
			return err
		}
		if len(plan.Changes[0].Replaces) != 1 || len(plan.Changes[1].Replaces) != 0 {
			t.Errorf("changes %+v, want PLAN_A replaced by the first only", plan.Changes)
		}
		_, err = plan.Subscribe(tx)
		return err
	})
	if diff := cmp.Diff([]string{"PLAN_B", "BWW_DATA_500"}, held(t, s, c)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func TestOptionsAreSoldDownFromTheirHeadings(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, addOptions(c, planA))
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `option_key = "TARIFF"`, "option_key = \"TARIFF\"\nretired = true", 1))
	refused(t, s, catalogue.NoLongerSold, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := option.PlanToSubscribe(tx, demo, c.subscription, []string{planB}, true)
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error { // what it has it may end
		plan, err := option.PlanToUnsubscribe(tx, demo, c.subscription, []string{planA})
		if err != nil {
			return err
		}
		return plan.Unsubscribe(tx)
	})
}

func TestPricedOptionsNeedTheBrandsCurrency(t *testing.T) {
	s := open(t)
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `code = "POST_PAID"`, "code = \"POST_PAID\"\ncurrency = \"EUR\"", 1))
	c := signUp(t, s, "aase")
	refused(t, s, option.WrongCurrency, addOptions(c, planA))
	refused(t, s, option.WrongCurrency, addOptions(c, voiceMail)) // a recurrent price only
	in(t, s, addOptions(c, payAsYouGo))
}

func TestPlanRemoval(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, addOptions(c, planA, data500, voiceMail))
	remove := func(ids ...string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			plan, err := option.PlanToUnsubscribe(tx, demo, c.subscription, ids)
			if err != nil {
				return err
			}
			return plan.Unsubscribe(tx)
		}
	}
	refused(t, s, customer.UnknownSubscribedOption, remove(voiceMail, planB))
	refused(t, s, customer.UnknownSubscribedOption, remove(voiceMail, voiceMail))
	refused(t, s, catalogue.UnknownProductOption, remove(norwegianPlan))
	refused(t, s, option.NoProductOption, remove())
	in(t, s, remove(voiceMail, planA))
	if diff := cmp.Diff([]string{"BWW_DATA_500"}, held(t, s, c)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	in(t, s, addOptions(c, planB, voiceMail)) // what made room can be taken again
}

// What was switched or ended in the unit that ended the subscription does not
// come back with it.
func TestDroppedOptionsStayDropped(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, addOptions(c, planA, data500, voiceMail))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		to, err := option.PlanToSubscribe(tx, demo, c.subscription, []string{planB}, true)
		if err != nil {
			return err
		}
		if _, err := to.Subscribe(tx); err != nil {
			return err
		}
		off, err := option.PlanToUnsubscribe(tx, demo, c.subscription, []string{voiceMail})
		if err != nil {
			return err
		}
		if err := off.Unsubscribe(tx); err != nil {
			return err
		}
		if _, err := customer.TerminateSubscription(tx, demo, c.subscription); err != nil {
			return err
		}
		_, err = customer.ReactivateSubscription(tx, demo, c.subscription)
		return err
	})
	if diff := cmp.Diff([]string{"BWW_DATA_500", "PLAN_B"}, held(t, s, c)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func TestChangeRatePlan(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	change := func(plan string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			from, err := option.ChangeRatePlan(tx, demo, c.subscription, plan)
			if err == nil && (from == plan || from == "") {
				t.Errorf("changed from %q to %q", from, plan)
			}
			return err
		}
	}
	in(t, s, addOptions(c, planA))
	refused(t, s, option.SameRatePlan, change(standardPlan))
	refused(t, s, catalogue.UnknownRatePlan, change("201401010000001001")) // DEMO2's
	in(t, s, change(prepaidPlan))
	in(t, s, addOptions(c, prepaidData))
	refused(t, s, option.NotInRatePlan, change(standardPlan))
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `code = "STANDARD"`, "code = \"STANDARD\"\nretired = true", 1))
	refused(t, s, catalogue.NoLongerSold, change(standardPlan))
}

// The tree offers what the rate plan sells, and what the subscription has.
func TestOptionTree(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, addOptions(c, data500))
	tree := func(group string) (keys string) {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			nodes, err := option.TreeOf(tx, demo, c.subscription, group)
			keys = written(nodes)
			return err
		})
		return keys
	}
	const tariff, data = "TARIFF(PLAN_A PLAN_B BWW_PAYG)", "DATA(BWW_PAYG_Data BWW_DATA_500* BWW_DATA_2000)"
	if got, want := tree(""), tariff+" "+data+" VOICE_MAIL"; got != want {
		t.Errorf("tree %s\nwant %s", got, want)
	}
	if got := tree(data500); got != "BWW_DATA_500*" {
		t.Errorf("one option: %s", got)
	}
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `option_key = "DATA"`, "option_key = \"DATA\"\nretired = true", 1))
	if got, want := tree(""), tariff+" DATA(BWW_DATA_500*) VOICE_MAIL"; got != want {
		t.Errorf("tree with a retired heading %s\nwant %s", got, want)
	}
	refused(t, s, catalogue.UnknownProductOption, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := option.TreeOf(tx, demo, c.subscription, norwegianPlan)
		return err
	})
}

// written is a tree as text, * at what the subscription has.
func written(nodes []*option.Node) string {
	var texts []string
	for _, n := range nodes {
		text := n.Option.OptionKey
		if n.Has != nil {
			text += "*"
		}
		if n.Below != nil {
			text += "(" + written(n.Below) + ")"
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}
