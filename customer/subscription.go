package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/event"
	"rator/store"
)

// Subscription is what a customer gets who takes a product: one user, one rate
// plan, at least one service, in one billing group at most (rator-api.md 2.2).
type Subscription struct {
	Part
	User        store.ID  `key:"USER_ID"` // of the account
	ProductCode string    `key:"PRODUCT_CODE"`
	ProductID   string    `key:"PRODUCT_ID"`   // in the catalogue
	RatePlanID  string    `key:"RATE_PLAN_ID"` // in the catalogue
	State       State     `key:"STATUS"`
	Started     time.Time `key:"START_DATE"` // first activation; zero before
	Reactivated time.Time `json:",omitzero"` // the last time; zero where it never was, or by a version that did not keep it
	Ended       time.Time `key:"END_DATE"`   // termination; zero while it lives
	BlockFields
	Blocks []BlockSpan `json:",omitempty"` // oldest first
	SubscriptionFields
}

// SubscriptionFields are what a request may say of a new subscription.
type SubscriptionFields struct {
	SalesChannel    string   `key:"SALES_CHANNEL"`
	SalesAgentID    string   `key:"SALES_AGENT_ID"`
	ShopID          string   `key:"SHOP_ID"`
	OperatorID      string   `key:"OPERATOR_ID"`                 // who sold it
	DeliveryAddress store.ID `key:"DELIVERY_ADDRESS_ID" out:"-"` // a user of the account, or none
}

// BlockFields say why a subscription is BLOCKED; empty when it is not.
type BlockFields struct {
	BlockType  string `key:"BLOCK_TYPE" out:"-"`  // BLOCK_AS_STOLEN …
	StolenDate string `key:"STOLEN_DATE" out:"-"` // the literal it came with
}

const byBlocked = "blocked"

var subscriptions = define[Subscription]("subscription", UnknownSubscription,
	store.Index[Subscription]{Name: record.ByLiveUser, Value: func(s *Subscription) string {
		if s.State == Terminated {
			return ""
		}
		return s.User.String()
	}},
	store.Index[Subscription]{Name: byBlocked, Value: (*Subscription).blockedKey, Append: true})

// NewSubscription is what CreateSubscription needs.
type NewSubscription struct {
	BillingGroup store.ID // decides the account
	User         store.ID // of the same account
	ProductCode  string   // billed as the group is: same type and currency
	SubscriptionFields
}

// CreateSubscription makes a subscription in state CREATED and puts it into its
// billing group. Give it a service in the same unit (CheckAccount). It fails with
// TOO_MANY_SUBSCRIPTIONS where CheckCanAdd would.
func CreateSubscription(tx store.Tx, brand *catalogue.Brand, n NewSubscription) (*Subscription, error) {
	g, a, err := billingGroups.in(tx, brand, n.BillingGroup)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if _, err := present(tx, brand, a, n.User); err != nil {
		return nil, err
	}
	if n.DeliveryAddress != 0 {
		if _, err := present(tx, brand, a, n.DeliveryAddress); err != nil {
			return nil, err
		}
	}
	product, err := soldProduct(tx, brand, n.ProductCode)
	if err != nil {
		return nil, err
	}
	if err := g.takes(product); err != nil {
		return nil, err
	}
	if err := checkCount(tx, brand, a, product, 1); err != nil {
		return nil, err
	}
	plan, err := catalogue.RatePlanByCode(tx, brand, product.RatePlan)
	if err != nil {
		return nil, err
	}
	s := &Subscription{
		Part: Part{Account: a.ID}, User: n.User,
		ProductCode: product.Code, ProductID: product.CatalogueID, RatePlanID: plan.CatalogueID,
		State: Created, SubscriptionFields: n.SubscriptionFields,
	}
	if err := subscriptions.Insert(tx, s); err != nil {
		return nil, err
	}
	if err := join(tx, s, g); err != nil {
		return nil, err
	}
	return s, tellPart(tx, subscriptionCreated, brand, a.ID, event.ID(subscriptionKey.Name, s.ID))
}

// takes fails with WRONG_BILLING_GROUP_TYPE when the group cannot pay for a product.
func (g *BillingGroup) takes(p *catalogue.ProductConfig) error {
	if g.Type != p.BillingGroupType || g.Balance.Currency != p.Currency {
		return WrongBillingGroupType.With("%s is %s in %s, billing group %s is %s in %s",
			p.Code, p.BillingGroupType, p.Currency, g.Name, g.Type, g.Balance.Currency)
	}
	return nil
}

// SubscriptionByID finds a subscription of the brand, or fails with
// UNKNOWN_SUBSCRIPTION.
func SubscriptionByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Subscription, error) {
	s, _, err := subscriptions.in(tx, brand, id)
	return s, err
}

// SetRatePlan gives a subscription another rate plan of the brand; whether it may have
// it is customer/option's to say first.
func (s *Subscription) SetRatePlan(tx store.Tx, brand *catalogue.Brand, plan *catalogue.RatePlan) error {
	from := s.RatePlanID
	s.RatePlanID = plan.CatalogueID
	if err := subscriptions.Put(tx, s); err != nil {
		return err
	}
	return s.tell(tx, ratePlanChanged, brand, event.Text("RATE_PLAN_ID", s.RatePlanID), event.Text("OLD_RATE_PLAN_ID", from))
}
