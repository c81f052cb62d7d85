package customer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
)

// sharing is a customer who has a shared service beside the phone line.
type sharing struct {
	sample
	shared  store.ID // the service
	sharing store.ID // its subscription
}

func signUpSharing(t testing.TB, s store.Store) (c sharing) {
	t.Helper()
	c.sample = signUp(t, s, "")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		service, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID, Code: "SHARED"})
		c.sharing, c.shared = sub.ID, service.ID
		return err
	})
	return c
}

func share(id store.ID, with customer.Targets) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ShareService(tx, demo, id, with)
		return err
	}
}

func (c sharing) wantMembers(t testing.TB, s store.Store, want ...customer.TargetType) {
	t.Helper()
	var got []customer.TargetType
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		service, err := customer.SharedServiceByID(tx, demo, c.shared)
		if err != nil {
			return err
		}
		members, err := customer.MembersOf(tx, service)
		for _, m := range members {
			got = append(got, m.Type)
		}
		return err
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func TestShareService(t *testing.T) {
	s := open(t)
	c, other := signUpSharing(t, s), signUp(t, s, "otto")
	const nowhere = store.ID(201401010000009999)
	refused(t, s, customer.UnknownSharedService, share(nowhere, customer.Targets{Account: c.account}))
	refused(t, s, customer.UnknownSharedService, share(c.service, customer.Targets{Account: c.account}))      // a phone line
	refused(t, s, customer.UnknownSharedService, share(c.subscription, customer.Targets{Account: c.account})) // has a phone line only
	refused(t, s, customer.NoTargetObject, share(c.shared, customer.Targets{}))
	refused(t, s, customer.UnknownSubscription, share(c.shared, customer.Targets{Subscription: nowhere}))
	refused(t, s, customer.UnknownBillingGroup, share(c.shared, customer.Targets{BillingGroup: nowhere}))
	refused(t, s, customer.UnknownAccount, share(c.shared, customer.Targets{Account: nowhere}))
	refused(t, s, customer.WrongAccount, share(c.shared, customer.Targets{Subscription: other.subscription}))
	refused(t, s, customer.WrongAccount, share(c.shared, customer.Targets{BillingGroup: other.group}))
	refused(t, s, customer.WrongAccount, share(c.shared, customer.Targets{Account: other.account}))
	refused(t, s, customer.SharedWithItself, share(c.shared, customer.Targets{Subscription: c.sharing}))
	refused(t, s, customer.WrongAccount, share(c.shared, customer.Targets{Subscription: c.subscription, Account: other.account}))
	c.wantMembers(t, s)
	in(t, s, share(c.sharing, customer.Targets{Subscription: c.subscription})) // by its subscription
	refused(t, s, customer.AlreadySharedServiceMember, share(c.shared, customer.Targets{Subscription: c.subscription, Account: c.account}))
	c.wantMembers(t, s, customer.SubscriptionTarget)
	in(t, s, share(c.shared, customer.Targets{BillingGroup: c.group, Account: c.account}))
	c.wantMembers(t, s, customer.SubscriptionTarget, customer.BillingGroupTarget, customer.AccountTarget)
}

// Sharing ends with either side and comes back with the side that ended it, once
// both live.
func TestSharingFollowsSubscriptions(t *testing.T) {
	all := []customer.TargetType{customer.SubscriptionTarget, customer.BillingGroupTarget, customer.AccountTarget}
	s := open(t)
	c := signUpSharing(t, s)
	step := func(name string, ids ...store.ID) {
		t.Helper()
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			for _, id := range ids {
				if _, err := lifecycleSteps[name](tx, demo, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	in(t, s, share(c.shared, customer.Targets{Subscription: c.subscription, BillingGroup: c.group, Account: c.account}))
	step("terminate", c.subscription)
	c.wantMembers(t, s, all[1:]...)
	refused(t, s, customer.WrongState, share(c.shared, customer.Targets{Subscription: c.subscription}))
	step("reactivate", c.subscription)
	c.wantMembers(t, s, all...)
	step("terminate", c.sharing)
	c.wantMembers(t, s)
	refused(t, s, customer.WrongState, share(c.shared, customer.Targets{Account: c.account}))
	step("reactivate", c.sharing)
	c.wantMembers(t, s, all...)
	step("terminate", c.sharing, c.subscription) // both at once
	step("reactivate", c.sharing)
	c.wantMembers(t, s, all[1:]...)
	step("reactivate", c.subscription)
	c.wantMembers(t, s, all...)
	step("terminate", c.sharing)
	step("terminate", c.subscription)
	step("reactivate", c.sharing) // the line is gone by now
	c.wantMembers(t, s, all[1:]...)
	step("reactivate", c.subscription) // did not end it
	c.wantMembers(t, s, all[1:]...)
	in(t, s, share(c.shared, customer.Targets{Subscription: c.subscription}))
}
