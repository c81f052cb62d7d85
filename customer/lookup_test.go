package customer_test

import (
	"strings"
	"testing"
	"time"

	"rator/catalogue"
	"rator/customer"
	"rator/event"
	"rator/store"
)

func TestBrandAndAccountOf(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		for _, ids := range [][]store.ID{{c.account}, {1, c.owner}, {c.subscription}} {
			if got, err := customer.BrandAndAccountOf(tx, ids); err != nil || got != (event.Whose{Brand: demo.Key, Account: c.account}) {
				t.Errorf("%v are of %+v, %v", ids, got, err)
			}
		}
		for _, ids := range [][]store.ID{nil, {1}} {
			if got, err := customer.BrandAndAccountOf(tx, ids); err != nil || got != (event.Whose{}) {
				t.Errorf("%v are of %+v, %v", ids, got, err)
			}
		}
		return nil
	})
}

// TestNoTokenStaysInEvents: once a token counts no longer, it is nowhere in the store.
func TestNoTokenStaysInEvents(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(t *testing.T, s store.Store, user store.ID, token string, now *time.Time)
	}{
		{"redeemed", func(t *testing.T, s store.Store, _ store.ID, token string, _ *time.Time) {
			in(t, s, redeem("bo", token, otherHash))
		}},
		{"replaced", func(t *testing.T, s store.Store, _ store.ID, _ string, _ *time.Time) {
			askForPassword(t, s, "DEMO", "bo")
		}},
		{"another password", func(t *testing.T, s store.Store, user store.ID, _ string, _ *time.Time) {
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := customer.SetPasswordHash(tx, demo, user, otherHash)
				return err
			})
		}},
		{"deleted", func(t *testing.T, s store.Store, user store.ID, _ string, _ *time.Time) {
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := customer.DeleteUser(tx, demo, user)
				return err
			})
		}},
		{"erased", func(t *testing.T, s store.Store, user store.ID, _ string, now *time.Time) {
			*now = now.AddDate(20, 0, 0)
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				_, err := customer.ErasePerson(tx, demo, user)
				return err
			})
		}},
		{"expired", func(t *testing.T, s store.Store, _ store.ID, _ string, now *time.Time) {
			*now = now.Add(customer.NewPasswordLife)
			if n, err := event.EndOldSecrets(t.Context(), s); n != 1 || err != nil {
				t.Errorf("%d secrets ended, %v", n, err)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			s := openAt(t, &now)
			c := signUp(t, s, "aase")
			var user store.ID
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, Username: "bo", PasswordHash: secretHash})
				user = u.ID
				return err
			})
			token := askForPassword(t, s, "DEMO", "bo")
			holding := func() (n int) {
				in(t, s, func(tx store.Tx, _ *catalogue.Brand) error {
					events, err := tx.EventsAfter(0, 1000)
					for n = 0; len(events) > 0; events = events[1:] {
						n += strings.Count(string(events[0].Body), token)
					}
					return err
				})
				return n
			}
			if holding() != 1 {
				t.Fatal("no event has the token")
			}
			test.end(t, s, user, token, &now)
			if holding() != 0 {
				t.Error("the token stays in an event")
			}
		})
	}
}
