package number

import (
	"time"

	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// Reservation keeps a phone number of a series for whoever names its id,
// RESERVATION_ID, until it expires (rator-api.md 2.6). It belongs to no account.
type Reservation struct {
	store.Base
	Brand   string           // key of its brand
	Series  string           `key:"SERIES_CODE"`
	MSISDN  string           `key:"MSISDN"` // as an older version kept it, else Number
	Number  string           // what MSISDN means, in digits of E.164
	Shared  bool             `json:",omitempty"` // an older reservation holds the number
	Expires time.Time        `key:"EXPIRY_DATE"`
	State   ReservationState `key:"STATUS"`
	Service store.ID         // that got the number; 0 before
}

// ReservationState says what became of a reservation.
type ReservationState string

// A reservation is Held and becomes one of the others, once. One that expired
// stays Held until somebody else wants its number.
const (
	Held     ReservationState = "HELD"
	Used     ReservationState = "USED"
	Released ReservationState = "RELEASED"
	Expired  ReservationState = "EXPIRED"
)

// Values are all states, for who reads one from outside.
func (ReservationState) Values() []string {
	return []string{string(Held), string(Used), string(Released), string(Expired)}
}

const (
	byHeldNumber = "held_number"
	byExpiry     = "expiry" // brand, series and time of those that are Held
)

var reservations = store.Define("number_reservation", UnknownReservation,
	func(r *Reservation) *store.Base { return &r.Base },
	store.Index[Reservation]{Name: byHeldNumber, Taken: Reserved, Value: func(r *Reservation) string {
		if r.State != Held || r.Shared {
			return ""
		}
		return r.Number
	}},
	store.Index[Reservation]{Name: byExpiry, Value: func(r *Reservation) string {
		if r.State != Held {
			return ""
		}
		return store.Compose(r.Brand, r.Series, store.TimeKey(r.Expires))
	}})

// NewReservation is what Reserve needs: a series by its code, or the
// product whose series it is.
type NewReservation struct {
	Series      string
	ProductCode string
	MSISDN      string // the number wished for; "" = the next free one
}

// Reserve keeps a number for as many days as its series says. It fails with
// UNKNOWN_NUMBER_SERIES, also for a product without one, UNKNOWN_PRODUCT_CODE,
// NO_LONGER_SOLD, NO_FREE_NUMBER, and for a number wished for with
// NUMBER_NOT_IN_SERIES, NUMBER_TAKEN, NUMBER_RESERVED or NUMBER_IN_QUARANTINE.
func Reserve(tx store.Tx, brand *catalogue.Brand, n NewReservation) (*Reservation, error) {
	s, err := n.series(tx, brand)
	if err != nil {
		return nil, err
	}
	var number string
	if n.MSISDN == "" {
		number, err = Free(tx, brand, s.Code)
	} else {
		number, err = wishedNumber(tx, brand, s, n.MSISDN)
	}
	if err != nil {
		return nil, err
	}
	days, _ := s.Days()
	r := &Reservation{Brand: brand.Key, Series: s.Code, MSISDN: number, Number: number, Expires: tx.Now().AddDate(0, 0, days), State: Held}
	if err := reservations.Insert(tx, r); err != nil {
		return nil, err
	}
	return r, r.tell(tx, reserved, brand)
}

func (n *NewReservation) series(tx store.Tx, brand *catalogue.Brand) (*catalogue.NumberSeries, error) {
	code := n.Series
	if code == "" {
		if n.ProductCode == "" {
			return nil, failure.InvalidRequest.With("SERIES_CODE or PRODUCT_CODE is missing")
		}
		product, err := catalogue.ProductConfigByCode(tx, brand, n.ProductCode)
		if err != nil {
			return nil, err
		}
		if err := product.CheckSold(); err != nil {
			return nil, err
		}
		if product.NumberSeries == "" {
			return nil, catalogue.UnknownNumberSeries.With("%s has none", product.Code)
		}
		code = product.NumberSeries
	}
	s, err := catalogue.NumberSeriesByCode(tx, brand, code)
	if err != nil {
		return nil, err
	}
	return s, s.CheckSold()
}

func wishedNumber(tx store.Tx, brand *catalogue.Brand, s *catalogue.NumberSeries, wish string) (string, error) {
	number, err := Read(tx, brand, "MSISDN", wish)
	if err != nil {
		return "", err
	}
	if !s.Has(number) {
		return "", NotInSeries.With("%s; %s is %s%s to %s%s", number, s.Code, s.Prefix, s.From, s.Prefix, s.To)
	}
	inUse, err := InUse(tx, number)
	if err == nil && inUse {
		err = Taken.With("%s", number)
	}
	if err != nil {
		return "", err
	}
	return number, Claim(tx, number, Claimant{})
}

// Release gives a reserved number back to its series. It fails with
// UNKNOWN_RESERVATION, RESERVATION_EXPIRED, or RESERVATION_NOT_OPEN when it was
// used or released before.
func Release(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Reservation, error) {
	r, err := reservationIn(tx, brand, id)
	if err != nil {
		return nil, err
	}
	if err := r.open(tx.Now()); err != nil {
		return nil, err
	}
	r.State = Released
	if err := reservations.Put(tx, r); err != nil {
		return nil, err
	}
	if !r.Shared {
		if err := GiveBack(tx, r.Number); err != nil {
			return nil, err
		}
	}
	return r, r.tell(tx, released, brand)
}

// reservationIn treats a reservation of another brand as unknown.
func reservationIn(tx store.Tx, brand *catalogue.Brand, id store.ID) (*Reservation, error) {
	r, err := reservations.Get(tx, id)
	if err == nil && r.Brand != brand.Key {
		return nil, UnknownReservation.With("%s", id)
	}
	return r, err
}

// open says what keeps a reservation from being used.
func (r *Reservation) open(now time.Time) error {
	switch {
	case r.State == Expired, r.State == Held && !now.Before(r.Expires):
		return ReservationExpired.With("%s on %s", r.ID, r.Expires.Format(time.RFC3339))
	case r.State != Held:
		return ReservationNotOpen.With("%s is %s", r.ID, r.State)
	}
	return nil
}

// reservationFor is the reservation that a request for a number names by id; nil
// when it names none, or, in a brand with ForeignReservations, one of another
// system.
func reservationFor(tx store.Tx, brand *catalogue.Brand, number, reservation string) (*Reservation, error) {
	if reservation == "" {
		return nil, nil
	}
	unknown := UnknownReservation.With("%.40s", reservation)
	id, err := store.ParseID(reservation)
	var r *Reservation
	if err == nil {
		r, err = reservationIn(tx, brand, id)
		if err != nil && failure.CodeOf(err) != UnknownReservation {
			return nil, err
		}
	}
	switch {
	case err != nil && brand.ForeignReservations && number != "":
		return nil, nil
	case err != nil:
		return nil, unknown
	case number != "" && number != r.Number:
		return nil, ReservationOfOtherNumber.With("%s, not %s", r.Number, number)
	}
	return r, r.open(tx.Now())
}
