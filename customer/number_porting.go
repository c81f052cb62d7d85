package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

// NumberPorting asks for a number to be brought along from another operator
// (NPFLOW, rator-api.md 2.7).
type NumberPorting struct {
	Part
	Subscription store.ID
	Service      store.ID // that has the number now
	Order        store.ID // that waits for the losing operator
	NumberPortingFields
}

// NumberPortingFields are what NPFLOW says. What identifies the customer to the
// losing operator is needed to ask it and never answered.
type NumberPortingFields struct {
	AuthorizedBy            string `key:"AUTHORIZED_BY"`
	BusinessName            string `key:"BUSINESS_NAME"`
	BillFirstName           string `key:"BILL_FIRST_NAME"`
	BillLastName            string `key:"BILL_LAST_NAME"`
	BillStreetName          string `key:"BILL_STREET_NAME"`
	BillStreetNumber        string `key:"BILL_STREET_NUMBER"`
	BillStreetDirection     string `key:"BILL_STREET_DIRECTION_INDICATOR"`
	BillCityName            string `key:"BILL_CITY_NAME"`
	BillStateCode           string `key:"BILL_STATE_CODE"`
	USPSPostalCode          string `key:"USPS_POSTAL_CD"`
	USPSPostalCodeExtension string `key:"USPS_POSTAL_CD_EXTENSION"`
	SSN                     string `key:"SSN" out:"-"`
	TaxID                   string `key:"TAX_ID" out:"-"`
	AccountNumber           string `key:"ACCOUNT_NUMBER" out:"-"` // at the losing operator
	PasswordPIN             string `key:"PASSWORD_PIN" out:"-"`   // at the losing operator
	PhoneNumber             string `key:"PHONE_NUMBER"`           // to bring along
	PortDate                string `key:"PORT_DATE"`              // the literal it came with
}

var numberPortings = define[NumberPorting]("number_porting", UnknownNumberPorting)

// maxPortDays is how far ahead a PORT_DATE may lie.
const maxPortDays = 365

// RequestNumberPorting keeps a port-in for a subscription that is CREATED or
// ACTIVE as a PENDING order, and gives its phone line the number to be ported, so
// that nobody else gets it: the first phone line that has a number, else the first.
// It fails with NUMBER_TAKEN when another service has the number, with
// NUMBER_RESERVED and NUMBER_IN_QUARANTINE when it is kept for another, with
// NO_SERVICE or NO_PHONE_LINE when the subscription has none to give it to, with
// PORT_DATE_OUT_OF_RANGE for a day that is past or more than a year ahead, and
// with ORDER_PENDING while another port-in is.
func RequestNumberPorting(tx store.Tx, brand *catalogue.Brand, subscription store.ID, fields NumberPortingFields) (*NumberPorting, error) {
	sub, a, err := subscriptions.in(tx, brand, subscription)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if sub.State != Created && sub.State != Active {
		return nil, sub.State.refuses(ofSubscription, sub.ID, "get a number by porting")
	}
	if err := fields.checkDate(brand, tx.Now()); err != nil {
		return nil, err
	}
	if fields.PhoneNumber, err = number.Read(tx, brand, "PHONE_NUMBER", fields.PhoneNumber); err != nil {
		return nil, err
	}
	line, err := phoneLine(tx, brand, sub)
	if err != nil {
		return nil, err
	}
	if err := renumber(tx, line, fields.PhoneNumber); err != nil {
		return nil, err
	}
	p := &NumberPorting{Part: Part{Account: a.ID}, Subscription: sub.ID, Service: line.ID, NumberPortingFields: fields}
	if err := numberPortings.Insert(tx, p); err != nil {
		return nil, err
	}
	o, err := order(tx, brand, sub, &Order{Type: PortIn, Identifier: p.PhoneNumber, Number: p.PhoneNumber, Description: p.AuthorizedBy, Porting: p.ID})
	if err != nil {
		return nil, err
	}
	p.Order = o.ID
	return p, numberPortings.Put(tx, p)
}

// renumber gives a line a number to be ported in. The number of a series that it
// had goes back to that; nobody has known it yet, so without quarantine.
func renumber(tx store.Tx, line *Service, phone string) error {
	old := line.Number
	if old == phone && !line.Shared {
		return nil
	}
	inUse, err := number.InUse(tx, phone)
	if err == nil && inUse {
		err = number.Taken.With("%s", phone)
	}
	if err != nil {
		return err
	}
	line.setNumber(phone)
	if err := services.Put(tx, line); err != nil {
		return err
	}
	if err := number.Claim(tx, phone, number.Claimant{Subscription: line.Subscription}); err != nil || old == "" {
		return err
	}
	return number.GiveBack(tx, old)
}

func (f *NumberPortingFields) checkDate(brand *catalogue.Brand, now time.Time) error {
	if f.PortDate == "" {
		return nil
	}
	day, today, err := dayAndToday(brand, "PORT_DATE", f.PortDate, now)
	if err != nil {
		return err
	}
	last, err := time.Parse(time.DateOnly, today)
	if err != nil {
		return err
	}
	if day < today || day > last.AddDate(0, 0, maxPortDays).Format(time.DateOnly) {
		return PortDateOutOfRange.With("PORT_DATE %s must be today, %s, or within %d days", day, today, maxPortDays)
	}
	return nil
}

// returnNumber takes the number of a port-in that came to nothing from the line
// that was to have it, and gives that the next of the product's number series; or
// none, when there is none or it is used up. A number of ours goes back to its
// series.
func returnNumber(tx store.Tx, brand *catalogue.Brand, o *Order) error {
	p, err := numberPortings.Get(tx, o.Porting)
	if err != nil {
		return err
	}
	line, err := services.Get(tx, p.Service)
	if err != nil || line.State == Terminated || line.MSISDN != p.PhoneNumber {
		return err
	}
	ported, drawn := line.Number, ""
	sub, err := subscriptions.Get(tx, o.Subscription)
	if err != nil {
		return err
	}
	product, err := catalogue.ProductConfigByCode(tx, brand, sub.ProductCode)
	if err != nil {
		return err
	}
	if product.NumberSeries != "" {
		drawn, err = number.Free(tx, brand, product.NumberSeries)
		if err != nil && failure.CodeOf(err) != catalogue.NoFreeNumber {
			return err
		}
	}
	line.setNumber(drawn)
	if err := services.Put(tx, line); err != nil {
		return err
	}
	return number.GiveBack(tx, ported)
}

// phoneLine is the service of the product's first type, one with a number first.
func phoneLine(tx store.Tx, brand *catalogue.Brand, sub *Subscription) (*Service, error) {
	product, err := catalogue.ProductConfigByCode(tx, brand, sub.ProductCode)
	if err != nil {
		return nil, err
	}
	lines, err := servicesOf(tx, sub.ID)
	if err != nil {
		return nil, err
	}
	if len(lines) == 0 {
		return nil, NoService.With("%s", sub.ID)
	}
	var line *Service
	for _, s := range lines {
		if s.Code == product.ServiceTypes[0] && (line == nil || line.Number == "") {
			line = s
		}
	}
	if line == nil {
		return nil, NoPhoneLine.With("%s", sub.ID)
	}
	return line, nil
}
