package customer

import (
	"time"

	"rator/catalogue"
	"rator/event"
	"rator/store"
)

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
