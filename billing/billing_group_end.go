package billing

import (
	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// BillingGroupHasMoney is told where a billing group cannot go because of its
// postings, payments or invoices: they stay.
var BillingGroupHasMoney = failure.Declare(412, "BILLING_GROUP_HAS_MONEY", failure.Conflict, failure.Text{
	"EN": "the billing group has postings, payments or invoices", "DK": "betalingsgruppen har posteringer, betalinger eller fakturaer", "SE": "betalningsgruppen har bokningar, betalningar eller fakturor",
	"NO": "betalingsgruppen har posteringer, betalinger eller fakturaer", "FR": "le groupe de facturation a des écritures, des paiements ou des factures", "DE": "die Abrechnungsgruppe hat Buchungen, Zahlungen oder Rechnungen"})

// DeleteBillingGroup is customer.DeleteBillingGroup for one whose balance never
// moved: otherwise it fails with BILLING_GROUP_HAS_MONEY.
func DeleteBillingGroup(tx store.Tx, brand *catalogue.Brand, id store.ID) (*customer.BillingGroup, error) {
	if err := checkNoMoney(tx, brand, id); err != nil {
		return nil, err
	}
	return customer.DeleteBillingGroup(tx, brand, id)
}

// GiveBillingGroup is customer.GiveBillingGroup for one whose balance never moved:
// otherwise it fails with BILLING_GROUP_HAS_MONEY.
func GiveBillingGroup(tx store.Tx, brand *catalogue.Brand, id, account store.ID) (*customer.BillingGroup, error) {
	if err := checkNoMoney(tx, brand, id); err != nil {
		return nil, err
	}
	return customer.GiveBillingGroup(tx, brand, id, account)
}

func checkNoMoney(tx store.Tx, brand *catalogue.Brand, id store.ID) error {
	g, err := customer.BillingGroupByID(tx, brand, id)
	if err != nil {
		return err
	}
	found, err := anyOf(tx, ledger.Postings, g.ID)
	if err == nil && !found {
		found, err = anyOf(tx, ledger.Payments, g.ID)
	}
	if err == nil && !found {
		found, err = anyOf(tx, ledger.Invoices, g.ID)
	}
	if err == nil && !found {
		found, err = anyOf(tx, ledger.Ledgers, g.ID)
	}
	if err == nil && found {
		err = BillingGroupHasMoney.With("%s", g.Name)
	}
	return err
}

// anyOf reports whether a billing group has something of a kind.
func anyOf[T any](tx store.Tx, kind *store.Kind[T], group store.ID) (bool, error) {
	for _, err := range kind.All(tx, ledger.ByGroup, group.String()) {
		return err == nil, err
	}
	return false, nil
}
