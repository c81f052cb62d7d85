package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
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
	Dropped      bool      // it ended by itself, not with the subscription
}

var subscribedOptions = define[SubscribedOption]("subscribed_option", UnknownSubscribedOption,
	store.Index[SubscribedOption]{Name: byOpen, Value: func(o *SubscribedOption) string {
		if !o.open() {
			return ""
		}
		return store.Compose(o.Subscription.String(), o.OptionID)
	}, Taken: OptionTaken},
	store.Index[SubscribedOption]{Name: record.BySubscription, Value: func(o *SubscribedOption) string { return o.Subscription.String() }})

// Open reports whether the subscription has the option now.
func (o *SubscribedOption) open() bool { return o.Until.IsZero() }

// AddOption gives a subscription a product option, by an action that
// option.subscribed names; whether it may have it is customer/option's to say first.
func (s *Subscription) AddOption(tx store.Tx, brand *catalogue.Brand, option *catalogue.Option, action string) (*SubscribedOption, error) {
	o := &SubscribedOption{Part: Part{Account: s.Account}, Subscription: s.ID,
		OptionID: option.CatalogueID, OptionKey: option.OptionKey, Name: option.Name, From: tx.Now()}
	if err := subscribedOptions.Insert(tx, o); err != nil {
		return nil, err
	}
	return o, o.tell(tx, optionSubscribed, brand, action)
}

// Drop ends an option that its subscription goes on without, by an action that
// option.unsubscribed names.
func (o *SubscribedOption) Drop(tx store.Tx, brand *catalogue.Brand, action string) error {
	o.Until, o.Dropped = tx.Now(), true
	if err := subscribedOptions.Put(tx, o); err != nil {
		return err
	}
	return o.tell(tx, optionUnsubscribed, brand, action)
}

func optionsOf(tx store.Tx, subscription store.ID) ([]*SubscribedOption, error) {
	return collect(tx, subscribedOptions.Kind, record.BySubscription, subscription.String())
}

// OpenOptions gives the options that a subscription has, by their catalogue ids.
func OpenOptions(tx store.Tx, sub *Subscription) (map[string]*SubscribedOption, error) {
	had, err := optionsOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	held := map[string]*SubscribedOption{}
	for _, o := range had {
		if o.open() {
			held[o.OptionID] = o
		}
	}
	return held, nil
}
