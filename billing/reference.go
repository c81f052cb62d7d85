package billing

import (
	"strings"

	"rator/billing/ledger"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// GroupByReference finds the billing group that a payment's reference means. It
// is, first found wins: the 18 digits of a billing group; an invoice number; a
// customer number, when the customer has one billing group only
// (AMBIGUOUS_PAYMENT_REFERENCE otherwise); the NAME of a billing group that
// begins with its customer's number, as names do unless they were changed
// ("100001-2"). Anything else is UNKNOWN_PAYMENT_REFERENCE.
func GroupByReference(tx store.Tx, brand *catalogue.Brand, reference string) (store.ID, error) {
	reference = strings.TrimSpace(reference)
	for _, find := range []func(store.Tx, *catalogue.Brand, string) (store.ID, error){groupByID, groupByInvoice, groupByCustomer, groupByName} {
		id, err := find(tx, brand, reference)
		if err != nil || id != 0 {
			return id, err
		}
	}
	return 0, UnknownPaymentReference.With("%.60s", reference)
}

func groupByID(tx store.Tx, brand *catalogue.Brand, reference string) (store.ID, error) {
	id, err := store.ParseID(reference)
	if err != nil {
		return 0, nil
	}
	_, err = customer.BillingGroupByID(tx, brand, id)
	return found(id, err, customer.UnknownBillingGroup)
}

func groupByInvoice(tx store.Tx, brand *catalogue.Brand, reference string) (store.ID, error) {
	i, err := invoiceByNumber(tx, brand, reference)
	if err != nil || i == nil {
		return 0, err
	}
	return i.Group, nil
}

// invoiceByNumber finds the invoice that a reference names by its number; nil when
// it names none.
func invoiceByNumber(tx store.Tx, brand *catalogue.Brand, reference string) (*ledger.Invoice, error) {
	i, err := ledger.InvoiceByNumber(tx, brand, reference)
	if failure.CodeOf(err) == ledger.UnknownInvoice {
		return nil, nil
	}
	return i, err
}

func groupByCustomer(tx store.Tx, brand *catalogue.Brand, reference string) (store.ID, error) {
	groups, err := groupsOfCustomer(tx, brand, reference)
	switch {
	case err != nil || len(groups) == 0:
		return 0, err
	case len(groups) > 1:
		return 0, AmbiguousPaymentReference.With("customer %s has %d billing groups; name one by its NAME or ID", reference, len(groups))
	}
	return groups[0].ID, nil
}

func groupByName(tx store.Tx, brand *catalogue.Brand, reference string) (store.ID, error) {
	number, _, _ := strings.Cut(reference, "-")
	groups, err := groupsOfCustomer(tx, brand, number)
	for _, g := range groups {
		if g.Name == reference {
			return g.ID, nil
		}
	}
	return 0, err
}

func groupsOfCustomer(tx store.Tx, brand *catalogue.Brand, number string) ([]*customer.BillingGroup, error) {
	a, _, err := customer.FindByCustomerNumber(tx, brand, number)
	if failure.CodeOf(err) == customer.UnknownCustomer {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	w, err := customer.LoadWhole(tx, brand, a.ID)
	if err != nil {
		return nil, err
	}
	return w.BillingGroups, nil
}

// found makes nothing of an error that says that there is none.
func found(id store.ID, err error, none *failure.Code) (store.ID, error) {
	if failure.CodeOf(err) == none {
		return 0, nil
	}
	return id, err
}
