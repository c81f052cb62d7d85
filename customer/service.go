package customer

import (
	"slices"
	"strings"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/customer/number"
	"rator/store"
)

// Service is a line of a subscription: it holds the phone number and the device
// (rator-api.md 2.2, 2.6). Its state is its subscription's.
type Service struct {
	Part
	Subscription store.ID
	Code         string `key:"CODE"` // a service type of the product: CDMA, SHARED …
	State        State  `key:"STATUS"`
	Number       string // what MSISDN means, in digits of E.164; unique among services that are not TERMINATED
	Shared       bool   `json:",omitempty"` // an older service has the number; this one is found by how it is spelled
	ServiceFields
}

// ServiceFields are what a request may say of a new service.
type ServiceFields struct {
	MSISDN        string `key:"MSISDN"` // as it came to an older version, else Number
	ReservationID string `key:"RESERVATION_ID" out:"-"`
	OrderID       string `key:"ORDER_ID"` // the client's order number
	MEID          string `key:"MEID"`     // the device
	SIMHandle     string `key:"CUSTOM_SIM_HANDLE"`
}

const (
	byLineNumber = "number"
	byShared     = "shared_number"
)

var services = define[Service]("service", UnknownService,
	store.Index[Service]{Name: byLineNumber, Value: (*Service).numberKey, Taken: number.Taken,
		Told: func(s *Service) string { return s.MSISDN }},
	store.Index[Service]{Name: byShared, Value: (*Service).sharedKey},
	store.Index[Service]{Name: record.BySubscription, Value: func(s *Service) string { return s.Subscription.String() }})

// numberKey is a service's place in byLineNumber.
func (s *Service) numberKey() string {
	switch {
	case s.State == Terminated:
		return ""
	case s.Shared:
		return number.Spelling(s.MSISDN)
	}
	return s.Number
}

// sharedKey is a service's place in byShared.
func (s *Service) sharedKey() string {
	if s.State == Terminated || !s.Shared {
		return ""
	}
	return s.Number
}

// setNumber gives a service a number, "" for none.
func (s *Service) setNumber(phone string) { s.MSISDN, s.Number, s.Shared = phone, phone, false }

// NewService is what CreateService needs.
type NewService struct {
	Subscription store.ID
	Code         string // "" = the product's first service type
	ServiceFields
}

// CreateService adds a service to a subscription that is CREATED or ACTIVE, in
// the same state. With RESERVATION_ID it gets the number reserved; without that
// and MSISDN a service of the product's first type gets the next free number of
// the product's number series, when it has one. It fails with NUMBER_TAKEN,
// NUMBER_RESERVED for a number that another reservation holds,
// NUMBER_IN_QUARANTINE, UNKNOWN_RESERVATION, RESERVATION_EXPIRED,
// RESERVATION_NOT_OPEN, RESERVATION_OF_OTHER_NUMBER, NO_FREE_NUMBER, or
// WRONG_SERVICE_TYPE for a code the product does not have.
func CreateService(tx store.Tx, brand *catalogue.Brand, n NewService) (*Service, error) {
	sub, a, err := subscriptions.in(tx, brand, n.Subscription)
	if err != nil {
		return nil, err
	}
	if err := a.open(); err != nil {
		return nil, err
	}
	if sub.State != Created && sub.State != Active {
		return nil, sub.State.refuses(ofSubscription, sub.ID, "get a new service")
	}
	product, err := catalogue.ProductConfigByCode(tx, brand, sub.ProductCode)
	if err != nil {
		return nil, err
	}
	s := &Service{Part: Part{Account: a.ID}, Subscription: sub.ID, Code: n.Code, State: sub.State, ServiceFields: n.ServiceFields}
	if s.Code == "" {
		s.Code = product.ServiceTypes[0]
	}
	if !slices.Contains(product.ServiceTypes, s.Code) {
		return nil, WrongServiceType.With("%s; %s has %s", s.Code, product.Code, strings.Join(product.ServiceTypes, ", "))
	}
	wish := number.Wish{MSISDN: s.MSISDN, Reservation: s.ReservationID, Subscription: sub.ID}
	if s.Code == product.ServiceTypes[0] {
		wish.Series = product.NumberSeries
	}
	chosen, reservation, err := number.Choose(tx, brand, wish)
	if err != nil {
		return nil, err
	}
	s.setNumber(chosen)
	if err := services.Insert(tx, s); err != nil || reservation == nil {
		return s, err
	}
	return s, reservation.Use(tx, s.ID)
}

func servicesOf(tx store.Tx, subscription store.ID) ([]*Service, error) {
	return collect(tx, services.Kind, record.BySubscription, subscription.String())
}
