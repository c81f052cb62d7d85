package draft

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
)

// NoBillingFee is told where ADD_BILLING_FEE asks for a fee that is never booked.
var NoBillingFee = failure.Declare(431, "NO_BILLING_FEE", failure.Conflict, failure.Text{
	"EN": "there is no billing fee to add", "DK": "der er intet faktureringsgebyr at lægge til", "SE": "det finns ingen faktureringsavgift att lägga till",
	"NO": "det finnes ikke noe fakturagebyr å legge til", "FR": "il n'y a pas de frais de facturation à ajouter", "DE": "es gibt keine Rechnungsgebühr, die hinzukäme"})

// wantsBillingFee is ADD_BILLING_FEE of a billing group whose invoices bear the
// brand's billing fee (rator-api.md 2.5).
const wantsBillingFee = "Y"

// CheckBillingFee fails with NO_BILLING_FEE where a billing group is to bear the
// billing fee, as it was not to before, and never would: its brand has none, in
// its currency, or it is prepaid and gets no invoices.
func CheckBillingFee(brand *catalogue.Brand, g *customer.BillingGroup, before string) error {
	if g.AddBillingFee != wantsBillingFee || before == wantsBillingFee {
		return nil
	}
	switch {
	case brand.BillingFee == "":
		return NoBillingFee.With("ADD_BILLING_FEE is Y, and brand %s has no billing_fee in its catalogue", brand.Key)
	case g.Type != catalogue.PostPaid:
		return NoBillingFee.With("ADD_BILLING_FEE is Y, and billing group %s is prepaid: it gets no invoices", g.Name)
	case g.Balance.Currency != brand.Currency:
		return NoBillingFee.With("ADD_BILLING_FEE is Y, and the billing fee of brand %s is in %s, billing group %s in %s", brand.Key, brand.Currency, g.Name, g.Balance.Currency)
	}
	return nil
}

// billingFee adds the brand's billing fee to the draft of an invoice that asks for
// money, where the billing group bears it. It is taxed as other charges are.
func (d *Drafter) billingFee(g *customer.BillingGroup, x *Draft) error {
	if g.AddBillingFee != wantsBillingFee || d.Brand.BillingFee == "" || g.Balance.Currency != d.Brand.Currency || !x.asks() {
		return nil
	}
	item, err := d.Brand.BillingFeeItem(d.Tx)
	if err != nil {
		return err
	}
	x.Added = append(x.Added, &ledger.Posting{Kind: ledger.Charge, Amount: item.Price.Neg(), ChargeItem: item.CatalogueID, Text: item.Name, Untaxed: bool(item.Untaxed), Date: x.Period.Until.AddDate(0, 0, -1)})
	return nil
}

// asks reports whether what is in the draft so far is owed by the customer.
func (x *Draft) asks() bool {
	sum := decimal.Zero
	for _, lines := range [][]*ledger.Posting{x.Unbilled, x.Added} {
		for _, p := range lines {
			sum = sum.Add(p.Amount)
		}
	}
	return sum.IsNegative()
}

// IsBillingFee reports whether a posting is the fee of its invoice.
func (d *Drafter) IsBillingFee(p *ledger.Posting) (bool, error) {
	item, err := d.Brand.BillingFeeItem(d.Tx)
	return item != nil && p.Kind == ledger.Charge && p.ChargeItem == item.CatalogueID, err
}
