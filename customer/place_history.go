package customer

import (
	"slices"
	"time"

	"rator/catalogue"
	"rator/store"
)

// What is billed for a day is taxed where the bill went to on that day, whenever the
// bill is made. So a user keeps where it was before, and a billing group whom its
// bills went to before: each up to the moment of the change, whose day is the new
// place's already. Without a history, as in stores of older versions, what is now was
// always.

// PlaceUntil is where a user was until a moment, as far as it matters for taxes.
type PlaceUntil struct {
	catalogue.Place // as the client wrote it
	Until           time.Time
}

// ReceiverUntil says whom the bills of a billing group went to until a moment: a user
// of the account, or, once that user is deleted, where the user was.
type ReceiverUntil struct {
	User  store.ID         `json:",omitzero"`
	Place *catalogue.Place `json:",omitempty"`
	Until time.Time
}

// place is where a user is.
func (u *User) place() catalogue.Place {
	return catalogue.Place{Country: u.Country, State: u.State, City: u.City, ZIP: u.ZIP}
}

// movedFrom notes where a user was before a change, when that matters for taxes. What
// was changed on one day only matters as it was before that day.
func (u *User) movedFrom(tx store.Tx, brand *catalogue.Brand, was catalogue.Place) {
	if was.Understood(brand) == u.place().Understood(brand) {
		return
	}
	if n := len(u.PlacesBefore); n > 0 && brand.Day(u.PlacesBefore[n-1].Until).Equal(brand.Day(tx.Now())) {
		return
	}
	u.PlacesBefore = append(u.PlacesBefore, PlaceUntil{was, tx.Now()})
}

// Receiver is the user whom the bills of the group go to.
func (g *BillingGroup) Receiver() store.ID {
	if g.BillingAddress != 0 {
		return g.BillingAddress
	}
	return g.Owner
}

// redirected notes whom bills went to before a change.
func (g *BillingGroup) redirected(tx store.Tx, brand *catalogue.Brand, was store.ID) {
	if was == g.Receiver() {
		return
	}
	if n := len(g.ReceiversBefore); n > 0 && brand.Day(g.ReceiversBefore[n-1].Until).Equal(brand.Day(tx.Now())) {
		return
	}
	g.ReceiversBefore = append(g.ReceiversBefore, ReceiverUntil{User: was, Until: tx.Now()})
}

// PlaceSpan is where the bill of some days goes to: From is the first, Until the day
// after the last, midnights in UTC as catalogue.Brand.Day gives them.
type PlaceSpan struct {
	catalogue.Place
	From, Until time.Time
}

// Places says where the bills of a group go to, for the days from until before until:
// spans that follow each other, most often one.
func (w *Whole) Places(brand *catalogue.Brand, g *BillingGroup, from, until time.Time) []PlaceSpan {
	var spans []PlaceSpan
	for _, r := range g.ReceiversBefore {
		end := earlier(brand.Day(r.Until), until)
		if !from.Before(end) {
			continue
		}
		if r.Place != nil {
			spans = append(spans, PlaceSpan{*r.Place, from, end})
		} else {
			spans = append(spans, w.User(r.User).places(brand, from, end)...)
		}
		from = end
	}
	if from.Before(until) {
		spans = append(spans, w.User(g.Receiver()).places(brand, from, until)...)
	}
	return spans
}

// places says where a user is on some days; nobody is nowhere, which is in the brand's
// country.
func (u *User) places(brand *catalogue.Brand, from, until time.Time) []PlaceSpan {
	if u == nil {
		return []PlaceSpan{{catalogue.Place{}, from, until}}
	}
	var spans []PlaceSpan
	for _, p := range u.PlacesBefore {
		if end := earlier(brand.Day(p.Until), until); from.Before(end) {
			spans = append(spans, PlaceSpan{p.Place, from, end})
			from = end
		}
	}
	if from.Before(until) {
		spans = append(spans, PlaceSpan{u.place(), from, until})
	}
	return spans
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// keepPlaces has billing groups whose bills went to a user remember where that was,
// since the user is deleted.
func (w *Whole) keepPlaces(tx store.Tx, u *User) error {
	for _, g := range w.BillingGroups {
		if !slices.ContainsFunc(g.ReceiversBefore, func(r ReceiverUntil) bool { return r.User == u.ID }) {
			continue
		}
		var kept []ReceiverUntil
		for _, r := range g.ReceiversBefore {
			if r.User != u.ID {
				kept = append(kept, r)
				continue
			}
			for _, p := range u.PlacesBefore {
				if p.Until.Before(r.Until) && (len(kept) == 0 || p.Until.After(kept[len(kept)-1].Until)) {
					kept = append(kept, ReceiverUntil{Place: &p.Place, Until: p.Until})
				}
			}
			kept = append(kept, ReceiverUntil{Place: u.placeAt(r.Until), Until: r.Until})
		}
		g.ReceiversBefore = kept
		if err := billingGroups.Put(tx, g); err != nil {
			return err
		}
	}
	return nil
}

// placeAt is where a user was just before a moment.
func (u *User) placeAt(t time.Time) *catalogue.Place {
	for _, p := range u.PlacesBefore {
		if !p.Until.Before(t) {
			return &p.Place
		}
	}
	place := u.place()
	return &place
}

// forgetPlaces leaves the country of where bills of the user's billing groups went to
// while users had them who are deleted.
func (w *Whole) forgetPlaces(tx store.Tx, u *User) error {
	for _, g := range w.BillingGroups {
		changed := false
		for n, r := range g.ReceiversBefore {
			if r.Place != nil && g.Owner == u.ID {
				country, _ := catalogue.Country(r.Place.Country)
				g.ReceiversBefore[n].Place = &catalogue.Place{Country: country}
				changed = true
			}
		}
		if !changed {
			continue
		}
		if err := billingGroups.Put(tx, g); err != nil {
			return err
		}
	}
	return nil
}
