package customer

import (
	"time"

	"rator/catalogue"
	"rator/store"
)

// SubscribedOption is a product option that a subscription has or had. Key and
// name are as sold.
type SubscribedOption struct {
	Part
	Subscription store.ID
	OptionID     string `key:"ID"` // in the catalogue
	OptionKey    string `key:"OPTION_KEY"`
	Name         string `key:"NAME"`
	From         time.Time
	Until        time.Time // zero while the subscription has it
}

var subscribedOptions = define[SubscribedOption]("subscribed_option", UnknownSubscribedOption,
	store.Index[SubscribedOption]{Name: byOpen, Value: func(o *SubscribedOption) string {
		if !o.Open() {
			return ""
		}
		return store.Compose(o.Subscription.String(), o.OptionID)
	}, Taken: OptionTaken},
	store.Index[SubscribedOption]{Name: bySubscription, Value: func(o *SubscribedOption) string { return o.Subscription.String() }})

// Open reports whether the subscription has the option now.
func (o *SubscribedOption) Open() bool { return o.Until.IsZero() }

// AddOptions gives a subscription that is not TERMINATED more options, by their
// catalogue ids. It fails with UNKNOWN_PRODUCT_OPTION, NO_LONGER_SOLD,
// OPTION_ALREADY_SUBSCRIBED, and with OPTIONS_EXCLUDE_EACH_OTHER, which looks at
// those it has already too.
func AddOptions(tx store.Tx, brand *catalogue.Brand, subscription store.ID, ids []string) ([]*SubscribedOption, error) {
	sub, a, err := subscriptions.in(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if sub.State == Terminated {
		return nil, WrongState.With("subscription %s is %s", sub.ID, sub.State)
	}
	had, err := optionsOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	var all []*catalogue.Option
	for _, o := range had {
		if o.Open() {
			option, err := catalogue.OptionByID(tx, brand, o.OptionID)
			if err != nil {
				return nil, err
			}
			all = append(all, option)
		}
	}
	var added []*SubscribedOption
	for _, id := range ids {
		option, err := catalogue.OptionByID(tx, brand, id)
		if err != nil {
			return nil, err
		}
		if err := option.CheckSold(); err != nil {
			return nil, err
		}
		o := &SubscribedOption{Part: Part{Account: a.ID}, Subscription: sub.ID,
			OptionID: option.CatalogueID, OptionKey: option.OptionKey, Name: option.Name, From: tx.Now()}
		if err := subscribedOptions.Insert(tx, o); err != nil {
			return nil, err
		}
		all, added = append(all, option), append(added, o)
	}
	return added, catalogue.CheckExclusive(tx, brand, all)
}

func optionsOf(tx store.Tx, subscription store.ID) ([]*SubscribedOption, error) {
	return collect(tx, subscribedOptions.Kind, bySubscription, subscription.String())
}

// endOptions ends what a subscription has, at the moment the subscription ended.
func endOptions(tx store.Tx, s *Subscription) error {
	return updateOptions(tx, s, time.Time{}, s.Ended)
}

// reviveOptions opens the options again that ended with their subscription.
func reviveOptions(tx store.Tx, s *Subscription, ended time.Time) error {
	return updateOptions(tx, s, ended, time.Time{})
}

// updateOptions moves the end of those options that have one end to another.
func updateOptions(tx store.Tx, s *Subscription, from, to time.Time) error {
	options, err := optionsOf(tx, s.ID)
	if err != nil {
		return err
	}
	for _, o := range options {
		if !o.Until.Equal(from) {
			continue
		}
		o.Until = to
		if err := subscribedOptions.Put(tx, o); err != nil {
			return err
		}
	}
	return nil
}
