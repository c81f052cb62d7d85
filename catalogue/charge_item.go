package catalogue

import (
	"github.com/shopspring/decimal"

	"rator/store"
)

// ChargeItem is something a billing group can be charged or credited for by
// hand or by a workflow. Its CatalogueID is CHARGE_ITEM_ID.
type ChargeItem struct {
	Entry
	Code        string          `key:"CODE"` // the price code by which workflows mean it
	Description string          `key:"DESCRIPTION"`
	Direction   Direction       `key:"DIRECTION"`
	Price       decimal.Decimal `key:"PRICE"` // in the brand's currency, never negative; 0 = named with each charge
	Untaxed     Untaxed         `key:"TAXED" json:",omitempty"`
}

// Untaxed is what a file writes as taxed = false: what is charged or credited for
// the item is outside of what taxes are taken of. Without it the item is taxed.
type Untaxed bool

// Direction says which way a charge item moves a balance.
type Direction string

// A debit lowers the balance, a credit raises it (rator-api.md 2.5).
const (
	Debit  Direction = "DEBIT"
	Credit Direction = "CREDIT"
)

// chargeItems are the charge items kept.
var chargeItems = define[ChargeItem]("charge_item", UnknownChargeItem)

func (i *ChargeItem) code() string { return i.Code }

// ChargeItemByCode finds a charge item of a brand, or fails with UNKNOWN_CHARGE_ITEM.
func ChargeItemByCode(tx store.Tx, brand *Brand, code string) (*ChargeItem, error) {
	return findByCode(tx, chargeItems, brand, code)
}

func (i *ChargeItem) check(c *checker, o *Offer) {
	c.named(&i.Entry)
	c.code(&i.Entry, "code", i.Code)
	c.oneOf(&i.Entry, "direction", string(i.Direction), string(Debit), string(Credit))
	c.price(&i.Entry, "price", i.Price, o.Currency)
}
