package component

import (
	"fmt"

	"github.com/shopspring/decimal"

	"rator/billing"
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

const billingArea = "Billing"

func init() {
	register(Component{
		Name: "add_charge", Area: billingArea,
		Desc: "Charge or credit a billing group for a charge item, by CHARGE_ITEM_ID, an id or a code, or by its code as CHARGE_ITEM. The item's direction decides the sign, whatever sign AMOUNT has; with SIGNED AMOUNT has the sign of a balance, and one above 0 for a DEBIT is refused. Without AMOUNT it is the item's price, without DESCRIPTION its name. With OWED a prepaid balance need not reach for it. BOOKED is DEBIT or CREDIT; WARNING says in words what was booked where SIGNED and AMOUNT had another sign, else it is empty.",
		In: []Param{mandatory("BILLING_GROUP_ID"), text("CHARGE_ITEM_ID"), text("CHARGE_ITEM"), amount("AMOUNT"),
			text("DESCRIPTION"), text("SUBSCRIPTION_ID"), {Key: "SIGNED", Type: value.Boolean}, {Key: "OWED", Type: value.Boolean}},
		Out: []string{"ID", "AMOUNT", "BALANCE", "BOOKED", "WARNING", "CHARGE_ITEM_ID"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, catalogue.UnknownChargeItem, catalogue.NoLongerSold, ledger.InvalidAmount, billing.AmountBeyondLimit,
			customer.WrongState, customer.UnknownSubscription, customer.WrongAccount, billing.PrepaidBalanceTooLow},
		Run: addCharge,
	})
	register(Component{
		Name: "charge_initial_price", Area: billingArea,
		Desc:  "Charge what a product option costs once to the billing group of a subscription. OPTION_ID is the option's ID or key; one without initial price posts nothing, and ID is empty.",
		In:    []Param{mandatory("SUBSCRIPTION_ID"), mandatory("OPTION_ID")},
		Out:   []string{"ID"},
		Fails: []*failure.Code{customer.UnknownSubscription, catalogue.UnknownProductOption, ledger.InvalidAmount, billing.PrepaidBalanceTooLow},
		Run:   chargeInitialPrice,
	})
	register(Component{
		Name: "open_balance", Area: billingArea,
		Desc:  "Offered to sites that move customers over: post what a billing group brings along from another system, once. Negative = the customer owes.",
		In:    []Param{mandatory("BILLING_GROUP_ID"), {Key: "AMOUNT", Type: value.Double, Mandatory: true}, text("DESCRIPTION")},
		Out:   []string{"ID", "AMOUNT", "BALANCE"},
		Fails: []*failure.Code{customer.UnknownBillingGroup, ledger.InvalidAmount, billing.AmountBeyondLimit, ledger.OpeningBalanceExists},
		Run:   openBalance,
	})
}

// flagged reads a boolean; absent and null are false.
func flagged(in value.Tree, key string) bool {
	b, _ := value.ParseBoolean(in.Text(key))
	return b
}

// amount is a parameter for money.
func amount(key string) Param { return Param{Key: key, Type: value.Double} }

// moneyOf reads an amount exactly as it was written; nil when it is absent or
// null. What is no number, or not finite, is INVALID_AMOUNT.
func moneyOf(in value.Tree, key string) (*decimal.Decimal, error) {
	e := in.Get(key)
	if e == nil || e.Null {
		return nil, nil
	}
	d, err := value.ParseDecimal(e.Text)
	if err != nil {
		return nil, ledger.InvalidAmount.With("%s %v", key, err)
	}
	return &d, nil
}

func addCharge(c *Call, in value.Tree) (value.Tree, error) {
	n := billing.NewCharge{ChargeItemID: in.Text("CHARGE_ITEM_ID"), ChargeItem: in.Text("CHARGE_ITEM"), Text: in.Text("DESCRIPTION"), Signed: flagged(in, "SIGNED"), Owed: flagged(in, "OWED")}
	err := idsOf(in, map[string]*store.ID{"BILLING_GROUP_ID": &n.Group, "SUBSCRIPTION_ID": &n.Subscription})
	if err == nil {
		n.Amount, err = moneyOf(in, "AMOUNT")
	}
	if err != nil {
		return nil, err
	}
	p, err := billing.AddCharge(c.Tx, c.Brand, n)
	answer, err := posted(c, p, err)
	if err != nil {
		return nil, err
	}
	booked, warning := catalogue.Debit, ""
	if p.Kind == ledger.Credit {
		booked = catalogue.Credit
		if n.Signed && n.Amount != nil && n.Amount.IsNegative() {
			warning = fmt.Sprintf("AMOUNT was below 0, but the charge item is a CREDIT: %s was credited", catalogue.Money{Amount: p.Amount, Currency: p.Currency})
		}
	}
	return append(answer, value.OfString("BOOKED", string(booked)), value.OfString("WARNING", warning), value.OfString("CHARGE_ITEM_ID", p.ChargeItem)), nil
}

func chargeInitialPrice(c *Call, in value.Tree) (value.Tree, error) {
	sub, err := subscriptionOf(c, in)
	if err != nil {
		return nil, err
	}
	option, err := catalogue.OptionNamed(c.Tx, c.Brand, in.Text("OPTION_ID"))
	if err != nil {
		return nil, err
	}
	p, err := billing.ChargeInitialPrice(c.Tx, c.Brand, sub, option)
	if err != nil || p == nil {
		return onlyID(0), err
	}
	c.touch(p.Group)
	return onlyID(p.ID), nil
}

func openBalance(c *Call, in value.Tree) (value.Tree, error) {
	id, err := billingGroupOf(in)
	if err != nil {
		return nil, err
	}
	d, err := moneyOf(in, "AMOUNT")
	if err == nil && d == nil {
		err = ledger.InvalidAmount.With("AMOUNT is missing")
	}
	if err != nil {
		return nil, err
	}
	p, err := billing.OpenBalance(c.Tx, c.Brand, id, *d, in.Text("DESCRIPTION"))
	return posted(c, p, err)
}

// posted answers a posting with the balance it left.
func posted(c *Call, p *ledger.Posting, err error) (value.Tree, error) {
	if err != nil {
		return nil, err
	}
	g, err := customer.BillingGroupByID(c.Tx, c.Brand, p.Group)
	if err != nil {
		return nil, err
	}
	c.touch(g.ID)
	return append(onlyID(p.ID), value.OfMoney("AMOUNT", p.Amount), value.OfMoney("BALANCE", g.Balance.Amount)), nil
}
