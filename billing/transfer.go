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

// What a transfer can fail with.
var (
	TransferToItself = failure.Declare(427, "TRANSFER_TO_ITSELF", failure.Invalid, failure.Text{
		"EN": "the money is in that billing group already", "DK": "pengene er allerede i den faktureringsgruppe", "SE": "pengarna finns redan i den faktureringsgruppen",
		"NO": "pengene er allerede i den faktureringsgruppen", "FR": "l'argent est déjà dans ce groupe de facturation", "DE": "das Geld ist schon in dieser Rechnungsgruppe"})
	TransferAcrossCurrencies = failure.Declare(428, "TRANSFER_ACROSS_CURRENCIES", failure.Conflict, failure.Text{
		"EN": "the billing groups have two currencies", "DK": "faktureringsgrupperne har to valutaer", "SE": "faktureringsgrupperna har två valutor",
		"NO": "faktureringsgruppene har to valutaer", "FR": "les groupes de facturation ont deux monnaies", "DE": "die Rechnungsgruppen haben zwei Währungen"})
	TransferBeyondBalance = failure.Declare(429, "TRANSFER_BEYOND_BALANCE", failure.Conflict, failure.Text{
		"EN": "more is to be moved than lies there", "DK": "der skal flyttes mere, end der ligger", "SE": "mer ska flyttas än vad som finns där",
		"NO": "det skal flyttes mer enn det som ligger der", "FR": "le montant à transférer dépasse ce qui s'y trouve", "DE": "es soll mehr verschoben werden, als dort liegt"})
	TransferAcrossCustomers = failure.Declare(448, "TRANSFER_ACROSS_CUSTOMERS", failure.Conflict, failure.Text{
		"EN": "the billing groups are of two customers", "DK": "faktureringsgrupperne tilhører to kunder", "SE": "faktureringsgrupperna tillhör två kunder",
		"NO": "faktureringsgruppene tilhører to kunder", "FR": "les groupes de facturation sont de deux clients", "DE": "die Rechnungsgruppen gehören zwei Kunden"})
)

// NewTransfer is what TransferBalance needs.
type NewTransfer struct {
	From, To store.ID        // billing groups of one account, in one currency
	Amount   decimal.Decimal // above 0
	Reason   string          // for people; "" = which group the money went to or came from
}

// Transferred is what a transfer posted. Each posting's Reference is the other's id.
type Transferred struct{ Out, In *ledger.Posting }

// TransferBalance moves money that lies in the wrong billing group of a customer,
// on a closed account too. What comes in pays open invoices there, the oldest
// first. It is money that moves, never a debt, a charge or a bonus: no more than is
// paid and not used, nor more than would be left if all were billed tonight
// (TRANSFER_BEYOND_BALANCE). A payment that settled an invoice of the wrong
// group is moved as a payment.
//
// It fails with TRANSFER_TO_ITSELF, TRANSFER_ACROSS_CUSTOMERS and
// TRANSFER_ACROSS_CURRENCIES too.
func TransferBalance(tx store.Tx, brand *catalogue.Brand, n NewTransfer) (*Transferred, error) {
	from, err := customer.BillingGroupByID(tx, brand, n.From)
	if err != nil {
		return nil, err
	}
	to, err := customer.BillingGroupByID(tx, brand, n.To)
	if err != nil {
		return nil, err
	}
	switch {
	case from.ID == to.ID:
		return nil, TransferToItself.With("%s", from.Name)
	case from.Account != to.Account:
		return nil, TransferAcrossCustomers.With("%s and %s", from.Name, to.Name)
	case from.Balance.Currency != to.Balance.Currency:
		return nil, TransferAcrossCurrencies.With("%s is in %s, %s in %s", from.Name, from.Balance.Currency, to.Name, to.Balance.Currency)
	}
	if err := checkPositive("AMOUNT", n.Amount, from.Balance.Currency); err != nil {
		return nil, err
	}
	l, err := ledger.Of(tx, from.Account, from.ID)
	if err != nil {
		return nil, err
	}
	there, err := draft.FreeCredit(tx, brand, from, l)
	if err != nil {
		return nil, err
	}
	if n.Amount.GreaterThan(there) {
		return nil, TransferBeyondBalance.With("%s lies in %s", catalogue.Money{Amount: there, Currency: from.Balance.Currency}, from.Name)
	}
	if err := l.TakeOut(tx, brand, n.Amount); err != nil {
		return nil, err
	}
	if err := l.Keep(tx); err != nil {
		return nil, err
	}
	return n.post(tx, brand, from, to)
}

func (n *NewTransfer) post(tx store.Tx, brand *catalogue.Brand, from, to *customer.BillingGroup) (*Transferred, error) {
	text := func(direction, name string) string {
		if n.Reason != "" {
			return n.Reason
		}
		return "Transfer " + direction + " " + name
	}
	t := &Transferred{
		Out: &ledger.Posting{Kind: ledger.Transfer, Amount: n.Amount.Neg(), Text: text("to", to.Name)},
		In:  &ledger.Posting{Kind: ledger.Transfer, Amount: n.Amount, Text: text("from", from.Name)},
	}
	if err := ledger.Post(tx, brand, from, t.Out); err != nil {
		return nil, err
	}
	t.In.Reference = t.Out.ID.String()
	if err := ledger.Post(tx, brand, to, t.In); err != nil {
		return nil, err
	}
	t.Out.Reference = t.In.ID.String()
	if err := ledger.Postings.Put(tx, t.Out); err != nil {
		return nil, err
	}
	if err := ledger.Settle(tx, to, n.Amount); err != nil {
		return nil, err
	}
	return t, tell(tx, balanceTransferred, from, brand.Key, event.ID("TO_BILLING_GROUP_ID", to.ID), event.ID("TRANSFER_ID", t.Out.ID),
		event.ID("TO_TRANSFER_ID", t.In.ID), amountOf(t.In.Amount))
}
