package number

import (
	"rator/catalogue"
	"rator/event"
	"rator/store"
)

// What is told of numbers.
var (
	reservationKey = event.Key{Name: "RESERVATION_ID", Type: event.OfID, Desc: "The reservation, which belongs to no account."}
	msisdnKey      = event.Key{Name: "MSISDN", Type: event.OfText, Desc: "The phone number, as the brand writes it."}

	reserved = event.Declare("number.reserved", "a phone number is kept for whoever names the reservation",
		reservationKey.Name, reservationKey, msisdnKey)
	released = event.Declare("number.released", "a phone number that was kept was given back",
		reservationKey.Name, reservationKey, msisdnKey)
)

// tell tells of a reservation.
func (r *Reservation) tell(tx store.Tx, t *event.Topic, brand *catalogue.Brand) error {
	number, err := Write(tx, brand, r.Number)
	if err != nil {
		return err
	}
	return t.Emit(tx, event.Whose{Brand: brand.Key}, event.ID(reservationKey.Name, r.ID), event.Text(msisdnKey.Name, number))
}
