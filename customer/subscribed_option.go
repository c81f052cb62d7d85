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
	Dropped      bool      // it ended by itself, not with the subscription
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

// drop ends an option that its subscription goes on without, by an action.
func (o *SubscribedOption) drop(tx store.Tx, brand *catalogue.Brand, action string) error {
	o.Until, o.Dropped = tx.Now(), true
	if err := subscribedOptions.Put(tx, o); err != nil {
		return err
	}
	return o.tell(tx, optionUnsubscribed, brand, action)
}

func optionsOf(tx store.Tx, subscription store.ID) ([]*SubscribedOption, error) {
	return collect(tx, subscribedOptions.Kind, bySubscription, subscription.String())
}

// openOptions gives the options that a subscription has, by their catalogue ids.
func openOptions(tx store.Tx, sub *Subscription) (map[string]*SubscribedOption, error) {
	had, err := optionsOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	held := map[string]*SubscribedOption{}
	for _, o := range had {
		if o.Open() {
			held[o.OptionID] = o
		}
	}
	return held, nil
}
