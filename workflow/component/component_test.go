package component_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"rator/password"
	"rator/workflow/component"
	"rator/workflow/value"
)

// TestComponentsAreWhole: what docs and checks say of a component they take from its
// declaration.
func TestComponentsAreWhole(t *testing.T) {
	key := regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
	names := component.Names()
	if len(names) < 50 || !slices.IsSorted(names) {
		t.Errorf("components %v", names)
	}
	for _, name := range names {
		c := component.ByName(name)
		if c.Name != name || !strings.HasSuffix(c.Desc, ".") {
			t.Errorf("%s is %q: %q", name, c.Name, c.Desc)
		}
		keys := slices.Clone(c.Out)
		seen := map[string]bool{}
		for _, p := range c.In {
			if keys = append(keys, p.Key); seen[p.Key] {
				t.Errorf("%s takes %s twice", name, p.Key)
			}
			seen[p.Key] = true
		}
		for _, k := range keys {
			if !key.MatchString(k) {
				t.Errorf("%s has the key %q", name, k)
			}
		}
		for i, code := range c.Fails {
			if code == nil || slices.Contains(c.Fails[:i], code) {
				t.Errorf("%s fails with %v, twice or never", name, code)
			}
		}
	}
	if component.ByName("no_such") != nil {
		t.Error("there is a component of any name")
	}
}

// TestALineFromSignUpToItsEnd walks a customer with a line through the components.
func TestALineFromSignUpToItsEnd(t *testing.T) {
	l := newLife(t)
	account, owner, group := l.customer("bo")
	subscription := l.line(account, owner, group)

	if view := l.do("account_view", account); view.Text("OWNER_ID") != owner.Text || view.Path("BILLING_GROUPS/BILLING_GROUP/SUBSCRIPTIONS/SUBSCRIPTION/STATUS").Text != "ACTIVE" {
		t.Errorf("the account is %v", view)
	}
	l.do("user_view", owner)
	l.do("user_details", owner)
	l.do("users_view", account)
	l.do("billing_group", group)
	l.do("billing_group_details", group)
	l.do("subscription_details", subscription)
	l.do("paying_group", subscription)
	l.do("live_subscriptions", account)

	l.do("block_subscription", subscription, text("BLOCK_TYPE", "BLOCK_AS_LOST"), text("REASON", "in the sea"))
	l.refuses("WRONG_STATE", "activate_subscription", subscription)
	l.do("unblock_subscription", subscription)
	if status := l.do("subscription_view", subscription).Text("STATUS"); status != "ACTIVE" {
		t.Errorf("after the block it is %s", status)
	}

	l.refuses("UNKNOWN_SUBSCRIPTION", "subscription_view", text("SUBSCRIPTION_ID", "202601020304050009"))
	planned := l.do("schedule_termination", subscription, value.OfDate("TERMINATION_DATE", now))
	termination := text("SUBSCRIPTION_TERMINATION_ID", planned.Text("ID"))
	l.do("due_termination", termination)
	l.do("run_termination", termination)
	if status := l.do("termination_view", termination).Text("STATUS"); status != "DONE" {
		t.Errorf("the termination is %s", status)
	}
	l.do("reactivate_subscription", subscription)
}

// TestMoneyOfABillingGroup walks charges and payments through the components.
func TestMoneyOfABillingGroup(t *testing.T) {
	l := newLife(t)
	_, _, group := l.customer("bo")
	charged := l.do("add_charge", group, text("CHARGE_ITEM", "MANUAL_DEBIT"), value.OfDouble("AMOUNT", 10))
	if charged.Text("BALANCE") != "-10.0" {
		t.Errorf("charged %v", charged)
	}
	l.refuses("UNKNOWN_CHARGE_ITEM", "add_charge", group, text("CHARGE_ITEM", "NO_SUCH"), value.OfDouble("AMOUNT", 10))
	paid := l.do("save_payment", group, value.OfDouble("AMOUNT", 25), text("PAYMENT_REFERENCE", "thanks"))
	if paid.Text("BALANCE") != "15.0" || paid.Text("CAPTURED") != "true" {
		t.Errorf("paid %v", paid)
	}
	refunded := l.do("refund_payment", group, value.OfDouble("AMOUNT", 5), text("REFERENCE", "transfer 1"))
	if refunded.Text("BALANCE") != "10.0" {
		t.Errorf("refunded %v", refunded)
	}
	l.refuses("UNKNOWN_PAYMENT", "reverse_payment", text("PAYMENT_ID", "202601020304050009"), text("REASON", "bounced"))
	l.do("reverse_payment", text("PAYMENT_ID", paid.Text("ID")), text("REASON", "bounced"))
	list := l.do("transactions", group)
	if n := len(list.Items("TRANSACTIONS")); n != 4 {
		t.Errorf("%d transactions: %v", n, list)
	}
}

// TestAUsersLogin walks logins and passwords through the components. What is tried is
// counted after the transaction, so the call tells of it.
func TestAUsersLogin(t *testing.T) {
	l := newLife(t)
	account, owner, _ := l.customer("bo")
	hash, err := password.Hash("a long password")
	if err != nil {
		t.Fatal(err)
	}
	l.do("set_password", owner, text("PASSWORD", hash))
	right := l.do("authenticate_user", text("LOGIN", "bo"), text("PASSWORD", "a long password"))
	if right.Text("ID") != owner.Text || right.Text("ROLE") != "OWNER" {
		t.Errorf("logged in as %v", right)
	}
	l.refuses("WRONG_PASSWORD", "authenticate_user", text("LOGIN", "bo"), text("PASSWORD", "another"))
	l.refuses("USERNAME_NOT_UNIQUE", "create_user", account, person("Di", "bo"))
	asked := l.do("request_new_password", text("LOGIN", "bo"))
	l.do("redeem_new_password", text("LOGIN", "bo"), text("TOKEN", asked.Text("TOKEN")), text("PASSWORD", hash))
	l.do("update_user", owner, value.Of("FIELDS", text("CITY", "Boulder")))
	if city := l.do("user_view", owner).Text("CITY"); city != "Boulder" {
		t.Errorf("lives in %s", city)
	}
	fellow := text("USER_ID", l.do("create_user", account, person("Di", "di")).Text("ID"))
	l.do("delete_user", fellow)
	l.refuses("UNKNOWN_USER", "user_view", fellow)
}
