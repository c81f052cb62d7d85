package customer

import (
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// BillingTerms say how often a billing group is invoiced and how long it has to
// pay.
type BillingTerms struct {
	From         time.Time              // the brand's day, midnight UTC, from which they hold
	BillingCycle catalogue.BillingCycle `key:"BILLING_CYCLE"`
	CreditDays   int                    `key:"CREDIT_DAYS"`
}

// TermsOn are the terms of a billing group on a day, since when, and the day from
// which others hold: zero where none are known to follow.
func (g *BillingGroup) TermsOn(day time.Time) (terms BillingTerms, until time.Time) {
	terms = BillingTerms{BillingCycle: g.BillingCycle, CreditDays: g.CreditDays}
	for _, t := range g.LaterTerms {
		if t.From.After(day) {
			return terms, t.From
		}
		terms = t
	}
	return terms, time.Time{}
}

// SetTerms has a billing group of the brand be billed by other terms from a day on,
// in place of what was to hold from that day or later. Which days can be such a day
// is billing's to say. It fails with WRONG_STATE when the account is CLOSED.
func SetTerms(tx store.Tx, brand *catalogue.Brand, id store.ID, terms BillingTerms) (*BillingGroup, error) {
	g, a, err := billingGroups.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	for n, t := range g.LaterTerms {
		if !t.From.Before(terms.From) {
			g.LaterTerms = g.LaterTerms[:n]
			break
		}
	}
	if now, _ := g.TermsOn(terms.From); now.BillingCycle != terms.BillingCycle || now.CreditDays != terms.CreditDays {
		g.LaterTerms = append(g.LaterTerms, terms)
	}
	if err := billingGroups.Put(tx, g); err != nil {
		return nil, err
	}
	return g, g.tell(tx, termsChanged, brand, event.Text("BILLING_CYCLE", string(terms.BillingCycle)),
		event.JSON("CREDIT_DAYS", terms.CreditDays), event.Time("FROM_DATE", terms.From))
}

// DunningPause says that nothing of a billing group is dunned for a while.
type DunningPause struct {
	Until  time.Time `key:"PAUSED_UNTIL"` // the brand's day, midnight UTC, on which dunning goes on
	Reason string    `key:"PAUSE_REASON"` // for people
}

// DunningPausedOn reports whether a billing group is not dunned on a day.
func (g *BillingGroup) DunningPausedOn(day time.Time) bool {
	return g.DunningPause != nil && day.Before(g.DunningPause.Until)
}

// PauseDunning keeps a billing group of the brand from being dunned, or with nil
// lets dunning go on. A later pause takes the place of the one before. The account
// may be CLOSED: what it owes is dunned too.
func PauseDunning(tx store.Tx, brand *catalogue.Brand, id store.ID, pause *DunningPause) (*BillingGroup, error) {
	g, _, err := billingGroups.in(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if g.DunningPause == nil && pause == nil {
		return g, nil
	}
	g.DunningPause = pause
	if err := billingGroups.Put(tx, g); err != nil {
		return nil, err
	}
	if pause == nil {
		return g, g.tell(tx, dunningResumed, brand)
	}
	return g, g.tell(tx, dunningPaused, brand, event.Time("PAUSED_UNTIL", pause.Until))
}
