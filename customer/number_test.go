package customer_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

// clock is a store's time, for tests in which days pass.
type clock struct{ now atomic.Pointer[time.Time] }

func (c *clock) pass(days int) {
	later := c.now.Load().AddDate(0, 0, days)
	c.now.Store(&later)
}

// openSeries is open with a clock, and a number series of three numbers that are
// reserved for one day and in quarantine for thirty.
func openSeries(t *testing.T) (store.Store, *clock) {
	t.Helper()
	c := &clock{}
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c.now.Store(&start)
	few := strings.Replace(string(catalogue.Demo()), `to = "9999"`, `to = "0002"`, 1)
	few = strings.Replace(few, "reservation_days = 7 ", "reservation_days = 1 ", 1)
	few = strings.Replace(few, "quarantine_days = 90 ", "quarantine_days = 30 ", 1)
	return openWith(t, func() time.Time { return *c.now.Load() }, few), c
}

const (
	first, second, third = "13035550000", "13035550001", "13035550002"
	outside              = "17205550000"
)

func reserve(t *testing.T, s store.Store, wish string) (r *number.Reservation) {
	t.Helper()
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) (err error) {
		r, err = number.Reserve(tx, demo, number.NewReservation{Series: "DENVER", MSISDN: wish})
		return err
	})
	return r
}

func reserving(n number.NewReservation) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := number.Reserve(tx, demo, n)
		return err
	}
}

// line makes a subscription of c with a line.
func line(c sample, msisdn, reservation string, made ...*customer.Service) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		n := customer.NewService{Subscription: sub.ID}
		n.MSISDN, n.ReservationID = msisdn, reservation
		s, err := customer.CreateService(tx, demo, n)
		if err == nil && len(made) > 0 {
			*made[0] = *s
		}
		return err
	}
}

func reactivate(subscription store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ReactivateSubscription(tx, demo, subscription)
		return err
	}
}

func TestReservation(t *testing.T) {
	s, _ := openSeries(t)
	c := signUp(t, s, "aase") // has the first number
	r := reserve(t, s, "+1 303-555-0001")
	want := number.Reservation{Brand: "DEMO", Series: "DENVER", MSISDN: second, Number: second, Expires: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), State: number.Held}
	want.Base = r.Base
	if d := cmp.Diff(&want, r); d != "" {
		t.Errorf("reservation (-want +got):\n%s", d)
	}
	other := reserve(t, s, "")
	if other.MSISDN != third {
		t.Errorf("next number %s, want %s: %s is reserved", other.MSISDN, third, second)
	}
	for _, test := range []struct {
		name string
		want *failure.Code
		run  func(store.Tx, *catalogue.Brand) error
	}{
		{"wish taken", number.Taken, reserving(number.NewReservation{Series: "DENVER", MSISDN: first})},
		{"wish reserved", number.Reserved, reserving(number.NewReservation{Series: "DENVER", MSISDN: second})},
		{"wish of no series", number.NotInSeries, reserving(number.NewReservation{Series: "DENVER", MSISDN: outside})},
		{"wish with a digit too many", failure.InvalidRequest, reserving(number.NewReservation{Series: "DENVER", MSISDN: second + "0"})},
		{"wish that is no number", failure.InvalidRequest, reserving(number.NewReservation{Series: "DENVER", MSISDN: "12"})},
		{"used up", catalogue.NoFreeNumber, reserving(number.NewReservation{ProductCode: "POST_PAID"})},
		{"unknown series", catalogue.UnknownNumberSeries, reserving(number.NewReservation{Series: "GONE"})},
		{"unknown product", catalogue.UnknownProductCode, reserving(number.NewReservation{ProductCode: "GONE"})},
		{"neither", failure.InvalidRequest, reserving(number.NewReservation{})},
		{"line by the number alone", number.Reserved, line(c, second, "")},
		{"line by another reservation", number.ReservationOfOtherNumber, line(c, second, other.ID.String())},
		{"line by no reservation", number.UnknownReservation, line(c, second, "201911121002399346")},
		{"line by nonsense", number.UnknownReservation, line(c, "", "next")},
		{"line by the next number", catalogue.NoFreeNumber, line(c, "", "")},
		{"port-in", number.Reserved, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.RequestNumberPorting(tx, demo, c.subscription, customer.NumberPortingFields{PhoneNumber: second})
			return err
		}},
		{"reservation of another brand", number.UnknownReservation, func(tx store.Tx, _ *catalogue.Brand) error {
			_, err := number.Release(tx, brand(t, tx, "DEMO2"), r.ID)
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, s, test.want, test.run) })
	}

	var got customer.Service
	in(t, s, line(c, "", r.ID.String(), &got))
	if got.MSISDN != second {
		t.Errorf("the reservation gave %s, want %s", got.MSISDN, second)
	}
	refused(t, s, number.ReservationNotOpen, line(c, "", r.ID.String()))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := number.Release(tx, demo, other.ID)
		return err
	})
	refused(t, s, number.ReservationNotOpen, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := number.Release(tx, demo, other.ID)
		return err
	})
	in(t, s, line(c, "", "", &got)) // the released number goes out again, though the series is used up
	if got.MSISDN != third {
		t.Errorf("the next line has %s, want %s", got.MSISDN, third)
	}
}

func TestReservationExpires(t *testing.T) {
	s, days := openSeries(t)
	r, unclaimed := reserve(t, s, first), reserve(t, s, second)
	c := signUp(t, s, "aase") // has the third: the others are reserved
	days.pass(1)
	release := func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := number.Release(tx, demo, r.ID)
		return err
	}
	refused(t, s, number.ReservationExpired, release)
	refused(t, s, number.ReservationExpired, line(c, first, r.ID.String()))
	in(t, s, line(c, first, ""))
	refused(t, s, number.ReservationExpired, release)
	var got customer.Service
	in(t, s, line(c, "", "", &got))
	if got.MSISDN != unclaimed.MSISDN {
		t.Errorf("the last line has %s, want the expired %s", got.MSISDN, unclaimed.MSISDN)
	}
	refused(t, s, catalogue.NoFreeNumber, line(c, "", ""))
}

// Several want the number that a reservation holds, at the same time.
func TestOneTakerOfAReservation(t *testing.T) {
	s, _ := openSeries(t)
	c := signUp(t, s, "aase")
	r := reserve(t, s, "")
	const takers = 8
	errs := make([]error, takers)
	var all sync.WaitGroup
	for i := range takers {
		all.Go(func() {
			errs[i] = s.Update(context.Background(), func(tx store.Tx) error {
				demo, err := catalogue.BrandByKey(tx, "DEMO")
				if err != nil {
					return err
				}
				return line(c, "", r.ID.String())(tx, demo)
			})
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, number.ReservationNotOpen.Error()):
			t.Errorf("error %v, want RESERVATION_NOT_OPEN", err)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d got the number, want 1", won, takers)
	}
}

func TestForeignReservation(t *testing.T) {
	s, _ := openSeries(t)
	c := signUp(t, s, "aase")
	importDemo(t, s, strings.Replace(string(catalogue.Demo()), `key = "DEMO" `, "foreign_reservations = true\nkey = \"DEMO\" ", 1))
	var got customer.Service
	in(t, s, line(c, outside, "201911121002399346", &got))
	if got.MSISDN != outside || got.ReservationID != "201911121002399346" {
		t.Errorf("line has %s by %s", got.MSISDN, got.ReservationID)
	}
	refused(t, s, number.UnknownReservation, line(c, "", "201911121002399346")) // nothing says which number
	r := reserve(t, s, second)
	refused(t, s, number.Reserved, line(c, second, "201911121002399346"))
	refused(t, s, number.ReservationOfOtherNumber, line(c, third, r.ID.String()))
}

func TestQuarantine(t *testing.T) {
	s, days := openSeries(t)
	c := signUp(t, s, "aase")
	in(t, s, terminate(c.subscription))
	port := func(tx store.Tx, demo *catalogue.Brand) error {
		other, err := signUpIn(tx, demo, "otto")
		if err != nil {
			return err
		}
		_, err = customer.RequestNumberPorting(tx, demo, other.subscription, customer.NumberPortingFields{PhoneNumber: first})
		return err
	}
	days.pass(29)
	refused(t, s, number.InQuarantine, line(c, first, ""))
	refused(t, s, number.InQuarantine, port)
	refused(t, s, number.InQuarantine, reserving(number.NewReservation{Series: "DENVER", MSISDN: first}))
	in(t, s, reactivate(c.subscription))
	refused(t, s, number.Taken, line(c, first, ""))

	in(t, s, terminate(c.subscription))
	in(t, s, line(c, "", ""))
	in(t, s, line(c, "", ""))
	refused(t, s, catalogue.NoFreeNumber, line(c, "", ""))
	days.pass(30)
	var got customer.Service
	in(t, s, line(c, "", "", &got))
	if got.MSISDN != first {
		t.Errorf("after quarantine the next line has %s, want %s", got.MSISDN, first)
	}
	refused(t, s, number.Taken, reactivate(c.subscription))
	in(t, s, terminate(got.Subscription))
	refused(t, s, number.InQuarantine, reactivate(c.subscription)) // another had it last
	days.pass(30)
	reserve(t, s, first)
	refused(t, s, number.Reserved, reactivate(c.subscription))
}

// A number that is of no series, ported in once, is nobody's after termination.
func TestNumberOfNoSeriesIsFreeAtOnce(t *testing.T) {
	s, _ := openSeries(t)
	c := signUp(t, s, "aase")
	var got customer.Service
	in(t, s, line(c, outside, "", &got))
	in(t, s, terminate(got.Subscription))
	in(t, s, line(c, outside, ""))
	refused(t, s, number.Taken, reactivate(got.Subscription))
}

// The number that a line had for a port-in is given out again.
func TestPortInGivesTheDrawnNumberBack(t *testing.T) {
	s, _ := openSeries(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RequestNumberPorting(tx, demo, c.subscription, customer.NumberPortingFields{PhoneNumber: outside})
		return err
	})
	var numbers []string
	for range 3 {
		var got customer.Service
		in(t, s, line(c, "", "", &got))
		numbers = append(numbers, got.MSISDN)
	}
	if d := cmp.Diff([]string{second, third, first}, numbers); d != "" {
		t.Errorf("numbers (-want +got):\n%s", d)
	}
}
