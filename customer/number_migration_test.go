package customer_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// old is when numbers-1.db was made.
var old = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)

// unpackOld gives a copy of a store that has numbers twice; numbers-1.txt says how
// it came to them.
func unpackOld(t testing.TB) string {
	t.Helper()
	packed, err := os.Open("../testdata/store/numbers-1.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "numbers.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(file, z); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

func openOld(t testing.TB, path string, now time.Time) store.Store {
	t.Helper()
	s, err := bolt.Open(path, bolt.Options{Unsynced: true, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// faults is what Verify says, with ids out of it.
func faults(t testing.TB, s store.Store) (all []string) {
	t.Helper()
	report := func(err error) {
		words := strings.Fields(err.Error())
		for i, w := range words {
			if len(w) > 18 && strings.HasPrefix(w, "2026") {
				words[i] = "…" + w[18:]
			} else if len(w) == 18 && strings.HasPrefix(w, "2026") {
				words[i] = "…"
			}
		}
		all = append(all, strings.Join(words, " "))
	}
	if _, err := s.Verify(context.Background(), report); err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx store.Tx) error {
		customer.Verify(store.Looks{Txs: []store.Tx{tx}}, report)
		return nil
	})
	slices.Sort(all)
	return all
}

func view(t testing.TB, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// whose is the username of who has a number in a brand, or the code of the error.
func whose(t testing.TB, tx store.Tx, brandKey, text string) string {
	t.Helper()
	_, u, err := customer.FindByMSISDN(tx, brand(t, tx, brandKey), text)
	switch {
	case err == nil:
		return u.Username
	case failure.CodeOf(err) == nil:
		t.Fatal(err)
	}
	return failure.CodeOf(err).Name
}

func inOrder(texts []string) []string { return slices.Sorted(slices.Values(texts)) }

var sharedInOld = []string{
	"phone number 13035550101 is given back, and a service has it",
	"phone number 13035550001 of service …, spelled 0013035550001, is of service … too, spelled 13035550001: the older has it; give one of them another",
	"phone number 13035550001 of service …, spelled 3035550001, is of service … too, spelled 13035550001: the older has it; give one of them another",
	"phone number 17195550002 of service …, spelled 17195550002, is of service … too, spelled 7195550002: the older has it; give one of them another",
	"phone number 4915112345679 of service …, spelled 4915112345679, is of service … too, spelled 015112345679: the older has it; give one of them another",
}

func TestOldNumbers(t *testing.T) {
	path := unpackOld(t)
	if s, err := bolt.Open(path, bolt.Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "open it for writing once") {
		t.Errorf("for reading it is opened as %v, %v", s, err)
	}
	s := openOld(t, path, old)
	if d := cmp.Diff(inOrder(sharedInOld), faults(t, s)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
	const nobody = "UNKNOWN_CUSTOMER"
	view(t, s, func(tx store.Tx) error {
		for _, test := range []struct{ brand, text, want string }{
			{"US", "13035550001", "aase"}, {"US", "+1 303 555 0001", "aase"}, {"US", "011 1 303 555 0001", "aase"},
			{"US", "3035550001", "bo"}, {"US", "303-555-0001", "bo"}, // as it was before
			{"US", "0013035550001", "cy"},
			{"US", "17195550002", "aase"}, {"US", "7195550002", "aase"}, // the older, whose the number is
			{"US", "3035550003", "cy"}, {"US", "13035550003", "cy"}, {"US", "+13035550003", "cy"},
			{"US", "4155559999", "cy"}, {"US", "+1 415 555 9999", "cy"},
			{"US", "4520999999", "cy"}, {"US", "+45 20 99 99 99", "cy"},
			{"US", "99999", "cy"}, {"US", "99998", nobody},
			{"US", "7205550100", "aase"}, {"US", "17205550100", "aase"}, // of the series without calling code
			{"US", "3035550009", "bo"}, {"US", "13035550009", "bo"}, {"US", "13035550008", nobody}, // ported in
			{"US", "3035550004", "bo"}, {"US", "13035550004", "bo"},
			{"NO", "40000001", "kari"}, {"NO", "4740000001", "kari"}, {"NO", "40000002", "kari"}, {"NO", "0047 40000002", "kari"},
			{"NO", "580000000001", "kari"}, {"NO", "47580000000001", "kari"}, // of a series that no plan lists
			{"DE", "4915112345678", "uwe"}, {"DE", "015112345678", "uwe"}, {"DE", "+49 1511 2345678", "uwe"},
			{"DE", "015112345679", "uwe"}, {"DE", "4915112345679", "uwe"},
			{"NO", "13035550001", nobody}, {"US", "4740000001", nobody},
		} {
			if got := whose(t, tx, test.brand, test.text); got != test.want {
				t.Errorf("%s in %s is %s's, want %s's", test.text, test.brand, got, test.want)
			}
		}
		return nil
	})
}

// A number is given out again in no spelling, also from a series that was kept
// without calling code.
func TestOldNumbersAreTaken(t *testing.T) {
	s := openOld(t, unpackOld(t), old)
	for _, text := range []string{"13035550001", "3035550001", "0013035550001", "+13035550001", "7195550002", "17195550002", "4155559999", "99999"} {
		err := s.Update(context.Background(), func(tx store.Tx) error {
			b := brand(t, tx, "US")
			return newLine(tx, b, "new", text)
		})
		if failure.CodeOf(err) != number.Taken {
			t.Errorf("%s: error %v, want NUMBER_TAKEN", text, err)
		}
	}
	update(t, s, func(tx store.Tx) error {
		us := brand(t, tx, "US")
		for _, test := range []struct {
			text string
			want *failure.Code
		}{
			{"+17205550101", number.Reserved}, {"7205550101", number.Reserved},
			{"13035550100", number.Reserved},
			{"7205550100", number.Taken},
		} {
			_, err := number.Reserve(tx, us, number.NewReservation{Series: map[bool]string{true: "LOCAL", false: "DENVER"}[strings.Contains(test.text, "720")], MSISDN: test.text})
			if failure.CodeOf(err) != test.want {
				t.Errorf("%s: error %v, want %s", test.text, err, test.want.Name)
			}
		}
		// 0100 is a line's, 0101 is reserved, 0102 was released.
		r, err := number.Reserve(tx, us, number.NewReservation{Series: "LOCAL"})
		if err == nil && r.MSISDN != "17205550102" {
			t.Errorf("the next number is %s", r.MSISDN)
		}
		return err
	})
}

// A line that had ended does not come back to a number that another has in another
// spelling, be it the older line or the younger.
func TestOldEndedLines(t *testing.T) {
	s := openOld(t, unpackOld(t), old)
	ended := 0
	update(t, s, func(tx store.Tx) error {
		us := brand(t, tx, "US")
		for _, username := range []string{"aase", "cy"} {
			a, _, err := customer.FindByUsername(tx, us, username)
			if err != nil {
				return err
			}
			w, err := customer.LoadWhole(tx, us, a.ID)
			if err != nil {
				return err
			}
			for _, sub := range w.Subscriptions {
				if sub.State != customer.Terminated {
					continue
				}
				ended++
				if err := tx.Savepoint(func() error {
					_, err := customer.ReactivateSubscription(tx, us, sub.ID)
					return err
				}); failure.CodeOf(err) != number.Taken {
					t.Errorf("%s's: error %v, want NUMBER_TAKEN", username, err)
				}
			}
		}
		return nil
	})
	if ended != 3 {
		t.Errorf("%d ended lines, want 3", ended)
	}
}

// newLine signs a customer up with a line of a number.
func newLine(tx store.Tx, b *catalogue.Brand, username, msisdn string) error {
	a, err := customer.CreateAccount(tx, b, customer.AccountFields{Type: customer.Private})
	if err != nil {
		return err
	}
	u, err := customer.CreateUser(tx, b, customer.NewUser{Account: a.ID, Username: username})
	if err != nil {
		return err
	}
	if _, err := customer.SetOwner(tx, b, a.ID, u.ID); err != nil {
		return err
	}
	g, err := customer.CreateBillingGroup(tx, b, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "LINE"})
	if err != nil {
		return err
	}
	sub, err := customer.CreateSubscription(tx, b, customer.NewSubscription{BillingGroup: g.ID, User: u.ID, ProductCode: "LINE"})
	if err != nil {
		return err
	}
	n := customer.NewService{Subscription: sub.ID}
	n.MSISDN = msisdn
	_, err = customer.CreateService(tx, b, n)
	return err
}

// When the older gives a number up, the next of those who share it has it; when the
// younger does, nothing else changes.
func TestSharedNumberPassesOn(t *testing.T) {
	s := openOld(t, unpackOld(t), old)
	end := func(text string) (subscription store.ID) {
		t.Helper()
		update(t, s, func(tx store.Tx) error {
			us := brand(t, tx, "US")
			a, _, err := customer.FindByMSISDN(tx, us, text)
			if err != nil {
				return err
			}
			w, err := customer.LoadWhole(tx, us, a.ID)
			if err != nil {
				return err
			}
			for _, line := range w.Services {
				if shown, err := line.WriteMSISDN(tx, us); err != nil || shown != text || line.State == customer.Terminated {
					continue
				}
				subscription = line.Subscription
				if line.State == customer.Created {
					if _, err := customer.ActivateSubscription(tx, us, subscription); err != nil {
						return err
					}
				}
			}
			_, err = customer.TerminateSubscription(tx, us, subscription)
			return err
		})
		return subscription
	}
	first := end("13035550001") // aase's
	view(t, s, func(tx store.Tx) error {
		if got := whose(t, tx, "US", "+13035550001") + whose(t, tx, "US", "3035550001") + whose(t, tx, "US", "0013035550001"); got != "bobocy" {
			t.Errorf("the number is now %s's, want bo's, who spelled it so, and cy's", got)
		}
		return nil
	})
	if d := cmp.Diff(inOrder([]string{sharedInOld[0], strings.Replace(sharedInOld[1], "spelled 13035550001", "spelled 3035550001", 1), sharedInOld[3], sharedInOld[4]}), faults(t, s)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
	err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := customer.ReactivateSubscription(tx, brand(t, tx, "US"), first)
		return err
	})
	if failure.CodeOf(err) != number.Taken {
		t.Errorf("error %v, want NUMBER_TAKEN", err)
	}
	third := end("0013035550001") // cy's
	update(t, s, func(tx store.Tx) error {
		_, err := customer.ReactivateSubscription(tx, brand(t, tx, "US"), third)
		return err
	})
	end("0013035550001")
	if d := cmp.Diff(inOrder(slices.Concat(sharedInOld[:1], sharedInOld[3:])), faults(t, s)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
	view(t, s, func(tx store.Tx) error {
		if got := whose(t, tx, "US", "13035550001") + whose(t, tx, "US", "0013035550001"); got != "bobo" {
			t.Errorf("the number is now %s's, want bo's alone", got)
		}
		return nil
	})
}

// A number in quarantine that somebody got in another spelling goes back like any.
func TestOldNumberInQuarantineIsGivenBack(t *testing.T) {
	s := openOld(t, unpackOld(t), old)
	update(t, s, func(tx store.Tx) error {
		us := brand(t, tx, "US")
		a, _, err := customer.FindByMSISDN(tx, us, "+1 303 555 0101")
		if err != nil {
			return err
		}
		w, err := customer.LoadWhole(tx, us, a.ID)
		if err != nil {
			return err
		}
		for _, line := range w.Services {
			if line.Number != "13035550101" || line.State == customer.Terminated {
				continue
			}
			for _, step := range []lifecycleStep{customer.ActivateSubscription, customer.TerminateSubscription} {
				if _, err := step(tx, us, line.Subscription); err != nil {
					return err
				}
			}
			if err := tx.Savepoint(func() error { return newLine(tx, us, "new", "3035550101") }); failure.CodeOf(err) != number.InQuarantine {
				t.Errorf("error %v, want NUMBER_IN_QUARANTINE", err)
			}
			_, err := customer.ReactivateSubscription(tx, us, line.Subscription)
			return err
		}
		t.Error("the line is not there")
		return nil
	})
	if d := cmp.Diff(inOrder(sharedInOld[1:]), faults(t, s)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
}

// Porting another number in is what mends a shared one.
func TestPortInMendsASharedNumber(t *testing.T) {
	s := openOld(t, unpackOld(t), old)
	port := func(digits string) error {
		return s.Update(t.Context(), func(tx store.Tx) error {
			us := brand(t, tx, "US")
			a, _, err := customer.FindByMSISDN(tx, us, "0013035550001")
			if err != nil {
				return err
			}
			w, err := customer.LoadWhole(tx, us, a.ID)
			if err != nil {
				return err
			}
			_, err = customer.RequestNumberPorting(tx, us, w.Services[0].Subscription, customer.NumberPortingFields{PhoneNumber: digits})
			return err
		})
	}
	for _, taken := range []string{"13035550001", "3035550001", "0013035550001"} {
		if err := port(taken); failure.CodeOf(err) != number.Taken {
			t.Errorf("%s: error %v, want NUMBER_TAKEN", taken, err)
		}
	}
	if err := port("(970) 555-0007"); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(inOrder(slices.Concat(sharedInOld[:1], sharedInOld[2:])), faults(t, s)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
}

// A port-in that an older version asked for is taken back.
func TestOldPortInIsCancelled(t *testing.T) {
	s := openOld(t, unpackOld(t), old)
	update(t, s, func(tx store.Tx) error {
		us := brand(t, tx, "US")
		a, _, err := customer.FindByMSISDN(tx, us, "+1 303 555 0009")
		if err != nil {
			return err
		}
		w, err := customer.LoadWhole(tx, us, a.ID)
		if err != nil {
			return err
		}
		if len(w.Orders) != 1 {
			t.Fatalf("%d orders", len(w.Orders))
		}
		_, err = customer.SettleOrder(tx, us, w.Orders[0].ID, customer.Failed, "")
		if err == nil && whose(t, tx, "US", "3035550009") != "UNKNOWN_CUSTOMER" {
			t.Error("the line still has the number")
		}
		return err
	})
	if d := cmp.Diff(inOrder(sharedInOld), faults(t, s)); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
}

// What was migrated stays as it is, whenever the store is opened.
func TestOldNumbersAreMigratedOnce(t *testing.T) {
	path := unpackOld(t)
	for range 2 {
		s := openOld(t, path, old)
		if d := cmp.Diff(inOrder(sharedInOld), faults(t, s)); d != "" {
			t.Errorf("faults (-want +got):\n%s", d)
		}
		if err := errors.Join(s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	s, err := bolt.Open(path, bolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
