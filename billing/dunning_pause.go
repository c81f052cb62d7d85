package billing

import (
	"strings"
	"time"

	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// What a pause of dunning can fail with.
var (
	DunningPauseOutOfRange = failure.Declare(438, "DUNNING_PAUSE_OUT_OF_RANGE", failure.Invalid, failure.Text{
		"EN": "dunning can be paused until a day from tomorrow to a year ahead", "DK": "rykning kan udsættes til en dag fra i morgen til et år frem", "SE": "påminnelser kan pausas till en dag från i morgon till ett år framåt",
		"NO": "purring kan utsettes til en dag fra i morgen til et år frem", "FR": "la relance peut être suspendue jusqu'à un jour compris entre demain et dans un an", "DE": "das Mahnen kann bis zu einem Tag von morgen bis in einem Jahr ausgesetzt werden"})
	NotInvoiced = failure.Declare(439, "BILLING_GROUP_NOT_INVOICED", failure.Conflict, failure.Text{
		"EN": "the billing group is prepaid and gets no invoices", "DK": "faktureringsgruppen er forudbetalt og får ingen fakturaer", "SE": "faktureringsgruppen är förbetald och får inga fakturor",
		"NO": "faktureringsgruppen er forhåndsbetalt og får ingen fakturaer", "FR": "le groupe de facturation est prépayé et ne reçoit pas de factures", "DE": "die Rechnungsgruppe ist vorausbezahlt und bekommt keine Rechnungen"})
)

// longestPause is how many days ahead a pause may end.
const longestPause = 366

// PauseDunning keeps the invoices of a billing group from being dunned until a
// day of the brand (midnight UTC), on which dunning goes on from where it was; a
// zero day ends the pause. A later pause takes the place of the one before.
// Without a reason it fails with INVALID_REQUEST, for a day that is not from
// tomorrow to a year ahead with DUNNING_PAUSE_OUT_OF_RANGE, for a prepaid group
// with BILLING_GROUP_NOT_INVOICED. What a CLOSED account owes can be paused too.
func PauseDunning(tx store.Tx, brand *catalogue.Brand, id store.ID, until time.Time, reason string) (*customer.BillingGroup, error) {
	g, err := customer.BillingGroupByID(tx, brand, id)
	switch today := brand.Day(tx.Now()); {
	case err != nil:
		return nil, err
	case g.Type != catalogue.PostPaid:
		return nil, NotInvoiced.With("billing group %s is %s", g.Name, g.Type)
	case until.IsZero():
		return customer.PauseDunning(tx, brand, id, nil)
	case !until.After(today) || until.After(today.AddDate(0, 0, longestPause)):
		return nil, DunningPauseOutOfRange.With("PAUSED_UNTIL %s must lie between %s and %s", period.Format(until), period.Format(today.AddDate(0, 0, 1)), period.Format(today.AddDate(0, 0, longestPause)))
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return nil, failure.InvalidRequest.With("REASON is missing: say why dunning is paused until %s", period.Format(until))
	}
	return customer.PauseDunning(tx, brand, id, &customer.DunningPause{Until: until, Reason: reason})
}
