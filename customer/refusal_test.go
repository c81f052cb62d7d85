package customer_test

import (
	"strings"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

// Every way an operation's input can be wrong, and the code the caller is told.
func TestRefusals(t *testing.T) {
	s := open(t)
	c, other := signUp(t, s, "aase"), signUp(t, s, "otto")
	var foreign sample
	update(t, s, func(tx store.Tx) (err error) {
		foreign, err = signUpIn(tx, brand(t, tx, "DEMO2"), "aase")
		return err
	})
	const nowhere = store.ID(201401010000009999)
	type operation = func(tx store.Tx, demo *catalogue.Brand) error

	createUser := func(account store.ID, hash string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: account, PasswordHash: hash})
			return err
		}
	}
	updateUser := func(user store.ID) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateUser(tx, demo, user, func(*customer.UserFields) error { return nil })
			return err
		}
	}
	setOwner := func(account, user store.ID) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetOwner(tx, demo, account, user)
			return err
		}
	}
	setDelivery := func(account, user store.ID) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetDeliveryAddress(tx, demo, account, user)
			return err
		}
	}
	setBilling := func(group, user store.ID) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetBillingAddress(tx, demo, group, user)
			return err
		}
	}
	createGroup := func(account, owner, address store.ID, product string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			n := customer.NewBillingGroup{Account: account, Owner: owner, ProductCode: product}
			n.BillingAddress = address
			_, err := customer.CreateBillingGroup(tx, demo, n)
			return err
		}
	}
	ticket := func(group store.ID, fields customer.RechargeTicketFields) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateRechargeTicket(tx, demo, group, fields)
			return err
		}
	}
	subscribe := func(group, user, delivery store.ID, product string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			n := customer.NewSubscription{BillingGroup: group, User: user, ProductCode: product}
			n.DeliveryAddress = delivery
			_, err := customer.CreateSubscription(tx, demo, n)
			return err
		}
	}
	service := func(subscription store.ID, code, msisdn string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			n := customer.NewService{Subscription: subscription, Code: code}
			n.MSISDN = msisdn
			_, err := customer.CreateService(tx, demo, n)
			return err
		}
	}
	regroup := func(subscription, group store.ID) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			return customer.ChangeBillingGroup(tx, demo, subscription, group)
		}
	}
	options := func(subscription store.ID, ids ...string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := takeOptions(tx, demo, subscription, ids)
			return err
		}
	}
	port := func(subscription store.ID, digits string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.RequestNumberPorting(tx, demo, subscription, customer.NumberPortingFields{PhoneNumber: digits})
			return err
		}
	}
	accountOfType := func(kind string) operation {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateAccount(tx, demo, customer.AccountFields{Type: kind})
			return err
		}
	}

	tests := []struct {
		name string
		want *failure.Code
		run  operation
	}{
		{"account type", failure.InvalidRequest, accountOfType("2")},
		{"account type absent", failure.InvalidRequest, accountOfType("")},
		{"user of no account", customer.UnknownAccount, createUser(nowhere, "")},
		{"user of another brand's account", customer.UnknownAccount, createUser(foreign.account, "")},
		{"readable password", customer.PasswordNotHashed, createUser(c.account, "secret")},
		{"update no user", customer.UnknownUser, updateUser(nowhere)},
		{"update another brand's user", customer.UnknownUser, updateUser(foreign.owner)},
		{"owner of another account", customer.WrongAccount, setOwner(c.account, other.owner)},
		{"owner of another brand", customer.UnknownUser, setOwner(c.account, foreign.owner)},
		{"owner who is nobody", customer.UnknownUser, setOwner(c.account, nowhere)},
		{"no owner", customer.UnknownUser, setOwner(c.account, 0)},
		{"owner of no account", customer.UnknownAccount, setOwner(nowhere, c.owner)},
		{"delivery address of another account", customer.WrongAccount, setDelivery(c.account, other.owner)},
		{"billing address of another account", customer.WrongAccount, setBilling(c.group, other.owner)},
		{"billing address that is nobody", customer.UnknownUser, setBilling(c.group, nowhere)},
		{"billing address of another brand's group", customer.UnknownBillingGroup, setBilling(foreign.group, c.owner)},
		{"group of no account", customer.UnknownAccount, createGroup(nowhere, c.owner, 0, "POST_PAID")},
		{"group whose owner is elsewhere", customer.WrongAccount, createGroup(c.account, other.owner, 0, "POST_PAID")},
		{"group with a foreign billing address", customer.WrongAccount, createGroup(c.account, c.owner, other.owner, "POST_PAID")},
		{"group of no product", catalogue.UnknownProductCode, createGroup(c.account, c.owner, 0, "POSTPAID")},
		{"ticket of no group", customer.UnknownBillingGroup, ticket(nowhere, customer.RechargeTicketFields{TicketID: "1:2"})},
		{"ticket without id", failure.InvalidRequest, ticket(c.group, customer.RechargeTicketFields{})},
		{"ticket with a text for an amount", failure.InvalidRequest, ticket(c.group, customer.RechargeTicketFields{TicketID: "1:2", RechargeAmount: "ten"})},
		{"ticket with a negative amount", failure.InvalidRequest, ticket(c.group, customer.RechargeTicketFields{TicketID: "1:2", RechargeToAmount: "-1"})},
		{"ticket with an exponent", failure.InvalidRequest, ticket(c.group, customer.RechargeTicketFields{TicketID: "1:2", RechargeLimit: "1e900000000"})},
		{"subscription in no group", customer.UnknownBillingGroup, subscribe(nowhere, c.owner, 0, "POST_PAID")},
		{"subscription of a user elsewhere", customer.WrongAccount, subscribe(c.group, other.owner, 0, "POST_PAID")},
		{"subscription of nobody", customer.UnknownUser, subscribe(c.group, 0, 0, "POST_PAID")},
		{"subscription delivered elsewhere", customer.WrongAccount, subscribe(c.group, c.owner, other.owner, "POST_PAID")},
		{"subscription of no product", catalogue.UnknownProductCode, subscribe(c.group, c.owner, 0, "")},
		{"prepaid product in a post-paid group", customer.WrongBillingGroupType, subscribe(c.group, c.owner, 0, "PRE_PAID_CARD")},
		{"service of no subscription", customer.UnknownSubscription, service(nowhere, "", "")},
		{"service of another brand's subscription", customer.UnknownSubscription, service(foreign.subscription, "", "")},
		{"service the product lacks", customer.WrongServiceType, service(c.subscription, "TELE", "")},
		{"taken number", number.Taken, service(c.subscription, "CDMA", "+1 303-555-0001")},
		{"taken number of another brand", number.Taken, service(c.subscription, "CDMA", "+47 99 90 00 00")},
		{"number that is none", failure.InvalidRequest, service(c.subscription, "CDMA", "12a45")},
		{"number too short", failure.InvalidRequest, service(c.subscription, "CDMA", "1234")},
		{"number too long", failure.InvalidRequest, service(c.subscription, "CDMA", "1234567890123456")},
		{"move no subscription", customer.UnknownSubscription, regroup(nowhere, c.group)},
		{"move to another account's group", customer.WrongAccount, regroup(c.subscription, other.group)},
		{"options of no subscription", customer.UnknownSubscription, options(nowhere, planA)},
		{"no such option", catalogue.UnknownProductOption, options(c.subscription, "201401010000009999")},
		{"option of another brand", catalogue.UnknownProductOption, options(c.subscription, norwegianPlan)},
		{"two plans", catalogue.OptionsExcludeEachOther, options(c.subscription, planA, planB)},
		{"one option twice", customer.OptionTaken, options(c.subscription, planA, planA)},
		{"port to no subscription", customer.UnknownSubscription, port(nowhere, "13035559999")},
		{"port a taken number", number.Taken, port(c.subscription, "13035550001")},
		{"port no number", failure.InvalidRequest, port(c.subscription, "")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { refused(t, s, test.want, test.run) })
	}
}

func TestClosedAccountTakesNothing(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	closeAccount := func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, demo, c.account)
		return err
	}
	refused(t, s, customer.LiveSubscriptions, closeAccount)
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, c.subscription)
		return err
	})
	in(t, s, closeAccount)
	for name, run := range map[string]func(tx store.Tx, demo *catalogue.Brand) error{
		"close again": closeAccount,
		"user": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account})
			return err
		},
		"billing group": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: c.account, Owner: c.owner, ProductCode: "POST_PAID"})
			return err
		},
		"ticket": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateRechargeTicket(tx, demo, c.group, customer.RechargeTicketFields{TicketID: "1:2"})
			return err
		},
		"subscription": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
			return err
		},
		"owner": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetOwner(tx, demo, c.account, c.owner)
			return err
		},
		"change of a billing group": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.SetBillingAddress(tx, demo, c.group, c.owner)
			return err
		},
		"reactivation": func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.ReactivateSubscription(tx, demo, c.subscription)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { refused(t, s, customer.WrongState, run) })
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error { // its people can still be reached
		_, err := customer.UpdateUser(tx, demo, c.owner, func(f *customer.UserFields) error {
			f.Email = "aase@example.com"
			return nil
		})
		return err
	})
}

func TestRetiredIsNotSold(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	demo := string(catalogue.Demo())
	retire := func(code string) string { return strings.Replace(demo, code, code+"\nretired = true", 1) }
	importDemo(t, s, retire(`code = "POST_PAID"`))
	refused(t, s, catalogue.NoLongerSold, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		return err
	})
	refused(t, s, catalogue.NoLongerSold, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: c.account, Owner: c.owner, ProductCode: "POST_PAID"})
		return err
	})
	importDemo(t, s, retire(`option_key = "PLAN_A"`))
	refused(t, s, catalogue.NoLongerSold, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := takeOptions(tx, demo, c.subscription, []string{planA})
		return err
	})
}

func TestGroupTakesItsCurrencyOnly(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `code = "POST_PAID"`, "code = \"POST_PAID\"\ncurrency = \"EUR\"", 1))
	refused(t, s, customer.WrongBillingGroupType, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		return err
	})
}
