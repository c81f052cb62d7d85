package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// Order is a shop order of a subscription: something outside this server has to
// happen before it is done (rator-api.md 2.7, 3.3). Only its status changes.
type Order struct {
	Part
	Subscription store.ID    `key:"SUBSCRIPTION_ID"`
	Type         OrderType   `key:"TYPE"`
	Status       OrderStatus `key:"STATUS"`
	Identifier   string      `key:"IDENTIFIER"`  // article number, SIM handling profile or number to port in
	Description  string      `key:"DESCRIPTION"` // for people, as it was when ordered
	Ordered      time.Time   `key:"ORDER_DATE"`
	Settled      time.Time   `key:"STATUS_DATE"` // when it left PENDING; zero before
	Reason       string      `key:"REASON"`      // why it left PENDING, in the words of whoever said so
	Porting      store.ID    // of a PORT_IN: what was asked of the losing operator
	Number       string      `json:",omitempty"` // of a PORT_IN: what Identifier means, in digits of E.164
}

// OrderType says what is ordered.
type OrderType string

// The order types.
const (
	Handset OrderType = "HANDSET"
	SIM     OrderType = "SIM"
	PortIn  OrderType = "PORT_IN"
)

// Values are all order types, for who reads one from outside.
func (OrderType) Values() []string {
	return []string{string(Handset), string(SIM), string(PortIn)}
}

// OrderStatus says how far an order is.
type OrderStatus string

// An order starts Pending and becomes one of the others, once.
const (
	Pending   OrderStatus = "PENDING"
	Done      OrderStatus = "DONE"
	Failed    OrderStatus = "FAILED"
	Cancelled OrderStatus = "CANCELLED"
)

// Values are all statuses, for who reads one from outside.
func (OrderStatus) Values() []string {
	return []string{string(Pending), string(Done), string(Failed), string(Cancelled)}
}

var orders = define[Order]("order", UnknownOrder,
	store.Index[Order]{Name: record.BySubscription, Value: func(o *Order) string { return o.Subscription.String() }})

// OrderHandset orders a device of the catalogue, by its article number, for a
// subscription that is not TERMINATED. It fails with UNKNOWN_HANDSET,
// NO_LONGER_SOLD, and ORDER_PENDING. What the device costs is charged apart
// (rator-api.md 3.4).
func OrderHandset(tx store.Tx, brand *catalogue.Brand, subscription store.ID, article string) (*Order, error) {
	sub, _, err := ChangeableSubscription(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	h, err := catalogue.HandsetByArticle(tx, brand, article)
	if err != nil {
		return nil, err
	}
	if err := h.CheckSold(); err != nil {
		return nil, err
	}
	return order(tx, brand, sub, &Order{Type: Handset, Identifier: h.Article, Description: h.Name})
}

// OrderSIM orders a SIM card by a handling profile (CUSTOM_SIM_HANDLE). It fails
// with ORDER_PENDING.
func OrderSIM(tx store.Tx, brand *catalogue.Brand, subscription store.ID, handle string) (*Order, error) {
	sub, _, err := ChangeableSubscription(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	return order(tx, brand, sub, &Order{Type: SIM, Identifier: handle})
}

// OrdersOf gives the orders of a subscription of the brand, oldest first.
func OrdersOf(tx store.Tx, brand *catalogue.Brand, subscription store.ID) ([]*Order, error) {
	if _, err := SubscriptionByID(tx, brand, subscription); err != nil {
		return nil, err
	}
	return ordersOf(tx, subscription)
}

// SettleOrder says how a PENDING order came out: DONE, FAILED or CANCELLED. A
// port-in that is not DONE gives the number back: the line gets one of the
// product's number series again. It fails with UNKNOWN_ORDER, and with
// WRONG_STATE for an order that is settled.
func SettleOrder(tx store.Tx, brand *catalogue.Brand, id store.ID, status OrderStatus, reason string) (*Order, error) {
	o, _, err := orders.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if status != Done && status != Failed && status != Cancelled {
		return nil, failure.InvalidRequest.With("STATUS %.40q must be %s, %s or %s", status, Done, Failed, Cancelled)
	}
	if o.Status != Pending {
		return nil, WrongState.With("order %s of type %s is %s and cannot become %s: %s; place a new one where it is needed", o.ID, o.Type, o.Status, status, settled)
	}
	if o.Type == PortIn && status != Done {
		if err := returnNumber(tx, brand, o); err != nil {
			return nil, err
		}
	}
	if err := o.settle(tx, status, reason); err != nil {
		return nil, err
	}
	return o, o.tell(tx, orderSettled, brand, event.Text("STATUS", string(status)))
}

// SIMInUse says that the SIM card of a subscription is in use: its PENDING SIM
// order is DONE. It gives nil when there is none. A line that was activated has
// its card, so that the order does not block what comes after (rator-api.md 3.4).
func SIMInUse(tx store.Tx, brand *catalogue.Brand, subscription store.ID) (*Order, error) {
	all, err := OrdersOf(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if o.Type == SIM && o.Status == Pending {
			if err := o.settle(tx, Done, "the subscription was activated"); err != nil {
				return nil, err
			}
			return o, o.tell(tx, orderSettled, brand, event.Text("STATUS", string(Done)))
		}
	}
	return nil, nil
}

func (o *Order) settle(tx store.Tx, status OrderStatus, reason string) error {
	o.Status, o.Reason, o.Settled = status, reason, tx.Now()
	return orders.Put(tx, o)
}

// order keeps a new order, unless one of its type is PENDING.
func order(tx store.Tx, brand *catalogue.Brand, sub *Subscription, o *Order) (*Order, error) {
	if err := noPending(tx, sub, o.Type); err != nil {
		return nil, err
	}
	o.Account, o.Subscription, o.Status, o.Ordered = sub.Account, sub.ID, Pending, tx.Now()
	if err := orders.Insert(tx, o); err != nil {
		return nil, err
	}
	return o, o.tell(tx, orderCreated, brand)
}

func ordersOf(tx store.Tx, subscription store.ID) ([]*Order, error) {
	return collect(tx, orders.Kind, record.BySubscription, subscription.String())
}

// ChangeableSubscription gives a subscription that further changes may be made to: it is not
// TERMINATED and, once it was activated, has no PENDING order (rator-api.md 3.3).
// Before that an order belongs to the sign-up, which goes on (3.4).
func ChangeableSubscription(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, *Account, error) {
	sub, a, err := subscriptions.in(tx, brand, id)
	if err != nil {
		return nil, nil, err
	}
	if err := a.open(); err != nil {
		return nil, nil, err
	}
	if sub.State == Terminated {
		return nil, nil, sub.State.refuses(ofSubscription, sub.ID, "be changed")
	}
	if sub.State == Created {
		return sub, a, nil
	}
	return sub, a, noPending(tx, sub, "")
}

// noPending fails with ORDER_PENDING when an order of a type, or of any with "",
// is PENDING.
func noPending(tx store.Tx, sub *Subscription, t OrderType) error {
	all, err := ordersOf(tx, sub.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Status == Pending && (t == "" || t == o.Type) {
			return OrderPending.With("order %s of type %s is %s; it must become %s, %s or %s first", o.ID, o.Type, o.Status, Done, Failed, Cancelled)
		}
	}
	return nil
}

// cancelOrders cancels what is PENDING when a subscription ends.
func cancelOrders(tx store.Tx, sub *Subscription) error {
	all, err := ordersOf(tx, sub.ID)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.Status != Pending {
			continue
		}
		if err := o.settle(tx, Cancelled, "the subscription ended"); err != nil {
			return err
		}
	}
	return nil
}
