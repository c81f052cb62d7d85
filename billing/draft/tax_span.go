package draft

import (
	"fmt"
	"slices"
	"strings"

	"rator/billing/ledger"
	"rator/billing/period"
	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

// TaxPlaceUnknown keeps an account from being billed while the tax table says nothing
// of where its bill goes to: an invoice without the tax that is due would be wrong for
// ever.
var TaxPlaceUnknown = failure.Declare(415, "TAX_PLACE_UNKNOWN", failure.Conflict, failure.Text{
	"EN": "the tax table does not know the place of the bill", "DK": "afgiftstabellen kender ikke regningens sted", "SE": "skattetabellen känner inte till räkningens ort",
	"NO": "avgiftstabellen kjenner ikke regningens sted", "FR": "la table des taxes ne connaît pas le lieu de la facture", "DE": "die Steuertabelle kennt den Ort der Rechnung nicht"})

// What the tax table is asked for: the types that clients preview taxes with
// (rator-api.md 3.2).
const (
	taxTransactionType = 10
	taxServiceType     = 15
)

// taxSpan is days that follow each other and are taxed alike.
type taxSpan struct {
	period.Period
	rates     []catalogue.TaxRate
	place     catalogue.Place
	uncovered bool  // the table has rows in the country, and none for the place
	err       error // why nothing of these days can be billed
}

// taxSpans are some days of a billing group, cut where what they are taxed by changes:
// most often one span.
func (d *Drafter) taxSpans(g *customer.BillingGroup, days period.Period) ([]taxSpan, error) {
	if d.spans.group == g.ID && d.spans.days == days {
		return d.spans.spans, nil
	}
	var spans []taxSpan
	for _, point := range d.taxPoints(g, days) {
		of, err := d.spansOf(g, point.seen)
		if err != nil {
			return nil, err
		}
		of[0].From = point.From
		for _, s := range of {
			if n := len(spans) - 1; n >= 0 && spans[n].alike(&s) {
				spans[n].Until = s.Until
			} else {
				spans = append(spans, s)
			}
		}
	}
	d.spans = groupSpans{g.ID, days, spans}
	return spans, nil
}

// taxPoint is days that are taxed as some of them are.
type taxPoint struct {
	period.Period
	seen period.Period
}

// taxPoints are some days of a billing group by what they are taxed as: each as itself,
// or each billing period as its last day.
func (d *Drafter) taxPoints(g *customer.BillingGroup, days period.Period) []taxPoint {
	if d.Brand.TaxPoint != catalogue.TaxOfPeriodEnd {
		return []taxPoint{{days, days}}
	}
	var points []taxPoint
	for from := days.From; from.Before(days.Until); {
		of := period.At(g, from).Within(from, days.Until)
		points = append(points, taxPoint{of, period.Between(of.Until.AddDate(0, 0, -1), of.Until)})
		from = of.Until
	}
	return points
}

// spansOf cuts days where the bill goes to another place or the taxes of the place
// change.
func (d *Drafter) spansOf(g *customer.BillingGroup, days period.Period) ([]taxSpan, error) {
	var spans []taxSpan
	for _, p := range d.Whole.Places(d.Brand, g, days.From, days.Until) {
		t, err := d.taxesAt(g, p.Place)
		if err != nil {
			return nil, err
		}
		from := p.From
		for _, change := range append(t.Changes(p.From, p.Until), p.Until) {
			spans = append(spans, taxSpan{period.Between(from, change), t.On(from), p.Place, t.uncovered, t.err})
			from = change
		}
	}
	return spans, nil
}

// groupSpans are the spans that were asked for last.
type groupSpans struct {
	group store.ID
	days  period.Period
	spans []taxSpan
}

func (s *taxSpan) alike(other *taxSpan) bool {
	return s.err == nil && other.err == nil && s.uncovered == other.uncovered && slices.EqualFunc(s.rates, other.rates, sameRate)
}

func sameRate(a, b catalogue.TaxRate) bool { return a.ID == b.ID && a.Rate.Equal(b.Rate) }

func compareIDs(a, b catalogue.TaxRate) int { return strings.Compare(a.ID, b.ID) }

// cutAt cuts days where the spans change.
func cutAt(days period.Period, spans []taxSpan) []period.Period {
	var parts []period.Period
	for _, s := range spans[1:] {
		if s.From.After(days.From) && s.From.Before(days.Until) {
			parts = append(parts, period.Between(days.From, s.From))
			days.From = s.From
		}
	}
	return append(parts, days)
}

// placeTaxes is what the tax table says of a place.
type placeTaxes struct {
	*catalogue.PlaceTaxes
	uncovered bool
	err       error
}

// taxedAt is what a transaction's answers of the tax table are kept by.
type taxedAt struct {
	catalogue.Place
	business bool
}

// taxesAt finds the taxes of a place. What the table does not know is told with the
// days that it would be billed for; a brand without a table has no taxes.
func (d *Drafter) taxesAt(g *customer.BillingGroup, place catalogue.Place) (placeTaxes, error) {
	key := taxedAt{place, d.Whole.Account.Type == customer.Company}
	if t, known := d.Cache.taxes[key]; known {
		return t, nil
	}
	taxes, err := catalogue.TaxesAt(d.Tx, d.Brand, catalogue.Taxable{TransactionType: taxTransactionType, ServiceType: taxServiceType,
		Business: key.business, Country: place.Country, State: place.State, City: place.City, ZIP: place.ZIP})
	t := placeTaxes{PlaceTaxes: taxes}
	switch code := failure.CodeOf(err); {
	case err == nil:
		t.uncovered = !taxes.Covered
	case code != catalogue.UnknownTaxArea && code != catalogue.PlaceNotUnderstood:
		return t, err
	default:
		t.PlaceTaxes = &catalogue.PlaceTaxes{}
		any, err := catalogue.HasTaxes(d.Tx, d.Brand)
		if err != nil {
			return t, err
		}
		if any {
			t.err = unknownPlace(place)
		}
	}
	d.Cache.taxes[key] = t
	return t, nil
}

// unknownPlace names the place and the mend.
func unknownPlace(place catalogue.Place) error {
	return TaxPlaceUnknown.With("COUNTRY %.40q, STATE %.40q: correct the address of whom the bill goes to, or add a [[brand.tax]] for the place, with rate = 0 if no tax is taken there", place.Country, place.State)
}

// Untaxed says which invoice bears no tax, and what to do when it should.
func Untaxed(i *ledger.Invoice, place *catalogue.Place) string {
	return fmt.Sprintf("invoice %s: the tax table has no row for COUNTRY %.40q, STATE %.40q, CITY %.40q, ZIP %.20q; add one, with rate = 0 if no tax is taken there",
		i.Number, place.Country, place.State, place.City, place.ZIP)
}
