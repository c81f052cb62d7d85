package billing

import (
	"github.com/shopspring/decimal"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/customer"
	"rator/event"
	"rator/store"
)

// What is told of money, each by the operation that moves it. What moves a balance and has
// no topic here is told as billing_group.changed.
var (
	groupKey   = event.Key{Name: "BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group."}
	paymentKey = event.Key{Name: "PAYMENT_ID", Type: event.OfID, Desc: "The payment."}
	invoiceKey = event.Key{Name: "INVOICE_ID", Type: event.OfID, Desc: "The invoice, or the credit note."}
	amountKey  = event.Key{Name: "AMOUNT", Type: event.OfAmount, Desc: "The amount, as it moved the balance: below 0 takes from it."}

	chargeAdded = event.Declare("charge.added", "a billing group was charged or credited for a charge item; not for a reversal's fee, which payment.reversed tells",
		"CHARGE_ID", groupKey, event.Key{Name: "CHARGE_ID", Type: event.OfID, Desc: "The posting."},
		event.Key{Name: "CHARGE_ITEM_ID", Type: event.OfText, Desc: "The charge item's id in the catalogue."}, amountKey)
	balanceTransferred = event.Declare("balance.transferred", "money that lay unused went to another billing group of the account",
		groupKey.Name, groupKey,
		event.Key{Name: "TO_BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group that it went to."},
		event.Key{Name: "TRANSFER_ID", Type: event.OfID, Desc: "The posting that it left by."},
		event.Key{Name: "TO_TRANSFER_ID", Type: event.OfID, Desc: "The one that it came in by."},
		event.Key{Name: "AMOUNT", Type: event.OfAmount, Desc: "How much, above 0."})
	balanceWrittenOff = event.Declare("balance.written_off", "a debt was given up",
		groupKey.Name, groupKey,
		event.Key{Name: "WRITE_OFF_ID", Type: event.OfID, Desc: "The posting."},
		event.Key{Name: "INVOICE_ID", Type: event.OfID, Desc: "The invoice that was named; absent where none was."},
		event.Key{Name: "AMOUNT", Type: event.OfAmount, Desc: "How much, above 0."},
		event.Key{Name: "TAX_AMOUNT", Type: event.OfAmount, Desc: "The tax in it; 0 unless the brand says write_off_taxed."})

	paymentSaved = event.Declare("payment.saved", "a payment was recorded, or one that was promised was captured",
		paymentKey.Name, groupKey, paymentKey,
		event.Key{Name: "AMOUNT", Type: event.OfAmount, Desc: "How much, above 0."},
		event.Key{Name: "CAPTURED", Type: event.OfBool, Desc: "Whether it moved the balance; false is a promise."})
	paymentReversed = event.Declare("payment.reversed", "a payment was taken back that was none",
		paymentKey.Name, groupKey, paymentKey,
		event.Key{Name: "REVERSAL_ID", Type: event.OfID, Desc: "The posting against it."}, amountKey,
		event.Key{Name: "CHARGE_ID", Type: event.OfID, Desc: "The posting of the fee; absent where there is none."})
	paymentRefunded = event.Declare("payment.refunded", "money was given back, of a payment or of a credit balance",
		"REFUND_ID", groupKey, event.Key{Name: "PAYMENT_ID", Type: event.OfID, Desc: "The payment; absent where it was a credit balance."},
		event.Key{Name: "REFUND_ID", Type: event.OfID, Desc: "The posting."}, amountKey)
	paymentMoved = event.Declare("payment.moved", "a payment went to the billing group that it was meant for",
		paymentKey.Name,
		event.Key{Name: "BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group that it is in now."},
		event.Key{Name: "PAYMENT_ID", Type: event.OfID, Desc: "The payment that it is now."},
		event.Key{Name: "AMOUNT", Type: event.OfAmount, Desc: "How much, above 0."},
		event.Key{Name: "FROM_BILLING_GROUP_ID", Type: event.OfID, Desc: "The billing group that it was in, maybe another account's."},
		event.Key{Name: "FROM_PAYMENT_ID", Type: event.OfID, Desc: "The payment that it was."})

	invoiceCreated = event.Declare("invoice.created", "an invoice or a credit note was issued",
		invoiceKey.Name, invoiceKeys...)
	invoiceDunned = event.Declare("invoice.dunned", "a late invoice was dunned; whoever writes reminders reads it",
		invoiceKey.Name, invoiceKeys...)
	invoiceCredited = event.Declare("invoice.credited", "an invoice was taken back, whole or by lines; of the credit note itself invoice.created tells",
		invoiceKey.Name, event.Key{Name: "INVOICE_ID", Type: event.OfID, Desc: "The invoice."},
		event.Key{Name: "CREDIT_NOTE_ID", Type: event.OfID, Desc: "The credit note."}, groupKey,
		event.Key{Name: "TOTAL_AMOUNT", Type: event.OfAmount, Desc: "The credit note's total, below 0."})
)

var invoiceKeys = []event.Key{
	{Name: "ACCOUNT_ID", Type: event.OfID, Desc: "The account."},
	groupKey,
	{Name: "DUE_DATE", Type: event.OfDate, Desc: "The day until which it is to be paid."},
	{Name: "DUNNING_STATE", Type: event.OfText, Desc: "NONE, REMINDER, LAST_REMINDER or COLLECTION."},
	invoiceKey,
	{Name: "INVOICE_NUMBER", Type: event.OfText, Desc: "Its number."},
}

// tell tells of a billing group's money, which its body names first.
func tell(tx store.Tx, t *event.Topic, g *customer.BillingGroup, brand string, values ...event.Value) error {
	return t.Emit(tx, event.Whose{Brand: brand, Account: g.Account}, append([]event.Value{event.ID(groupKey.Name, g.ID)}, values...)...)
}

// announce tells of an invoice.
func announce(tx store.Tx, i *ledger.Invoice, t *event.Topic) error {
	return t.Emit(tx, event.Whose{Brand: i.Brand, Account: i.Account},
		event.ID("ACCOUNT_ID", i.Account), event.ID(groupKey.Name, i.Group), event.Text("DUE_DATE", period.Format(i.DueDate)),
		event.Text("DUNNING_STATE", string(i.Dunning)), event.ID(invoiceKey.Name, i.ID), event.Text("INVOICE_NUMBER", i.Number))
}

// amountOf is an amount under the key that most topics have.
func amountOf(d decimal.Decimal) event.Value { return event.Amount(amountKey.Name, d) }
