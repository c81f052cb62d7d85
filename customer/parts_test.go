package customer_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func TestDrawnNumbersPassTakenOnes(t *testing.T) {
	s := open(t)
	var got []string
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		c, err := signUpIn(tx, demo, "aase") // draws …0000
		if err != nil {
			return err
		}
		for _, msisdn := range []string{"+1 303-555-0001", "13035550002", "", ""} {
			n := customer.NewService{Subscription: c.subscription}
			n.MSISDN = msisdn
			line, err := customer.CreateService(tx, demo, n)
			if err != nil {
				return err
			}
			got = append(got, line.MSISDN)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"13035550001", "13035550002", "13035550003", "13035550004"}, got); diff != "" {
		t.Errorf("numbers (-want +got):\n%s", diff)
	}
}

func TestFind(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	update(t, s, func(tx store.Tx) error {
		_, err := signUpIn(tx, brand(t, tx, "DEMO2"), "otto")
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, Username: "child"})
		return err
	})
	for _, test := range []struct {
		name   string
		find   func(store.Tx, *catalogue.Brand, string) (*customer.Account, *customer.User, error)
		by     string
		number string // of the account found
		role   customer.Role
	}{
		{"customer number", customer.FindByCustomerNumber, "100001", "100001", customer.OwnerRole},
		{"customer number with spaces", customer.FindByCustomerNumber, " 100001 ", "100001", customer.OwnerRole},
		{"no customer number", customer.FindByCustomerNumber, "100002", "", ""},
		{"empty customer number", customer.FindByCustomerNumber, "", "", ""},
		{"number", customer.FindByMSISDN, "+1 303-555-0000", "100001", customer.OwnerRole},
		{"no such number", customer.FindByMSISDN, "13035550009", "", ""},
		{"empty number", customer.FindByMSISDN, "", "", ""},
		{"another brand's number", customer.FindByMSISDN, "4799900000", "", ""},
		{"username", customer.FindByUsername, "AASE", "100001", customer.OwnerRole},
		{"username of another user", customer.FindByUsername, "child", "100001", customer.UserRole},
		{"another brand's username", customer.FindByUsername, "otto", "", ""},
		{"empty username", customer.FindByUsername, " ", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				a, u, err := test.find(tx, demo, test.by)
				if test.number == "" {
					if failure.CodeOf(err) != customer.UnknownCustomer {
						t.Errorf("error %v, want UNKNOWN_CUSTOMER", err)
					}
					return nil
				}
				if err == nil && (a.CustomerNumber != test.number || a.RoleOf(u.ID) != test.role) {
					t.Errorf("found %s as %s, want %s as %s", a.CustomerNumber, a.RoleOf(u.ID), test.number, test.role)
				}
				return err
			})
		})
	}
}

func TestPasswords(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "Aase")
	check := func(login, plain string) (id store.ID, err error) {
		err = s.View(t.Context(), func(tx store.Tx) error {
			_, u, err := customer.CheckPassword(tx, brand(t, tx, "DEMO"), login, plain)
			if err == nil {
				id = u.ID
			}
			return err
		})
		return id, err
	}
	if id, err := check("aase", "secret"); err != nil || id != c.owner {
		t.Errorf("right password: %s, %v; want %s", id, err, c.owner)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, Username: "nohash"})
		return err
	})
	for login, plain := range map[string]string{"aase": "Secret", "otto": "secret", "": "", "nohash": ""} {
		if _, err := check(login, plain); failure.CodeOf(err) != customer.WrongPassword || err.Error() != customer.WrongPassword.Error().Error() {
			t.Errorf("%q with %q: %v, want WRONG_PASSWORD and no more", login, plain, err)
		}
	}

	refused(t, s, customer.PasswordNotHashed, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.SetPasswordHash(tx, demo, c.owner, "other")
		return err
	})
	const otherHash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc" // of "password"
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.SetPasswordHash(tx, demo, c.owner, otherHash)
		return err
	})
	if _, err := check("aase", "secret"); failure.CodeOf(err) != customer.WrongPassword {
		t.Errorf("old password after a change: %v, want WRONG_PASSWORD", err)
	}
	if _, err := check("aase", "password"); err != nil {
		t.Errorf("new password: %v", err)
	}
}

func TestUpdateUserChangesWhatItIsGiven(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		before, err := customer.UserByID(tx, demo, c.owner)
		if err != nil {
			return err
		}
		want := *before
		want.City, want.Birthday, want.Version = "Oslo", "1980-01-31T00:00:00+01:00", before.Version+1
		want.Modified = tx.Now()
		want.PlacesBefore = []customer.PlaceUntil{{Place: catalogue.Place{Country: "US"}, Until: tx.Now()}}
		if _, err := customer.UpdateUser(tx, demo, c.owner, func(f *customer.UserFields) error {
			f.City, f.Birthday = "Oslo", "1980-01-31T00:00:00+01:00"
			return nil
		}); err != nil {
			return err
		}
		after, err := customer.UserByID(tx, demo, c.owner)
		if diff := cmp.Diff(&want, after); diff != "" {
			t.Errorf("user (-want +got):\n%s", diff)
		}
		return err
	})
}

func TestRechargeTicket(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	create := func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CreateRechargeTicket(tx, demo, c.group, customer.RechargeTicketFields{Reference: "123:456", RechargeAmount: "20.00"})
		return err
	}
	refused(t, s, customer.UnknownRechargeTicket, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.RechargeTicketOf(tx, demo, c.group)
		return err
	})
	in(t, s, create)
	refused(t, s, customer.RechargeTicketExists, create)
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		got, err := customer.RechargeTicketOf(tx, demo, c.group)
		if err != nil {
			return err
		}
		want := customer.RechargeTicketFields{TicketID: "123:456", Reference: "123:456", TicketType: "BASE", RechargeAmount: "20.00"}
		if diff := cmp.Diff(want, got.RechargeTicketFields); diff != "" {
			t.Errorf("ticket (-want +got):\n%s", diff)
		}
		return nil
	})
}

func TestOptions(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	add := func(ids ...string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := takeOptions(tx, demo, c.subscription, ids)
			return err
		}
	}
	wantOptions := func(want ...string) {
		t.Helper()
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			w, err := customer.LoadWhole(tx, demo, c.account)
			if err != nil {
				return err
			}
			var got []string
			for _, o := range w.OptionsOf(c.subscription) {
				got = append(got, o.OptionKey)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("options (-want +got):\n%s", diff)
			}
			return nil
		})
	}
	in(t, s, add(planA, data500))
	wantOptions("PLAN_A", "BWW_DATA_500")
	refused(t, s, catalogue.OptionsExcludeEachOther, add(planB)) // it has a plan
	refused(t, s, customer.OptionTaken, add(planA))
	in(t, s, add(voiceMail))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, c.subscription)
		return err
	})
	wantOptions()
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ReactivateSubscription(tx, demo, c.subscription)
		return err
	})
	wantOptions("PLAN_A", "BWW_DATA_500", "VOICE_MAIL")
}

func TestNumberPortingMovesTheNumber(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		p, err := customer.RequestNumberPorting(tx, demo, c.subscription, customer.NumberPortingFields{PhoneNumber: "+1 720-555-0000", PortDate: tx.Now().AddDate(0, 0, 7).Format(time.DateOnly)})
		if err != nil {
			return err
		}
		if p.Service != c.service || p.PhoneNumber != "17205550000" {
			t.Errorf("ported %s to service %s, want 17205550000 to %s", p.PhoneNumber, p.Service, c.service)
		}
		if _, _, err = customer.FindByMSISDN(tx, demo, "13035550000"); failure.CodeOf(err) != customer.UnknownCustomer {
			t.Errorf("old number: %v, want UNKNOWN_CUSTOMER", err)
		}
		_, _, err = customer.FindByMSISDN(tx, demo, "17205550000")
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID, Code: "SHARED"}); err != nil {
			return err
		}
		line, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID})
		if err != nil {
			return err
		}
		p, err := customer.RequestNumberPorting(tx, demo, sub.ID, customer.NumberPortingFields{PhoneNumber: "17205550002"})
		if err == nil && p.Service != line.ID {
			t.Errorf("ported to service %s, want the phone line %s", p.Service, line.ID)
		}
		return err
	})
	refused(t, s, customer.NoService, func(tx store.Tx, demo *catalogue.Brand) error {
		sub, err := customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: c.group, User: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		_, err = customer.RequestNumberPorting(tx, demo, sub.ID, customer.NumberPortingFields{PhoneNumber: "17205550001"})
		return err
	})
}

func TestChangeBillingGroup(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		second, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: c.account, Owner: c.owner, ProductCode: "POST_PAID"})
		if err != nil {
			return err
		}
		for range 2 { // the second time there is nothing to do
			if err := customer.ChangeBillingGroup(tx, demo, c.subscription, second.ID); err != nil {
				return err
			}
		}
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		if n := len(w.Memberships); n != 2 || w.Memberships[0].Open() || !w.Memberships[1].Open() {
			t.Errorf("%d memberships %+v, want a closed and an open one", n, w.Memberships)
		}
		if len(w.SubscriptionsOf(c.group)) != 0 || len(w.SubscriptionsOf(second.ID)) != 1 {
			t.Error("the subscription did not move")
		}
		prepaid, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: c.account, Owner: c.owner, ProductCode: "PRE_PAID_CARD"})
		if err != nil {
			return err
		}
		if err := customer.ChangeBillingGroup(tx, demo, c.subscription, prepaid.ID); failure.CodeOf(err) != customer.WrongBillingGroupType {
			t.Errorf("to a prepaid group: %v, want WRONG_BILLING_GROUP_TYPE", err)
		}
		return nil
	})
}
