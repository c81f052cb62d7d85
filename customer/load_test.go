package customer_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

// loadable is a customer as it is taken from one store to another.
type loadable struct {
	*customer.Whole
	returned     []*number.Returned
	reservations []*number.Reservation
	erasures     []*customer.Erasure
}

func takeOut(t testing.TB, s store.Store, account store.ID) (l loadable) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) (err error) {
		if l.Whole, err = customer.LoadWhole(tx, brand(t, tx, "DEMO"), account); err != nil {
			return err
		}
		if l.returned, err = l.Returned(tx); err != nil {
			return err
		}
		if l.reservations, err = l.Reservations(tx); err != nil {
			return err
		}
		l.erasures, err = l.Erasures(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (l loadable) load(tx store.Tx, demo *catalogue.Brand) error {
	if err := l.Load(tx, demo); err != nil {
		return err
	}
	for _, n := range l.returned {
		if err := n.Load(tx); err != nil {
			return err
		}
	}
	for _, r := range l.reservations {
		if err := r.Load(tx); err != nil {
			return err
		}
	}
	for _, e := range l.erasures {
		if err := e.Load(tx); err != nil {
			return err
		}
	}
	return nil
}

func (l loadable) verify(tx store.Tx) (found []string) {
	report := func(err error) { found = append(found, err.Error()) }
	l.Verify(tx, report)
	for _, n := range l.returned {
		n.Verify(tx, report)
	}
	for _, r := range l.reservations {
		r.Verify(tx, report)
	}
	return found
}

// eventful makes customers of whom something of every kind is kept, and gives their
// accounts.
func eventful(t testing.TB, s store.Store, now *time.Time) []store.ID {
	t.Helper()
	a, b, c := signUp(t, s, "anna"), signUp(t, s, "bo"), signUp(t, s, "cecilie")
	lineFor(t, s, a, a.owner, "13035550199")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.CreateRechargeTicket(tx, demo, a.group, customer.RechargeTicketFields{TicketID: "T-1"}); err != nil {
			return err
		}
		if _, err := customer.ActivateSubscription(tx, demo, a.subscription); err != nil {
			return err
		}
		r, err := number.Reserve(tx, demo, number.NewReservation{ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: a.group, User: a.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		_, err = customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID, ServiceFields: customer.ServiceFields{ReservationID: r.ID.String()}})
		return err
	})
	for _, step := range []func(store.Tx, *catalogue.Brand) error{terminate(b.subscription), closeAccount(b.account), terminate(c.subscription)} {
		in(t, s, step)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.DeleteAccount(tx, demo, c.account)
		return err
	})
	*now = now.AddDate(10, 0, 0)
	in(t, s, erase(b.owner))
	return []store.ID{a.account, b.account, c.account}
}

// TestLoad takes customers from one store to another, where they are the same, and where
// the next one signs up.
func TestLoad(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	from, to := openAt(t, &now), openAt(t, &now)
	kept := func(of loadable) (n int) { return len(of.returned) + len(of.reservations) + len(of.erasures) }
	told, beside := newestEvent(t, to), 0
	last := ""
	for _, account := range eventful(t, from, &now) {
		original := takeOut(t, from, account)
		beside += kept(original)
		if last = original.Account.CustomerNumber; len(original.erasures) == 1 && original.Users[0].Username != "" {
			t.Error("nobody was erased")
		}
		in(t, to, func(tx store.Tx, demo *catalogue.Brand) error { return takeOut(t, from, account).load(tx, demo) })
		loaded := takeOut(t, to, account)
		if diff := cmp.Diff(original, loaded, cmp.AllowUnexported(loadable{})); diff != "" {
			t.Errorf("the loaded customer (-original +loaded):\n%s", diff)
		}
	}
	if beside != 3 { // a number given back by who is not erased, a reservation, an erasure
		t.Errorf("%d things are kept beside the customers, want 3", beside)
	}
	if newestEvent(t, to) != told {
		t.Error("events tell of a load")
	}
	next := takeOut(t, to, signUp(t, to, "dina").account)
	if next.Account.CustomerNumber <= last {
		t.Errorf("customer number %s comes after %s", next.Account.CustomerNumber, last)
	}
	err := to.View(t.Context(), func(tx store.Tx) error {
		n, err := customer.CountCustomers(tx, brand(t, tx, "DEMO"))
		if n != 3 {
			t.Errorf("%d customers are listed, want 3", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func newestEvent(t testing.TB, s store.Store) (newest int64) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) (err error) {
		span, err := tx.EventSpan()
		newest = span.Newest
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return newest
}

// TestLoadIsRefused loads a customer into a store that has something of it already.
func TestLoadIsRefused(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	from, to := openAt(t, &now), openAt(t, &now)
	there := signUp(t, to, "anna")
	for _, name := range []string{"a", "b", "c", "d"} { // so that the numbers differ
		signUp(t, from, name)
	}
	now = now.Add(time.Hour)
	account := signUp(t, from, "karla").account
	has := takeOut(t, to, there.account)
	var reserved, quarantined string
	in(t, to, func(tx store.Tx, demo *catalogue.Brand) error {
		r, err := number.Reserve(tx, demo, number.NewReservation{ProductCode: "POST_PAID"})
		reserved = r.Number
		return err
	})
	gone := signUp(t, to, "gone")
	quarantined = takeOut(t, to, gone.account).Services[0].Number
	in(t, to, terminate(gone.subscription))
	for _, c := range []struct {
		name  string
		want  *failure.Code // nil: an id is taken
		spoil func(w *customer.Whole)
	}{
		{"the account is there", nil, func(w *customer.Whole) { w.Account.ID = there.account }},
		{"a user is there", nil, func(w *customer.Whole) { w.Users[0].ID = there.owner }},
		{"customer number", customer.CustomerNumberTaken, func(w *customer.Whole) { w.Account.CustomerNumber = has.Account.CustomerNumber }},
		{"login", customer.UsernameNotUnique, func(w *customer.Whole) { w.Users[0].Username = "ANNA" }},
		{"phone number", number.Taken, func(w *customer.Whole) { w.Services[0].Number = has.Services[0].Number }},
		{"a number that is reserved", number.Reserved, func(w *customer.Whole) { w.Services[0].Number = reserved }},
		{"a number in quarantine", number.InQuarantine, func(w *customer.Whole) { w.Services[0].Number = quarantined }},
		{"a part of another account", customer.WrongAccount, func(w *customer.Whole) { w.Services[0].Account = there.account }},
		{"another brand", failure.InvalidRequest, func(w *customer.Whole) { w.Account.Brand = "DEMO2" }},
		{"an id to come", failure.InvalidRequest, func(w *customer.Whole) { w.Memberships[0].ID = store.FirstIDAt(now.AddDate(0, 0, 1)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := takeOut(t, from, account)
			c.spoil(l.Whole)
			err := to.Rehearse(t.Context(), func(tx store.Tx) error { return l.load(tx, brand(t, tx, "DEMO")) })
			if c.want == nil {
				if taken, ok := err.(*store.TakenError); !ok || taken.Index != "id" {
					t.Errorf("error %v, want an id to be taken", err)
				}
			} else if failure.CodeOf(err) != c.want {
				t.Errorf("error %v, want %s", err, c.want.Name)
			}
		})
	}
}

// TestVerifyOfOne rehearses customers that are not whole.
func TestVerifyOfOne(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	from, to := openAt(t, &now), openAt(t, &now)
	accounts := eventful(t, from, &now)
	for _, c := range []struct {
		name  string
		want  string // "" = nothing
		of    store.ID
		spoil func(l loadable)
	}{
		{"nothing", "", accounts[0], func(loadable) {}},
		{"nothing of one that ended", "", accounts[1], func(loadable) {}},
		{"no such product", "UNKNOWN_PRODUCT_CODE", accounts[0], func(l loadable) { l.Subscriptions[0].ProductCode = "GONE" }},
		{"owner is nobody", "owner", accounts[0], func(l loadable) { l.Account.Owner = 7 }},
		{"no service", "NO_SERVICE", accounts[0], func(l loadable) { l.Whole.Services = nil }},
		{"a user of another brand", "is of brand DEMO2", accounts[0], func(l loadable) { l.Users[0].Brand = "DEMO2" }},
		{"a reservation used by nobody", "UNKNOWN_SERVICE", accounts[0], func(l loadable) { l.reservations[0].Service = 7 }},
		{"a number that is reserved and in use", "is reserved, and a service has it", accounts[0], func(l loadable) {
			l.reservations[0].State, l.reservations[0].Number = number.Held, l.Services[0].Number
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := takeOut(t, from, c.of)
			c.spoil(l)
			err := to.Rehearse(t.Context(), func(tx store.Tx) error {
				if err := l.load(tx, brand(t, tx, "DEMO")); err != nil {
					return err
				}
				found := l.verify(tx)
				if diff := cmp.Diff(c.want != "", len(found) > 0); diff != "" || c.want != "" && !strings.Contains(strings.Join(found, "\n"), c.want) {
					t.Errorf("it reports %q, want %q", found, c.want)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if newest := newestEvent(t, to); newest != 0 {
		t.Errorf("%d events tell of rehearsals", newest)
	}
}

// TestPassTaken has number series go on behind the numbers that were loaded, and gives
// what is free between them back.
func TestPassTaken(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	from, to := openAt(t, &now), openAt(t, &now)
	var all []sample
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		all = append(all, signUp(t, from, name))
	}
	phone := func(s store.Store, c sample) string {
		t.Helper()
		return takeOut(t, s, c.account).Services[0].Number
	}
	for _, n := range []int{1, 3, 4} {
		in(t, to, func(tx store.Tx, demo *catalogue.Brand) error {
			return takeOut(t, from, all[n].account).load(tx, demo)
		})
	}
	for range 2 { // once more, it changes nothing
		if err := number.PassTaken(t.Context(), to); err != nil {
			t.Fatal(err)
		}
		_ = to.View(t.Context(), func(tx store.Tx) error {
			if n, err := tx.Count("returned_number"); n != 2 {
				t.Errorf("%d numbers are given back, %v, want 2", n, err)
			}
			return nil
		})
	}
	first, err := strconv.Atoi(phone(from, all[0]))
	if err != nil {
		t.Fatal(err)
	}
	if next := phone(to, signUp(t, to, "next")); next != strconv.Itoa(first+5) {
		t.Errorf("the next number is %s, want the one after %s", next, phone(from, all[4]))
	}
	for _, free := range []int{0, 2} {
		in(t, to, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := number.Reserve(tx, demo, number.NewReservation{ProductCode: "POST_PAID", MSISDN: phone(from, all[free])})
			return err
		})
	}
	far := takeOut(t, from, all[0].account) // so far away that the series goes on where it is
	far.Services[0].Number = strconv.Itoa(first + 5_000)
	in(t, to, func(tx store.Tx, demo *catalogue.Brand) error { return far.load(tx, demo) })
	if err := number.PassTaken(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if next := phone(to, signUp(t, to, "after")); next != strconv.Itoa(first+6) {
		t.Errorf("the next number is %s, want %d", next, first+6)
	}
}
