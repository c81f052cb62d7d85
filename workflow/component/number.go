package component

import (
	"rator/catalogue"
	"rator/customer/number"
	"rator/failure"
	"rator/workflow/value"
)

const numberArea = "Number"

func init() {
	register(Component{
		Name: "reserve_number", Area: numberArea,
		Desc: "Keep a phone number of a series for some days: the one named by MSISDN, else the next free one. The series is SERIES_CODE, or that of PRODUCT_CODE.",
		In:   []Param{text("SERIES_CODE"), text("PRODUCT_CODE"), text("MSISDN")},
		Out:  []string{"ID", "SERIES_CODE", "MSISDN", "EXPIRY_DATE", "STATUS"},
		Fails: []*failure.Code{catalogue.UnknownNumberSeries, catalogue.UnknownProductCode, catalogue.NoLongerSold, catalogue.NoFreeNumber,
			number.NotInSeries, number.Taken, number.Reserved, number.InQuarantine},
		Run: reserveNumber,
	})
	register(Component{
		Name: "release_number", Area: numberArea,
		Desc:  "Give a reserved phone number back to its series.",
		In:    []Param{mandatory("RESERVATION_ID")},
		Out:   []string{"ID", "SERIES_CODE", "MSISDN", "EXPIRY_DATE", "STATUS"},
		Fails: []*failure.Code{number.UnknownReservation, number.ReservationExpired, number.ReservationNotOpen},
		Run:   releaseNumber,
	})
}

func reserveNumber(c *Call, in value.Tree) (value.Tree, error) {
	r, err := number.Reserve(c.Tx, c.Brand, number.NewReservation{
		Series: in.Text("SERIES_CODE"), ProductCode: in.Text("PRODUCT_CODE"), MSISDN: in.Text("MSISDN"),
	})
	return reservation(c, r, err)
}

func releaseNumber(c *Call, in value.Tree) (value.Tree, error) {
	id, err := idOf(in, "RESERVATION_ID")
	if err != nil {
		return nil, err
	}
	r, err := number.Release(c.Tx, c.Brand, id)
	return reservation(c, r, err)
}

func reservation(c *Call, r *number.Reservation, err error) (value.Tree, error) {
	if err != nil {
		return nil, err
	}
	c.touch(r.ID)
	t := identified(r.ID, r)
	t.Get("MSISDN").Text, err = number.Write(c.Tx, c.Brand, r.Number)
	return t, err
}
