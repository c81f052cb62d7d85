package ledger

import (
	"strings"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// PaymentKey names a payment that was recorded: by its id, or by its TRANSACTION_ID;
// where both are there they name the same one.
type PaymentKey struct {
	ID            store.ID // the payment's, or that of the posting it made
	TransactionID string
	EarlierID     string // as in PaymentFields
}

// ownPrefix begins the TRANSACTION_ID of a payment that came without one; the
// payment's id follows, so that no two are the same.
const ownPrefix = "rator-"

func ownTransaction(payment store.ID) string { return ownPrefix + payment.String() }

// IsOwnTransaction reports whether a TRANSACTION_ID has the form of those that we give.
func IsOwnTransaction(id string) bool {
	payment, own := strings.CutPrefix(id, ownPrefix)
	if !own {
		return false
	}
	_, err := store.ParseID(payment)
	return err == nil
}

// Find gives the payment of the brand, or fails with UNKNOWN_PAYMENT.
func (k PaymentKey) Find(tx store.Tx, brand *catalogue.Brand) (*PaymentRecord, error) {
	transaction := strings.TrimSpace(k.TransactionID)
	switch {
	case k.ID == 0 && transaction == "":
		return nil, failure.InvalidRequest.With("PAYMENT_ID or TRANSACTION_ID is missing")
	case k.ID == 0:
		return PaymentByTransaction(tx, brand, transaction, k.EarlierID)
	}
	p, err := paymentByID(tx, brand, k.ID)
	if err == nil && transaction != "" && p.TransactionID != transaction && (k.EarlierID == "" || p.TransactionID != k.EarlierID) {
		err = failure.InvalidRequest.With("TRANSACTION_ID is not that of payment %s", k.ID)
	}
	return p, err
}

// PaymentByTransaction finds a payment by its TRANSACTION_ID, or by what versions
// before kept of that. One that was moved is found where it is now.
func PaymentByTransaction(tx store.Tx, brand *catalogue.Brand, id, earlier string) (*PaymentRecord, error) {
	p, err := Payments.By(tx, byTransaction, store.Compose(brand.Key, id))
	if failure.CodeOf(err) == UnknownPayment && earlier != "" {
		p, err = Payments.By(tx, byTransaction, store.Compose(brand.Key, earlier))
	}
	return p, err
}

// paymentByID finds a payment by its id, or by that of its posting, which is what a
// list of transactions shows.
func paymentByID(tx store.Tx, brand *catalogue.Brand, id store.ID) (*PaymentRecord, error) {
	p, err := Payments.Get(tx, id)
	if failure.CodeOf(err) == UnknownPayment {
		p, err = paymentOfPosting(tx, id)
	}
	if err == nil && p.Brand != brand.Key {
		return nil, UnknownPayment.With("%s", id)
	}
	return p, err
}

func paymentOfPosting(tx store.Tx, id store.ID) (*PaymentRecord, error) {
	unknown := UnknownPayment.With("%s", id)
	posting, err := Postings.Get(tx, id)
	if failure.CodeOf(err) == UnknownPosting {
		return nil, unknown
	}
	if err != nil {
		return nil, err
	}
	for p, err := range Payments.All(tx, ByGroup, posting.Group.String()) {
		if err != nil || p.Posting == id {
			return p, err
		}
	}
	return nil, unknown
}
