package customer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TestMovesAreOneMoment: whatever moves are made, the memberships of a
// subscription follow each other without a gap or an overlap, and one is open.
func TestMovesAreOneMoment(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	other := addUser(t, s, c.account, person("bo", "Bo", "Berg", "", "", ""))
	var groups []store.ID
	move := func(to func(tx store.Tx, demo *catalogue.Brand) (store.ID, error)) {
		t.Helper()
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			id, err := to(tx, demo)
			groups = append(groups, id)
			return err
		})
	}
	fresh := func(owner store.ID, name string) func(tx store.Tx, demo *catalogue.Brand) (store.ID, error) {
		return func(tx store.Tx, demo *catalogue.Brand) (store.ID, error) {
			g, err := customer.MoveToNewBillingGroup(tx, demo, c.subscription, owner, customer.BillingGroupFields{Name: name})
			if err != nil {
				return 0, err
			}
			want := c.owner
			if owner != 0 {
				want = owner
			}
			if g.Owner != want || g.Type != catalogue.PostPaid || g.Balance.Currency != "USD" {
				t.Errorf("new group %+v, want owner %s", g, want)
			}
			return g.ID, nil
		}
	}
	back := func(tx store.Tx, demo *catalogue.Brand) (store.ID, error) {
		return c.group, customer.ChangeBillingGroup(tx, demo, c.subscription, c.group)
	}
	for _, to := range []func(tx store.Tx, demo *catalogue.Brand) (store.ID, error){fresh(0, ""), fresh(other, "Bo"), back, back} {
		move(to)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		var went []store.ID
		for i, m := range w.Memberships {
			went = append(went, m.BillingGroup)
			if last := i == len(w.Memberships)-1; m.Open() != last || !last && !m.Until.Equal(w.Memberships[i+1].From) {
				t.Errorf("membership %d from %s until %s", i, m.From, m.Until)
			}
		}
		if diff := cmp.Diff([]store.ID{c.group, groups[0], groups[1], c.group}, went); diff != "" {
			t.Errorf("billing groups (-want +got):\n%s", diff)
		}
		sub, err := customer.SubscriptionByID(tx, demo, c.subscription)
		if err != nil {
			return err
		}
		g, err := customer.BillingGroupOfSubscription(tx, sub)
		if err == nil && g.ID != c.group {
			t.Errorf("it is in %s, want %s", g.ID, c.group)
		}
		return err
	})
}

func TestMoveRefusals(t *testing.T) {
	s := open(t)
	c, other := signUp(t, s, "aase"), signUp(t, s, "bo")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, other.subscription)
		return err
	})
	toNew := func(subscription, owner store.ID, name string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.MoveToNewBillingGroup(tx, demo, subscription, owner, customer.BillingGroupFields{Name: name})
			return err
		}
	}
	to := func(subscription, group store.ID) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			return customer.ChangeBillingGroup(tx, demo, subscription, group)
		}
	}
	for _, test := range []struct {
		name string
		do   func(store.Tx, *catalogue.Brand) error
		want *failure.Code
	}{
		{"terminated", to(other.subscription, other.group), customer.CannotMoveTerminated},
		{"terminated, to a new one", toNew(other.subscription, 0, ""), customer.CannotMoveTerminated},
		{"another customer's group", to(c.subscription, other.group), customer.WrongAccount},
		{"another customer's owner", toNew(c.subscription, other.owner, ""), customer.WrongAccount},
		{"name taken", toNew(c.subscription, 0, "100001-1"), customer.BillingGroupNameNotUnique},
		{"unknown subscription", toNew(1, 0, ""), customer.UnknownSubscription},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, s, test.want, test.do) })
	}
}

func TestMoveOfWhatIsNoLongerSold(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		p, err := catalogue.ProductConfigByCode(tx, demo, "POST_PAID")
		if err != nil {
			return err
		}
		p.Retired = true
		return catalogue.ProductConfigs.Put(tx, p)
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.MoveToNewBillingGroup(tx, demo, c.subscription, 0, customer.BillingGroupFields{})
		return err
	})
}

func TestChangeDate(t *testing.T) {
	s := open(t)
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		now := tx.Now()
		ahead := time.FixedZone("ahead", 14*3600)
		y, m, d := now.In(ahead).Date()
		for _, test := range []struct {
			name string
			date time.Time
			want bool
		}{
			{"none", time.Time{}, true},
			{"now", now, true},
			{"midnight of today", now.Truncate(24 * time.Hour), true},
			{"today where it is another day", time.Date(y, m, d, 0, 0, 0, 0, ahead), true},
			{"yesterday", now.AddDate(0, 0, -1), false},
			{"tomorrow", now.AddDate(0, 0, 1), false},
		} {
			err := customer.CheckChangeDate(tx, test.date)
			if (err == nil) != test.want || err != nil && failure.CodeOf(err) != customer.ChangeDateOutOfRange {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		return nil
	})
}

func TestChangeOwner(t *testing.T) {
	s := open(t)
	c, other := signUp(t, s, "aase"), signUp(t, s, "bo")
	child := addUser(t, s, c.account, person("child", "", "", "", "", ""))
	change := func(of customer.Ownership, user store.ID) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			a, err := customer.ChangeOwner(tx, demo, of, user)
			if err == nil && a.ID != c.account {
				t.Errorf("it gives account %s, want %s", a.ID, c.account)
			}
			return err
		}
	}
	owners := func(account, group store.ID) {
		t.Helper()
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			w, err := customer.LoadWhole(tx, demo, c.account)
			if err == nil && (w.Account.Owner != account || w.BillingGroups[0].Owner != group) {
				t.Errorf("owners %s and %s, want %s and %s", w.Account.Owner, w.BillingGroups[0].Owner, account, group)
			}
			return err
		})
	}
	in(t, s, change(customer.Ownership{BillingGroup: c.group}, child))
	owners(c.owner, child)
	in(t, s, change(customer.Ownership{Account: c.account}, child))
	owners(child, child)
	in(t, s, change(customer.Ownership{Account: c.account, BillingGroup: c.group}, c.owner))
	owners(c.owner, c.owner)
	for _, test := range []struct {
		name string
		of   customer.Ownership
		user store.ID
		want *failure.Code
	}{
		{"nothing", customer.Ownership{}, child, customer.NoObjectToOwn},
		{"another's user", customer.Ownership{Account: c.account}, other.owner, customer.WrongAccount},
		{"another's user for a group", customer.Ownership{BillingGroup: c.group}, other.owner, customer.WrongAccount},
		{"another's group", customer.Ownership{Account: c.account, BillingGroup: other.group}, child, customer.WrongAccount},
		{"unknown user", customer.Ownership{Account: c.account}, 1, customer.UnknownUser},
		{"unknown account", customer.Ownership{Account: 1}, child, customer.UnknownAccount},
		{"unknown group", customer.Ownership{BillingGroup: 1}, child, customer.UnknownBillingGroup},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, s, test.want, change(test.of, test.user)) })
	}
	owners(c.owner, c.owner)
}
