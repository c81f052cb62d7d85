package customer

import (
	"errors"
	"iter"
	"strings"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// FindByCustomerNumber finds the account with that CUSTOMER_NUMBER and its owner,
// or fails with UNKNOWN_CUSTOMER.
func FindByCustomerNumber(tx store.Tx, brand *catalogue.Brand, number string) (*Account, *User, error) {
	number = strings.TrimSpace(number)
	a, err := accounts.By(tx, byNumber, store.Compose(brand.Key, number))
	if failure.CodeOf(err) == UnknownAccount {
		return nil, nil, UnknownCustomer.With("%s", number)
	}
	if err != nil {
		return nil, nil, err
	}
	u, err := users.Get(tx, a.Owner)
	return a, u, err
}

// FindByMSISDN finds the account that a phone number in use belongs to, in any of
// its spellings, and the user of its subscription, or fails with UNKNOWN_CUSTOMER.
func FindByMSISDN(tx store.Tx, brand *catalogue.Brand, msisdn string) (*Account, *User, error) {
	a, u, err := FindByNumber(tx, brand, "PHONE_NUMBER", msisdn)
	var invalid *failure.Error
	if errors.As(err, &invalid) && invalid.Code == failure.InvalidRequest {
		return nil, nil, UnknownCustomer.With("%s", invalid.Detail)
	}
	return a, u, err
}

// FindByNumber is FindByMSISDN with the key that the number came under: what is no
// number is INVALID_REQUEST.
func FindByNumber(tx store.Tx, brand *catalogue.Brand, key, msisdn string) (*Account, *User, error) {
	s, a, err := lineByNumber(tx, brand, key, msisdn)
	if failure.CodeOf(err) == UnknownService {
		return nil, nil, UnknownCustomer.With("%s", msisdn)
	}
	if err != nil {
		return nil, nil, err
	}
	sub, err := subscriptions.Get(tx, s.Subscription)
	if err != nil {
		return nil, nil, err
	}
	u, err := users.Get(tx, sub.User)
	return a, u, err
}

// FindByUsername finds the user with that login, letter case aside, and the
// account, or fails with UNKNOWN_CUSTOMER.
func FindByUsername(tx store.Tx, brand *catalogue.Brand, username string) (*Account, *User, error) {
	u, err := users.By(tx, byUsername, usernameKey(brand.Key, username))
	if failure.CodeOf(err) == UnknownUser {
		return nil, nil, UnknownCustomer.With("%s", username)
	}
	if err != nil {
		return nil, nil, err
	}
	a, err := accounts.Get(tx, u.Account)
	return a, u, err
}

// Count is how many customers there are, of all brands.
func Count(tx store.Tx) (int64, error) { return accounts.Count(tx) }

// AccountsPage gives the accounts of a brand in order of their numbers as text,
// from the position after (nil = the start), at most limit, and the position to
// go on from: nil when nothing follows.
func AccountsPage(tx store.Tx, brand *catalogue.Brand, after []byte, limit int) ([]*Account, []byte, error) {
	return accounts.Page(tx, byNumber, store.Compose(brand.Key, ""), after, limit)
}

// BrandOf gives the brand that an account is of.
func BrandOf(tx store.Tx, account store.ID) (*catalogue.Brand, error) {
	a, err := accounts.Get(tx, account)
	if err != nil {
		return nil, err
	}
	return catalogue.BrandByKey(tx, a.Brand)
}

// BillingGroupsOf gives the billing groups of an account, oldest first.
func BillingGroupsOf(tx store.Tx, account store.ID) ([]*BillingGroup, error) {
	return billingGroups.ofAccount(tx, account)
}

// SpreadBillingGroups is store.Kind.Spread over every billing group of every brand.
func SpreadBillingGroups(looks store.Looks, report func(error), ahead func(look int, page []*BillingGroup), check func(look int, g *BillingGroup, report func(error))) error {
	return billingGroups.Spread(looks, report, ahead, check)
}

// BillingGroupsOfMany is BillingGroupsOf for many accounts at once, in their order.
func BillingGroupsOfMany(tx store.Tx, of []store.ID) ([][]*BillingGroup, error) {
	var b store.Batch
	all := make([][]*BillingGroup, len(of))
	for i, account := range of {
		billingGroups.ask(&b, account.String(), &all[i])
	}
	return all, b.Answer(tx)
}

// AskBillingGroup has a batch ask for a billing group of any brand; *into is nil where
// there is none.
func AskBillingGroup(b *store.Batch, id store.ID, into **BillingGroup) {
	billingGroups.AskID(b, id, into)
}

// AskAccount has a batch ask for an account of any brand; *into is nil where there is none.
func AskAccount(b *store.Batch, id store.ID, into **Account) { accounts.AskID(b, id, into) }

// AskUser has a batch ask for a user of any brand; *into is nil where there is none.
func AskUser(b *store.Batch, id store.ID, into **User) { users.AskID(b, id, into) }

// AskRechargeTicket has a batch ask for a recharge ticket of any brand; *into is nil
// where there is none.
func AskRechargeTicket(b *store.Batch, id store.ID, into **RechargeTicket) {
	rechargeTickets.AskID(b, id, into)
}

// BillingGroupsAfter gives every billing group of every brand whose id is after
// another's, oldest first, to who is likely to want so many.
func BillingGroupsAfter(tx store.Tx, after store.ID, likely int) iter.Seq2[*BillingGroup, error] {
	return billingGroups.ScanSome(tx, after, likely)
}

// AheadBillingGroups tells of BillingGroupsAfter.
func AheadBillingGroups(a *store.Ahead, after store.ID, likely int) {
	billingGroups.AheadSome(a, after, likely)
}

// BillingGroupsNamed gives the billing groups of every brand that have exactly
// that name, oldest first.
func BillingGroupsNamed(tx store.Tx, name string) iter.Seq2[*BillingGroup, error] {
	return billingGroups.All(tx, byPlainName, name)
}

// BillingGroupCount is how many billing groups there are, of all brands.
func BillingGroupCount(tx store.Tx) (int64, error) { return billingGroups.Count(tx) }

// AheadBillingGroupCount tells of BillingGroupCount.
func AheadBillingGroupCount(a *store.Ahead) { billingGroups.AheadCount(a) }
