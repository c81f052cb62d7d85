package component_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/store"
	"rator/workflow/component"
	"rator/workflow/value"
)

// step is a component with what it is asked.
type step struct {
	name string
	in   value.Tree
}

// ran gives what a step answers.
func (s step) ran(c *component.Call) (value.Tree, error) {
	return component.ByName(s.name).Run(c, s.in)
}

// call runs fn with a call in a transaction that changes things.
func (l *life) call(fn func(*component.Call) error) {
	l.Helper()
	err := l.store.Update(l.Context(), func(tx store.Tx) error {
		brand, err := catalogue.BrandByKey(tx, "DEMO")
		if err != nil {
			return err
		}
		return fn(&component.Call{Ctx: l.Context(), Tx: tx, Brand: brand, Operator: "clerk", Guard: l.guard})
	})
	if err != nil {
		l.Fatal(err)
	}
}

// views are steps that look at a customer of two users, billing groups and lines, the
// second of each named first by some.
func (l *life) views() (views []step, account, second value.Entry) {
	l.Helper()
	account, owner, group := l.customer("bo")
	first := l.line(account, owner, group)
	second = text("USER_ID", l.do("create_user", account, person("Di", "di")).Text("ID"))
	other := text("BILLING_GROUP_ID", l.do("create_billing_group", account, text("OWNER_ID", owner.Text), text("PRODUCT_CODE", "POST_PAID")).Text("ID"))
	line := l.line(account, second, other)
	return []step{
		{"users_view", value.Tree{account}},
		{"users_view", value.Tree{account, text("FIRST", second.Text)}},
		{"account_view", value.Tree{account}},
		{"account_view", value.Tree{account, value.Of("FIRST", text("ID", other.Text), text("ID", line.Text))}},
		{"billing_group_details", value.Tree{group}},
		{"billing_group_details", value.Tree{other}},
		{"subscription_view", value.Tree{first}},
		{"subscription_details", value.Tree{line}},
	}, account, second
}

// A call reads a customer once; what one component answers of it is what it would answer
// alone, whichever looked at the same before.
func TestWholeOfACallIsNobodysToChange(t *testing.T) {
	l := newLife(t)
	views, _, _ := l.views()
	for _, before := range views {
		for _, after := range views {
			l.call(func(c *component.Call) error {
				if _, err := before.ran(c); err != nil {
					return err
				}
				got, err := after.ran(c)
				want, wrong := after.ran(fresh(c))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s after %s: %s", after.name, before.name, diff)
				}
				return errors.Join(err, wrong)
			})
		}
	}
}

// fresh is a call that has read nothing yet.
func fresh(c *component.Call) *component.Call {
	return &component.Call{Ctx: c.Ctx, Tx: c.Tx, Brand: c.Brand, Operator: c.Operator, Guard: c.Guard}
}

// counting counts how often records are found.
type counting struct {
	store.Tx
	finds int
}

func (c *counting) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	c.finds++
	return c.Tx.Find(kind, index, value, after, limit)
}

func (c *counting) FindMany(asks []store.Ask) ([][]store.Record, error) {
	c.finds++
	return c.Tx.FindMany(asks)
}

// A call that looks at a customer again reads nothing again, until something is written,
// or undone.
func TestWholeOfACallIsTheNewest(t *testing.T) {
	l := newLife(t)
	_, account, second := l.views()
	l.call(func(c *component.Call) error {
		tx := &counting{Tx: c.Tx}
		c.Tx = tx
		city := func(want string, reads bool) error {
			before := tx.finds
			out, err := step{"users_view", value.Tree{account}}.ran(c)
			if err != nil {
				return err
			}
			if got := out[1].Items.Text("CITY"); got != want {
				t.Errorf("in %s, want %s", got, want)
			}
			if (tx.finds > before) != reads {
				t.Errorf("%d finds", tx.finds-before)
			}
			return nil
		}
		moves := func(to string) error {
			_, err := step{"update_user", value.Tree{second, value.Of("FIELDS", text("CITY", to))}}.ran(c)
			return err
		}
		undone := errors.New("undone")
		err := errors.Join(city("Denver", true), city("Denver", false), moves("Boulder"), city("Boulder", true), city("Boulder", false))
		if err != nil {
			return err
		}
		if err := tx.Savepoint(func() error { return errors.Join(moves("Aspen"), city("Aspen", true), undone) }); !errors.Is(err, undone) {
			return err
		}
		if err := errors.Join(city("Boulder", true), tx.Savepoint(func() error { return moves("Vail") }), city("Vail", true)); err != nil {
			return err
		}
		before := tx.finds
		if err := c.Finish(); err != nil || tx.finds != before {
			t.Errorf("the end of the call: %v, %d finds", err, tx.finds-before)
		}
		return nil
	})
}
