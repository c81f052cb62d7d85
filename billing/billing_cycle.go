package billing

import (
	"slices"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// What a change of a billing group's cycle or credit days can fail with.
var (
	UnknownBillingCycle = failure.Declare(440, "UNKNOWN_BILLING_CYCLE", failure.Invalid, failure.Text{
		"EN": "unknown billing cycle", "DK": "ukendt faktureringsperiode", "SE": "okänd faktureringsperiod",
		"NO": "ukjent faktureringsperiode", "FR": "cycle de facturation inconnu", "DE": "unbekannter Abrechnungszeitraum"})
	CreditDaysOutOfRange = failure.Declare(441, "CREDIT_DAYS_OUT_OF_RANGE", failure.Invalid, failure.Text{
		"EN": "the credit days are out of range", "DK": "kreditdagene er uden for det tilladte", "SE": "kreditdagarna är utanför det tillåtna",
		"NO": "kredittdagene er utenfor det tillatte", "FR": "le délai de paiement est hors limites", "DE": "das Zahlungsziel liegt außerhalb des Zulässigen"})
	NoTermsToChange = failure.Declare(442, "NO_TERMS_TO_CHANGE", failure.Invalid, failure.Text{
		"EN": "neither a billing cycle nor credit days are given", "DK": "hverken faktureringsperiode eller kreditdage er angivet", "SE": "varken faktureringsperiod eller kreditdagar är angivna",
		"NO": "verken faktureringsperiode eller kredittdager er angitt", "FR": "ni cycle de facturation ni délai de paiement n'est indiqué", "DE": "weder Abrechnungszeitraum noch Zahlungsziel sind angegeben"})
)

var billingCycles = []catalogue.BillingCycle{catalogue.Weekly, catalogue.Monthly, catalogue.Quarterly, catalogue.Yearly}

// NewTerms are what ChangeTerms changes; what is not given stays.
type NewTerms struct {
	BillingCycle catalogue.BillingCycle // "" = as it is
	CreditDays   *int                   // nil = as they are
}

// ChangeTerms changes the billing cycle and the credit days of a post-paid billing
// group from its next period on, and gives the terms that then hold. The period in
// course goes on to its end, and what is not billed before that is billed as it
// was. A period that the new cycle has begun by then is billed for the rest of it:
// from a monthly to a yearly one on 1 March, the next invoice is for March to
// December. A change takes the place of one that waits; to what holds now, it
// cancels it. Recurrent prices have units of their own and stay what they are.
//
// It fails with UNKNOWN_BILLING_CYCLE, CREDIT_DAYS_OUT_OF_RANGE (0 to 365),
// NO_TERMS_TO_CHANGE when nothing is given, BILLING_GROUP_NOT_INVOICED for a
// prepaid group, and WRONG_STATE when the account is CLOSED.
func ChangeTerms(tx store.Tx, brand *catalogue.Brand, id store.ID, n NewTerms) (customer.BillingTerms, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	switch {
	case err != nil:
		return customer.BillingTerms{}, err
	case g.Type != catalogue.PostPaid:
		return customer.BillingTerms{}, NotInvoiced.With("billing group %s is %s", g.Name, g.Type)
	case n.BillingCycle == "" && n.CreditDays == nil:
		return customer.BillingTerms{}, NoTermsToChange.With("name BILLING_CYCLE, CREDIT_DAYS or both")
	case n.BillingCycle != "" && !slices.Contains(billingCycles, n.BillingCycle):
		return customer.BillingTerms{}, UnknownBillingCycle.With("%.40q must be %s, %s, %s or %s", string(n.BillingCycle), catalogue.Weekly, catalogue.Monthly, catalogue.Quarterly, catalogue.Yearly)
	case n.CreditDays != nil && (*n.CreditDays < 0 || *n.CreditDays > catalogue.MaxCreditDays):
		return customer.BillingTerms{}, CreditDaysOutOfRange.With("CREDIT_DAYS %d must be 0 to %d", *n.CreditDays, catalogue.MaxCreditDays)
	}
	today := brand.Day(tx.Now())
	terms, _ := g.TermsOn(today)
	terms.From = period.At(g, today).Until
	if n.BillingCycle != "" {
		terms.BillingCycle = n.BillingCycle
	}
	if n.CreditDays != nil {
		terms.CreditDays = *n.CreditDays
	}
	_, err = customer.SetTerms(tx, brand, g.ID, terms)
	return terms, err
}
