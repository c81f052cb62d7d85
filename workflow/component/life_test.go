package component_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/failure"
	"rator/password"
	"rator/store"
	"rator/store/bolt"
	"rator/store/storetest"
	"rator/workflow/component"
	"rator/workflow/value"
)

// life runs components over a store of its own, with the demo catalogue, as scripts of
// brand DEMO would.
type life struct {
	*testing.T
	store store.Store
	guard *access.Guard
}

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func newLife(t *testing.T) *life {
	t.Helper()
	st, err := bolt.Open(filepath.Join(t.TempDir(), "test.db"), bolt.Options{Unsynced: true, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	demo, mistakes := catalogue.Load("demo.toml", catalogue.Demo())
	for _, m := range mistakes {
		t.Fatal(m)
	}
	hash, err := password.Hash("a long password")
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(t.Context(), func(tx store.Tx) error {
		if _, err := catalogue.Import(tx, demo); err != nil {
			return err
		}
		_, err := access.Add(tx, access.Administrator{Who: access.Local, Face: "test"}, access.NewOperator{Name: "clerk", Brands: []string{"DEMO"}, Rights: []string{"SOAP_*"}, PasswordHash: hash})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	guard, err := access.NewGuard(access.GuardConfig{Now: func() time.Time { return now }, Key: make([]byte, 32), Verify: password.Verify, Sleep: func(context.Context, time.Duration) {}})
	if err != nil {
		t.Fatal(err)
	}
	return &life{T: t, store: storetest.Twice(st), guard: guard}
}

// try runs a component in a transaction of its own: one that only reads in a View.
func (l *life) try(name string, in ...value.Entry) (out value.Tree, err error) {
	l.Helper()
	c := component.ByName(name)
	if c == nil {
		l.Fatalf("no component %s", name)
	}
	in = known(l.T, c, in)
	run := l.store.Update
	if c.Reads {
		run = l.store.View
	}
	err = run(l.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, "DEMO")
		if err != nil {
			return err
		}
		out, err = c.Run(&component.Call{Ctx: l.Context(), Tx: tx, Brand: brand, Operator: "clerk", Guard: l.guard}, in)
		return err
	})
	return out, err
}

// known gives what stands there its type, as the checks of a call do, and wants every key
// declared.
func known(t *testing.T, c *component.Component, in value.Tree) value.Tree {
	t.Helper()
	for _, e := range in {
		if !slices.ContainsFunc(c.In, func(p component.Param) bool { return p.Key == e.Key && p.Type == e.Type }) {
			t.Fatalf("%s has no parameter %s of type %s", c.Name, e.Key, e.Type)
		}
	}
	for _, p := range c.In {
		if p.Mandatory && in.Get(p.Key) == nil {
			t.Fatalf("%s needs %s", c.Name, p.Key)
		}
	}
	return in
}

// do runs a component that must succeed. Its answer has the keys that it declares: each of
// them, unless it is a list or one that may be missing, and no other.
func (l *life) do(name string, in ...value.Entry) value.Tree {
	l.Helper()
	out, err := l.try(name, in...)
	if err != nil {
		l.Fatalf("%s: %v", name, err)
	}
	c := component.ByName(name)
	for _, e := range out {
		if !c.Open && !slices.Contains(c.Out, e.Key) {
			l.Errorf("%s gives %s, which it does not declare", name, e.Key)
		}
	}
	for _, key := range c.Out {
		if out.Get(key) == nil && !slices.Contains(mayBeMissing, name+"."+key) {
			l.Errorf("%s declares %s and does not give it", name, key)
		}
	}
	return out
}

// mayBeMissing are keys that an answer lacks where there is nothing to tell.
var mayBeMissing = []string{"billing_group_details.TERMS_CHANGE", "billing_group_details.DUNNING_PAUSE"}

// refuses runs a component that must fail with a code, which it declares.
func (l *life) refuses(code, name string, in ...value.Entry) {
	l.Helper()
	_, err := l.try(name, in...)
	var refused *failure.Error
	if !errors.As(err, &refused) || refused.Code.Name != code {
		l.Errorf("%s: %v, want %s", name, err, code)
		return
	}
	if !slices.Contains(component.ByName(name).Fails, refused.Code) {
		l.Errorf("%s fails with %s, which it does not declare", name, code)
	}
}

func text(key, s string) value.Entry { return value.OfString(key, s) }

// person are the fields of a user.
func person(name, username string) value.Entry {
	return value.Of("FIELDS", text("FIRST_NAME", name), text("LAST_NAME", "Ek"), text("CITY", "Denver"), text("ZIP", "80202"), text("STATE", "CO"),
		text("COUNTRY", "US"), text("EMAIL", username+"@example.org"), text("USERNAME", username))
}

// customer makes an account with its owner and a billing group.
func (l *life) customer(username string) (account, owner, group value.Entry) {
	l.Helper()
	account = text("ACCOUNT_ID", l.do("create_account", text("TYPE", "0"), text("REFERENCED_BY", "AD")).Text("ID"))
	owner = text("USER_ID", l.do("create_user", account, person("Bo", username)).Text("ID"))
	l.do("set_account_owner", account, owner)
	group = text("BILLING_GROUP_ID", l.do("create_billing_group", account, text("OWNER_ID", owner.Text), text("PRODUCT_CODE", "POST_PAID")).Text("ID"))
	return account, owner, group
}

// line makes an active subscription with a phone line.
func (l *life) line(account, owner, group value.Entry) (subscription value.Entry) {
	l.Helper()
	subscription = text("SUBSCRIPTION_ID", l.do("create_subscription", account, group, owner, text("PRODUCT_CODE", "POST_PAID")).Text("ID"))
	l.do("create_service", subscription)
	l.do("activate_subscription", subscription)
	return subscription
}
