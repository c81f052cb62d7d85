package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/draft"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/failure"
	"rator/store"
)

// NewCharge is what AddCharge needs.
type NewCharge struct {
	Group        store.ID
	ChargeItemID string           // CHARGE_ITEM_ID, or
	ChargeItem   string           // its code
	Amount       *decimal.Decimal // nil = the charge item's price
	Text         string           // "" = the charge item's name
	Subscription store.ID         // what it is for, of the same account; or none
	// Signed says that Amount has the sign of a balance, as SOAP_ADD_CHARGE has it:
	// a debit is below 0, and one above 0 is INVALID_AMOUNT. A credit is above 0;
	// one below 0 is taken, for clients of the field send it (rator-api.md 3.2).
	Signed bool
	// Owed says that it is to be paid whatever lies there: a prepaid balance may
	// fall below what the brand allows.
	Owed bool
}

// AddCharge charges or credits a billing group now. The charge item's direction
// decides the sign, whatever sign an amount has that is not Signed. An amount of
// 0 is INVALID_AMOUNT, as is none where the item has no price. An account that is
// not ACTIVE can only be credited: WRONG_STATE. What a prepaid balance does not
// reach for is PREPAID_BALANCE_TOO_LOW.
func AddCharge(tx store.Tx, brand *catalogue.Brand, n NewCharge) (*ledger.Posting, error) {
	p, err := n.add(tx, brand)
	if err != nil {
		return nil, err
	}
	return p, chargeAdded.Emit(tx, event.Whose{Brand: brand.Key, Account: p.Account}, event.ID(groupKey.Name, p.Group), event.ID("CHARGE_ID", p.ID),
		event.Text("CHARGE_ITEM_ID", p.ChargeItem), amountOf(p.Amount))
}

// add is AddCharge without telling of it.
func (n *NewCharge) add(tx store.Tx, brand *catalogue.Brand) (*ledger.Posting, error) {
	g, a, err := group(tx, brand, n.Group)
	if err != nil {
		return nil, err
	}
	item, err := n.item(tx, brand)
	if err != nil {
		return nil, err
	}
	if err := item.CheckSold(); err != nil {
		return nil, err
	}
	if item.Direction == catalogue.Debit && a.State != customer.Active {
		return nil, customer.WrongState.With("account %s is %s, not %s", a.ID, a.State, customer.Active)
	}
	if err := checkSubscription(tx, brand, a, n.Subscription); err != nil {
		return nil, err
	}
	amount := item.Price
	if n.Amount != nil {
		amount = n.Amount.Abs()
	} else if g.Balance.Currency != brand.Currency {
		return nil, ledger.InvalidAmount.With("%s has its price in %s, billing group %s is in %s: name the amount", item.Code, brand.Currency, g.Name, g.Balance.Currency)
	}
	if amount.IsZero() {
		return nil, ledger.InvalidAmount.With("the amount of a %s must not be 0", item.Code)
	}
	if err := checkAmount("the amount", amount, g.Balance.Currency); err != nil {
		return nil, err
	}
	if item.Direction == catalogue.Debit && n.Signed && n.Amount != nil && n.Amount.IsPositive() {
		return nil, ledger.InvalidAmount.With("%s is a DEBIT, its amount is below 0: send -%s to charge it, a charge item of direction CREDIT to take it back", item.Code, amount)
	}
	if item.Direction == catalogue.Debit && !n.Owed {
		if err := checkPrepaid(brand, g, amount); err != nil {
			return nil, err
		}
	}
	p := &ledger.Posting{Kind: ledger.Credit, Amount: amount, ChargeItem: item.CatalogueID, Subscription: n.Subscription, Text: n.Text, Untaxed: bool(item.Untaxed)}
	if item.Direction == catalogue.Debit {
		p.Kind, p.Amount = ledger.Charge, amount.Neg()
	}
	if p.Text == "" {
		p.Text = item.Name
	}
	return p, ledger.Post(tx, brand, g, p)
}

func (n *NewCharge) item(tx store.Tx, brand *catalogue.Brand) (*catalogue.ChargeItem, error) {
	switch {
	case n.ChargeItemID != "":
		return catalogue.ChargeItemNamed(tx, brand, n.ChargeItemID)
	case n.ChargeItem != "":
		return catalogue.ChargeItemByCode(tx, brand, n.ChargeItem)
	}
	return nil, failure.InvalidRequest.With("CHARGE_ITEM_ID is missing")
}

// checkSubscription fails with WRONG_ACCOUNT when a subscription is another
// account's; 0 is none.
func checkSubscription(tx store.Tx, brand *catalogue.Brand, a *customer.Account, id store.ID) error {
	if id == 0 {
		return nil
	}
	s, err := customer.SubscriptionByID(tx, brand, id)
	if err == nil && s.Account != a.ID {
		err = customer.WrongAccount.With("subscription %s is not of account %s", id, a.ID)
	}
	return err
}

// ChargeInitialPrice charges what an option costs once to the billing group that
// the subscription is in: the option's INITIAL_PRICE of today. A price of 0 posts nothing
// and gives nil, as does a subscription in no billing group. A billing group in
// another currency than the brand's prices is INVALID_AMOUNT, a prepaid balance
// below the price PREPAID_BALANCE_TOO_LOW.
func ChargeInitialPrice(tx store.Tx, brand *catalogue.Brand, subscription store.ID, option *catalogue.Option) (*ledger.Posting, error) {
	option = option.On(brand.Day(tx.Now()))
	if option.InitialPrice.IsZero() {
		return nil, nil
	}
	s, err := customer.SubscriptionByID(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	w, err := customer.LoadWhole(tx, brand, s.Account)
	if err != nil {
		return nil, err
	}
	for _, m := range w.Memberships {
		if !m.Open() || m.Subscription != s.ID {
			continue
		}
		g := w.BillingGroup(m.BillingGroup)
		if err := draft.InCurrency(brand, g, option); err != nil {
			return nil, err
		}
		if err := checkPrepaid(brand, g, option.InitialPrice); err != nil {
			return nil, err
		}
		p := &ledger.Posting{Kind: ledger.Charge, Amount: option.InitialPrice.Neg(), Option: option.CatalogueID, Subscription: s.ID, Text: option.Name}
		return p, ledger.Post(tx, brand, g, p)
	}
	return nil, nil
}

// OpenBalance posts what a customer brings along from another system, once for
// each billing group: negative = owed. It fails with OPENING_BALANCE_EXISTS.
func OpenBalance(tx store.Tx, brand *catalogue.Brand, id store.ID, amount decimal.Decimal, text string) (*ledger.Posting, error) {
	g, _, err := group(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := checkAmount("the opening balance", amount, g.Balance.Currency); err != nil {
		return nil, err
	}
	p := &ledger.Posting{Kind: ledger.Opening, Amount: amount, Text: text}
	if err := ledger.Post(tx, brand, g, p); err != nil {
		return nil, err
	}
	return p, ledger.Settle(tx, g, amount)
}
