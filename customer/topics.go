package customer

import (
	"rator/catalogue"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// What is told of customers, each by the operation that does it.
var (
	userKey         = event.Key{Name: "USER_ID", Type: event.OfID, Desc: "The user."}
	ownerKey        = event.Key{Name: "OWNER_ID", Type: event.OfID, Desc: "The user who is the owner now."}
	subscriptionKey = event.Key{Name: "SUBSCRIPTION_ID", Type: event.OfID, Desc: "The subscription."}
	terminationKey  = event.Key{Name: "SUBSCRIPTION_TERMINATION_ID", Type: event.OfID, Desc: "The termination."}
	optionKey       = event.Key{Name: "OPTION_ID", Type: event.OfText, Desc: "The product option's id in the catalogue."}
	actionKey       = event.Key{Name: "ACTION", Type: event.OfText, Desc: "SUBSCRIBE, UNSUBSCRIBE, or SWITCH where one option took the place of another."}
	orderKey        = event.Key{Name: "ORDER_ID", Type: event.OfID, Desc: "The order."}
	orderTypeKey    = event.Key{Name: "TYPE", Type: event.OfText, Desc: "HANDSET, SIM or PORT_IN."}

	accountClosed = event.Declare("account.closed", "an account was closed; not where customer.deleted tells it too",
		accountKey.Name, accountKey)
	customerDeleted = event.Declare("customer.deleted", "a customer was taken off the list of customers, which closes an account that was not closed before",
		accountKey.Name, accountKey)
	ownerChanged = event.Declare("owner.changed", "an account, a billing group or both got another owner",
		accountKey.Name, accountKey, groupKey, ownerKey)

	userCreated = event.Declare("user.created", "an account got one more user or address; not with the account, of which customer.created tells",
		userKey.Name, accountKey, userKey)
	userChanged = event.Declare("user.changed", "what is known of a user was set",
		userKey.Name, userKey)
	userDeleted = event.Declare("user.deleted", "a user was removed from an account",
		userKey.Name, accountKey, userKey)
	personErased = event.Declare("person.erased", "what was known of a person was emptied, for good; copies elsewhere have to go too",
		userKey.Name, accountKey, userKey)
	passwordChanged = event.Declare("user.password_changed", "a user got another password",
		userKey.Name, userKey)
	newPasswordAsked = event.Declare("user.new_password", "a user is to be sent a token by which a new password can be set, once",
		userKey.Name, userKey, accountKey,
		event.Key{Name: "SEND_TYPE", Type: event.OfText, Desc: "How to send it, in the words of whoever asked, such as EMAIL or SMS."},
		event.Key{Name: "TOKEN", Type: event.OfText, Desc: "The token. It must reach nobody but the user.", Secret: true, Life: NewPasswordLife},
		event.Key{Name: "EXPIRY_DATE", Type: event.OfDate, Desc: "Until when it counts."})

	groupCreated = event.Declare("billing_group.created", "an account got one more billing group; not with the account, of which customer.created tells",
		groupKey.Name, accountKey, groupKey)
	termsChanged = event.Declare("billing_group.terms_changed", "a billing group is to be billed by other terms from a day on",
		groupKey.Name, groupKey,
		event.Key{Name: "BILLING_CYCLE", Type: event.OfText, Desc: "WEEKLY, MONTHLY, QUARTERLY or YEARLY."},
		event.Key{Name: "CREDIT_DAYS", Type: event.OfNumber, Desc: "Days from an invoice to its due date."},
		event.Key{Name: "FROM_DATE", Type: event.OfDate, Desc: "The day from which they hold."})
	dunningPaused = event.Declare("dunning.paused", "the invoices of a billing group are not dunned for a while",
		groupKey.Name, groupKey, event.Key{Name: "PAUSED_UNTIL", Type: event.OfDate, Desc: "The day on which dunning goes on."})
	dunningResumed = event.Declare("dunning.resumed", "a pause of dunning was ended before its day",
		groupKey.Name, groupKey)
	ticketCreated = event.Declare("recharge_ticket.created", "a billing group got its recharge ticket; not with the account, of which customer.created tells",
		groupKey.Name, groupKey)
	ticketDeleted = event.Declare("recharge_ticket.deleted", "the recharge ticket of a billing group was forgotten",
		groupKey.Name, groupKey)

	subscriptionCreated = event.Declare("subscription.created", "a customer got a subscription",
		subscriptionKey.Name, accountKey, subscriptionKey)
	subscriptionActivated = event.Declare("subscription.activated", "a subscription went into use",
		subscriptionKey.Name, subscriptionKey)
	subscriptionBlocked = event.Declare("subscription.blocked", "a subscription was barred",
		subscriptionKey.Name, subscriptionKey,
		event.Key{Name: "BLOCK_TYPE", Type: event.OfText, Desc: "BLOCK_AS_STOLEN, BLOCK_AS_LOST, BLOCK_BY_CUSTOMER or BLOCK_BY_OPERATOR."})
	subscriptionUnblocked = event.Declare("subscription.unblocked", "a subscription that was barred is in use again",
		subscriptionKey.Name, subscriptionKey)
	subscriptionTerminated = event.Declare("subscription.terminated", "a subscription ended, with its options and orders",
		subscriptionKey.Name, accountKey, subscriptionKey, terminationKey)
	subscriptionReactivated = event.Declare("subscription.reactivated", "a subscription that had ended is in use again",
		subscriptionKey.Name, accountKey, subscriptionKey)
	terminationScheduled = event.Declare("subscription.termination_scheduled", "it was said on which day to come a subscription will end, or that day was moved",
		subscriptionKey.Name, subscriptionKey, terminationKey,
		event.Key{Name: "TERMINATION_DATE", Type: event.OfDate, Desc: "When it will end."})
	terminationCancelled = event.Declare("subscription.termination_cancelled", "the end of a subscription that was scheduled was taken back",
		subscriptionKey.Name, subscriptionKey, terminationKey)
	terminationRefused = event.Declare("subscription.termination_refused", "a subscription did not end on its day, and lives on",
		subscriptionKey.Name, subscriptionKey, terminationKey,
		event.Key{Name: "CODE", Type: event.OfText, Desc: "The code of what kept it."})
	subscriptionMoved = event.Declare("subscription.billing_group_changed", "a subscription is paid by another billing group from now on",
		subscriptionKey.Name, subscriptionKey, groupKey,
		event.Key{Name: "OLD_BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group that paid before."})
	ratePlanChanged = event.Declare("subscription.rate_plan_changed", "a subscription got another rate plan",
		subscriptionKey.Name, subscriptionKey,
		event.Key{Name: "RATE_PLAN_ID", Type: event.OfText, Desc: "Its id in the catalogue."},
		event.Key{Name: "OLD_RATE_PLAN_ID", Type: event.OfText, Desc: "The one that it had."})
	optionSubscribed = event.Declare("option.subscribed", "a subscription got a product option",
		subscriptionKey.Name, subscriptionKey, optionKey, actionKey)
	optionUnsubscribed = event.Declare("option.unsubscribed", "a product option ended by itself, not with its subscription",
		subscriptionKey.Name, subscriptionKey, optionKey, actionKey)
	serviceShared = event.Declare("shared_service.member_added", "a service is shared with more",
		"SERVICE_ID", event.Key{Name: "SERVICE_ID", Type: event.OfID, Desc: "The service."},
		event.Key{Name: "TARGET_OBJECTS", Type: event.OfObject, Desc: "With whom: SUBSCRIPTION_ID, BILLING_GROUP_ID and ACCOUNT_ID, those that were named."})

	orderCreated = event.Declare("order.created", "something was ordered for a subscription that has to happen elsewhere",
		orderKey.Name, subscriptionKey, orderKey, orderTypeKey)
	orderSettled = event.Declare("order.settled", "it was said how an order came out; not where it was cancelled because its subscription ended",
		orderKey.Name, subscriptionKey, orderKey, orderTypeKey,
		event.Key{Name: "STATUS", Type: event.OfText, Desc: "DONE, FAILED or CANCELLED."})
)

// of is whose what happens to an account is.
func of(brand *catalogue.Brand, account store.ID) event.Whose {
	return event.Whose{Brand: brand.Key, Account: account}
}

// bornBefore reports whether there was an account when the unit began. What is made with
// the account, customer.created tells.
func bornBefore(tx store.Tx, account store.ID) (bool, error) {
	id, err := accountBefore(tx, account)
	return id != 0, err
}

func accountBefore(tx store.Tx, account store.ID) (store.ID, error) {
	_, err := accounts.Doc(tx.Before(), account)
	if failure.CodeOf(err) == UnknownAccount {
		return 0, nil
	}
	return account, err
}

// tellUser tells of a user.
func tellUser(tx store.Tx, t *event.Topic, brand *catalogue.Brand, u *User) error {
	return t.Emit(tx, of(brand, u.Account), event.ID(userKey.Name, u.ID))
}

// tellPart tells of a part of an account, which its body names first.
func tellPart(tx store.Tx, t *event.Topic, brand *catalogue.Brand, account store.ID, values ...event.Value) error {
	return t.Emit(tx, of(brand, account), append([]event.Value{event.ID(accountKey.Name, account)}, values...)...)
}

// tell tells of a subscription.
func (s *Subscription) tell(tx store.Tx, t *event.Topic, brand *catalogue.Brand, values ...event.Value) error {
	return t.Emit(tx, of(brand, s.Account), append([]event.Value{event.ID(subscriptionKey.Name, s.ID)}, values...)...)
}

// tell tells of a billing group.
func (g *BillingGroup) tell(tx store.Tx, t *event.Topic, brand *catalogue.Brand, values ...event.Value) error {
	return t.Emit(tx, of(brand, g.Account), append([]event.Value{event.ID(groupKey.Name, g.ID)}, values...)...)
}

// tell tells of a termination.
func (t *SubscriptionTermination) tell(tx store.Tx, topic *event.Topic, brand *catalogue.Brand, values ...event.Value) error {
	return topic.Emit(tx, of(brand, t.Account), append([]event.Value{event.ID(subscriptionKey.Name, t.Subscription), event.ID(terminationKey.Name, t.ID)}, values...)...)
}

// tell tells of an order.
func (o *Order) tell(tx store.Tx, t *event.Topic, brand *catalogue.Brand, values ...event.Value) error {
	return t.Emit(tx, of(brand, o.Account), append([]event.Value{event.ID(subscriptionKey.Name, o.Subscription),
		event.ID(orderKey.Name, o.ID), event.Text(orderTypeKey.Name, string(o.Type))}, values...)...)
}

// tell tells of an option that a subscription got or lost.
func (o *SubscribedOption) tell(tx store.Tx, t *event.Topic, brand *catalogue.Brand, action string) error {
	return t.Emit(tx, of(brand, o.Account), event.ID(subscriptionKey.Name, o.Subscription), event.Text(optionKey.Name, o.OptionID), event.Text(actionKey.Name, action))
}

// Every change of a customer is told, whichever operation made it, because it is noted
// where the kinds of customer data are declared. Operations tell what they do by topics of
// their own; what none of them told is told in the end by the wide topics below, once for
// each object and transaction. An event about the account itself, such as that it was
// made, speaks for all that the account has.
//
// A customer's document names its billing groups, but what is in them is theirs:
// an event about a group alone says nothing of its customer.

var (
	accountKey = event.Key{Name: "ACCOUNT_ID", Type: event.OfID, Desc: "The customer's account."}
	groupKey   = event.Key{Name: "BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group."}

	customerCreated = event.Declare("customer.created", "a customer was made, with its owner and its first billing group; what was made with it is told before",
		accountKey.Name, accountKey)
	customerChanged = event.Declare("customer.changed", "something of a customer changed that no other topic tells",
		accountKey.Name, accountKey)
	groupChanged = event.Declare("billing_group.changed", "something of a billing group changed, or of how it pays, that no other topic tells",
		groupKey.Name, groupKey, accountKey)
)

// NoteCustomer notes a change of a customer, which is told as customer.created or
// customer.changed unless something else is told of it.
func NoteCustomer(tx store.Tx, account store.ID, what store.Change) error {
	if what == store.Created {
		// The last of its unit, and whatever else is told: a customer is whole then.
		if err := tx.Finally(0, account, func(tx store.Tx) error { return emitOf(tx, customerCreated, account) }); err != nil {
			return err
		}
	}
	return tx.Finally(account, account, func(tx store.Tx) error { return emitOf(tx, customerChanged, account) })
}

// NoteBillingGroup notes a change of a billing group or its payment details, which is told
// as billing_group.changed unless something else is told of it.
func NoteBillingGroup(tx store.Tx, group, account store.ID) error {
	return tx.Finally(group, account, func(tx store.Tx) error { return emitOf(tx, groupChanged, account, event.ID(groupKey.Name, group)) })
}

// emitOf emits an event about an account that may be gone.
func emitOf(tx store.Tx, t *event.Topic, account store.ID, values ...event.Value) error {
	a, err := accounts.Get(tx, account)
	if failure.CodeOf(err) == UnknownAccount {
		a, err = &Account{}, nil
	}
	if err != nil {
		return err
	}
	return t.Emit(tx, event.Whose{Brand: a.Brand, Account: account}, append(values, event.ID(accountKey.Name, account))...)
}

// TellCreated tells of a customer that came from elsewhere what is told when one is made.
func (w *Whole) TellCreated(tx store.Tx, brand *catalogue.Brand) error {
	for _, s := range w.Subscriptions {
		if err := tellPart(tx, subscriptionCreated, brand, w.Account.ID, event.ID(subscriptionKey.Name, s.ID)); err != nil {
			return err
		}
	}
	return NoteCustomer(tx, w.Account.ID, store.Created)
}

// noteGroup is what billing groups are watched by: their number is their
// customer's affair as well.
func noteGroup(tx store.Tx, g *BillingGroup, what store.Change) error {
	if what != store.Updated {
		if err := NoteCustomer(tx, g.Account, store.Updated); err != nil {
			return err
		}
	}
	return NoteBillingGroup(tx, g.ID, g.Account)
}
