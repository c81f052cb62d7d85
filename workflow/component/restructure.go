package component

import (
	"rator/billing"
	"rator/billing/draft"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

func init() {
	register(Component{
		Name: "change_billing_group", Area: billingGroupArea,
		Desc: "Move a subscription to a billing group of its account, by BILLING_GROUP_ID, or without one to a new group for its product, owned by OWNER_ID, else by who owns the old group. FIELDS are the keys of a BILLING_GROUP. CHANGE_DATE can be today only. FROM is the billing group it was in.",
		In: []Param{mandatory("SUBSCRIPTION_ID"), text("BILLING_GROUP_ID"), text("OWNER_ID"), {Key: "CHANGE_DATE", Type: value.Date},
			below("FIELDS")},
		Out: []string{"ID", "FROM"},
		Fails: []*failure.Code{customer.UnknownSubscription, customer.UnknownBillingGroup, customer.UnknownUser, customer.WrongAccount, customer.WrongState,
			customer.CannotMoveTerminated, customer.WrongBillingGroupType, customer.BillingGroupNameNotUnique, customer.ChangeDateOutOfRange, customer.UnknownMembership, draft.NoBillingFee},
		Run: changeBillingGroup,
	})
	register(Component{
		Name: "change_owner", Area: accountArea,
		Desc:  "Make a user the owner of an account, of a billing group, or of both. ACCOUNT_ID of the answer is the account they belong to.",
		In:    []Param{mandatory("OWNER_ID"), text("ACCOUNT_ID"), text("BILLING_GROUP_ID")},
		Out:   []string{"ACCOUNT_ID"},
		Fails: []*failure.Code{customer.NoObjectToOwn, customer.UnknownAccount, customer.UnknownBillingGroup, customer.UnknownUser, customer.WrongAccount, customer.WrongState},
		Run:   changeOwner,
	})
	register(Component{
		Name: "delete_user", Area: userArea,
		Desc:  "Remove a user who is no owner, no billing address, and uses no subscription that is not TERMINATED.",
		In:    []Param{mandatory("USER_ID")},
		Out:   []string{"ACCOUNT_ID"},
		Fails: []*failure.Code{customer.UnknownUser, customer.UserIsOwner, customer.UserHasSubscription, customer.UserIsBillingAddress},
		Run:   deleteUser,
	})
	register(Component{
		Name: "erase_person", Area: userArea,
		Desc: "Empty what is known of a user of a CLOSED account, or of one who is nothing to the account, when the brand's retention is over.",
		In:   []Param{mandatory("USER_ID")},
		Out:  []string{"ACCOUNT_ID"},
		Fails: []*failure.Code{customer.UnknownUser, customer.UserIsOwner, customer.UserHasSubscription, customer.UserIsBillingAddress, customer.RetentionNotOver,
			customer.OpenBalance, billing.NotBilledYet},
		Run: erasePerson,
	})
}

func changeBillingGroup(c *Call, in value.Tree) (value.Tree, error) {
	var id, target, owner store.ID
	if err := idsOf(in, map[string]*store.ID{"SUBSCRIPTION_ID": &id, "BILLING_GROUP_ID": &target, "OWNER_ID": &owner}); err != nil {
		return nil, err
	}
	var f customer.BillingGroupFields
	if err := fill(&f, in.Items("FIELDS")); err != nil {
		return nil, err
	}
	if target != 0 && (owner != 0 || f != (customer.BillingGroupFields{})) {
		return nil, failure.InvalidRequest.With("OWNER_ID and BILLING_GROUP are for a new billing group, not beside BILLING_GROUP_ID")
	}
	c.touch(id)
	date, err := c.dateOf(in, "CHANGE_DATE")
	if err == nil {
		err = customer.CheckChangeDate(c.Tx, date)
	}
	if err != nil {
		return nil, err
	}
	sub, err := customer.SubscriptionByID(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	from, err := customer.BillingGroupOfSubscription(c.Tx, sub)
	if err != nil {
		return nil, err
	}
	if target != 0 {
		err = customer.ChangeBillingGroup(c.Tx, c.Brand, id, target)
	} else {
		var g *customer.BillingGroup
		if g, err = customer.MoveToNewBillingGroup(c.Tx, c.Brand, id, owner, f); err == nil {
			target, err = g.ID, draft.CheckBillingFee(c.Brand, g, "")
		}
	}
	if err != nil {
		return nil, err
	}
	c.restructured(sub.Account)
	return append(onlyID(target), value.OfString("FROM", from.ID.String())), nil
}

func changeOwner(c *Call, in value.Tree) (value.Tree, error) {
	var of customer.Ownership
	var user store.ID
	if err := idsOf(in, map[string]*store.ID{"ACCOUNT_ID": &of.Account, "BILLING_GROUP_ID": &of.BillingGroup, "OWNER_ID": &user}); err != nil {
		return nil, err
	}
	a, err := customer.ChangeOwner(c.Tx, c.Brand, of, user)
	if err != nil {
		return nil, err
	}
	c.restructured(a.ID)
	c.touch(of.BillingGroup)
	c.touch(user)
	return value.Tree{value.OfString("ACCOUNT_ID", a.ID.String())}, nil
}

func deleteUser(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "USER_ID")
	if err != nil {
		return nil, err
	}
	c.touch(id)
	a, err := customer.DeleteUser(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.restructured(a.ID)
	return value.Tree{value.OfString("ACCOUNT_ID", a.ID.String())}, nil
}

func erasePerson(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "USER_ID")
	if err != nil {
		return nil, err
	}
	c.touch(id)
	u, err := customer.ErasePerson(c.Tx, c.Brand, id)
	if err != nil {
		return nil, err
	}
	c.Erased = true
	c.restructured(u.Account)
	return value.Tree{value.OfString("ACCOUNT_ID", u.Account.String())}, nil
}
