package customer_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func deleteUser(id store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.DeleteUser(tx, demo, id)
		return err
	}
}

func erase(id store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.ErasePerson(tx, demo, id)
		return err
	}
}

func terminate(id store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, id)
		return err
	}
}

func closeAccount(id store.ID) func(store.Tx, *catalogue.Brand) error {
	return func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.CloseAccount(tx, demo, id)
		return err
	}
}

// lineFor gives a user of a customer a line whose number is ported in.
func lineFor(t testing.TB, s store.Store, c sample, user store.ID, number string) (subscription store.ID) {
	t.Helper()
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		n := customer.NewSubscription{BillingGroup: c.group, User: user, ProductCode: "POST_PAID"}
		n.DeliveryAddress = user
		sub, err := customer.CreateSubscription(tx, demo, n)
		if err != nil {
			return err
		}
		subscription = sub.ID
		if _, err := customer.CreateService(tx, demo, customer.NewService{Subscription: sub.ID, ServiceFields: customer.ServiceFields{MEID: "secret device"}}); err != nil {
			return err
		}
		_, err = customer.RequestNumberPorting(tx, demo, sub.ID, customer.NumberPortingFields{AuthorizedBy: "secret Bo", SSN: "secret number", PhoneNumber: number})
		return err
	})
	return subscription
}

func TestDeleteUser(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	bo := addUser(t, s, c.account, person("bo", "Bo", "Berg", "", "bo@example.com", ""))
	sub := lineFor(t, s, c, bo, "17205550000")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.ActivateSubscription(tx, demo, sub); err != nil {
			return err
		}
		_, err := customer.BlockSubscription(tx, demo, sub, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: customer.BlockByCustomer}, By: "till", Reason: "Bo is ill"})
		return err
	})

	refused(t, s, customer.UserIsOwner, deleteUser(c.owner))
	refused(t, s, customer.UserHasSubscription, deleteUser(bo))
	refused(t, s, customer.UnknownUser, deleteUser(c.account))
	in(t, s, terminate(sub))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.SetDeliveryAddress(tx, demo, c.account, bo); err != nil {
			return err
		}
		_, err := customer.SetBillingAddress(tx, demo, c.group, bo)
		return err
	})
	refused(t, s, customer.UserIsBillingAddress, deleteUser(bo))
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.SetBillingAddress(tx, demo, c.group, 0)
		return err
	})
	in(t, s, deleteUser(bo))

	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if err := customer.CheckAccount(tx, demo, c.account); err != nil {
			return err
		}
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		if u := w.Subscription(sub).User; u != c.owner || w.Account.DeliveryAddress != 0 || w.Subscription(sub).DeliveryAddress != 0 {
			t.Errorf("subscription of %s, delivered to %s and %s; want it of %s, delivered nowhere", u, w.Account.DeliveryAddress, w.Subscription(sub).DeliveryAddress, c.owner)
		}
		if diff := cmp.Diff(customer.NumberPortingFields{}, w.NumberPortings[0].NumberPortingFields); diff != "" {
			t.Errorf("port-in (-want +got):\n%s", diff)
		}
		if blocks := w.Subscription(sub).Blocks; len(blocks) != 1 || blocks[0].By != "till" || blocks[0].Reason != "" {
			t.Errorf("blocks %+v, want one by till without a reason", blocks)
		}
		return nil
	})
	addUser(t, s, c.account, person("BO", "", "", "", "", "")) // the username is free
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {  // and the line can live again
		_, err := customer.ReactivateSubscription(tx, demo, sub)
		return err
	})
}

// TestEraseLeavesNothing: after a person is erased nothing that was said of them
// is in a record or an index.
func TestEraseLeavesNothing(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := openAt(t, &now)
	c := signUp(t, s, "aase")
	bo := addUser(t, s, c.account, customer.NewUser{Username: "secret name", PasswordHash: secretHash, UserFields: secretFields()})
	sub := lineFor(t, s, c, bo, "17205550000")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.UpdateBillingGroup(tx, demo, c.group, func(f *customer.BillingGroupFields) error {
			*f = customer.BillingGroupFields{Name: "secret group", BankAccountNumber: "secret", BankRegNumber: "secret", BankIdentifierCode: "secret", IBANNumber: "secret", PBSNumber: "secret", EANNumber: "secret"}
			return nil
		})
		if err != nil {
			return err
		}
		if _, err := customer.CreateRechargeTicket(tx, demo, c.group, customer.RechargeTicketFields{TicketID: "secret ticket"}); err != nil {
			return err
		}
		_, err = customer.ChangeOwner(tx, demo, customer.Ownership{Account: c.account, BillingGroup: c.group}, bo)
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		if _, err := customer.ActivateSubscription(tx, demo, sub); err != nil {
			return err
		}
		_, err := customer.BlockSubscription(tx, demo, sub, customer.NewBlock{BlockFields: customer.BlockFields{BlockType: customer.BlockByOperator}, By: "till", Reason: "secret reason"})
		return err
	})
	in(t, s, terminate(sub))
	in(t, s, terminate(c.subscription))
	in(t, s, closeAccount(c.account))

	now = now.AddDate(0, 0, 1825).Add(-time.Second)
	refused(t, s, customer.RetentionNotOver, erase(bo))
	if n := secrets(t, s); n < 10 {
		t.Fatalf("only %d records have a secret", n)
	}
	now = now.Add(time.Second)
	for range 2 { // again there is nothing to do
		in(t, s, erase(bo))
	}
	if n := secrets(t, s); n > 0 {
		t.Errorf("%d records still have a secret", n)
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		if len(w.RechargeTickets) != 0 || w.BillingGroups[0].Name != "100001-2" || w.Account.Owner != bo {
			t.Errorf("tickets %v, billing group %s, owner %s", w.RechargeTickets, w.BillingGroups[0].Name, w.Account.Owner)
		}
		return customer.CheckAccount(tx, demo, c.account)
	})
}

// secretFields has something to hide in every text.
func secretFields() customer.UserFields {
	return customer.UserFields{Company: "secret", Title: "secret", FirstName: "secret", LastName: "secret", Street: "secret", StreetNumber: "secret", City: "secret", ZIP: "secret",
		State: "secret", Country: "DE", Phone1: "secret", Phone2: "secret", Phone3: "secret", Fax: "secret", Email: "secret@example.com", Email2: "secret@example.com",
		Birthday: "secret", PersonalID: "secret 1", VATNumber: "secret"}
}

// secrets counts the records, and places in an index, that have something of the
// person in them: each text begins with "secret", the number is 17205550000.
func secrets(t testing.TB, s store.Store) (n int) {
	t.Helper()
	has := func(doc []byte) bool {
		return bytes.Contains(doc, []byte("secret")) || bytes.Contains(doc, []byte("17205550000"))
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		for _, kind := range store.Infos() {
			records, err := tx.Scan(kind.Name, 0, 1000)
			if err != nil {
				return err
			}
			for _, r := range records {
				if has(r.Doc) {
					n++
				}
				keys, err := kind.Keys(r.Doc)
				if err != nil {
					return err
				}
				for _, key := range keys {
					if has([]byte(key.Value)) {
						n++
					}
				}
			}
		}
		return nil
	})
	return n
}

// TestRetentionRuns: from when a person is not needed any more, and for whom.
func TestRetentionRuns(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		name string
		ends func(t *testing.T, s store.Store, c sample, bo store.ID, now *time.Time) // from day 100 on
		want time.Time                                                                // when it ends
	}{
		{"of a user who was never needed", func(*testing.T, store.Store, sample, store.ID, *time.Time) {}, start},
		{"of a former owner", func(t *testing.T, s store.Store, c sample, bo store.ID, _ *time.Time) {
			for _, user := range []store.ID{bo, c.owner} {
				in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
					_, err := customer.ChangeOwner(tx, demo, customer.Ownership{Account: c.account}, user)
					return err
				})
			}
		}, start.AddDate(0, 0, 100)},
		{"of a former owner of a billing group", func(t *testing.T, s store.Store, c sample, bo store.ID, _ *time.Time) {
			for _, user := range []store.ID{bo, c.owner} {
				in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
					_, err := customer.ChangeOwner(tx, demo, customer.Ownership{BillingGroup: c.group}, user)
					return err
				})
			}
		}, start.AddDate(0, 0, 100)},
		{"of a former billing address", func(t *testing.T, s store.Store, c sample, bo store.ID, _ *time.Time) {
			for _, user := range []store.ID{bo, c.owner} {
				in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
					_, err := customer.SetBillingAddress(tx, demo, c.group, user)
					return err
				})
			}
		}, start.AddDate(0, 0, 100)},
		{"of the user of a line that ended", func(t *testing.T, s store.Store, c sample, bo store.ID, _ *time.Time) {
			in(t, s, terminate(lineFor(t, s, c, bo, "17205550000")))
		}, start.AddDate(0, 0, 100)},
		{"of a user of a closed account", func(t *testing.T, s store.Store, c sample, bo store.ID, now *time.Time) {
			in(t, s, terminate(c.subscription))
			*now = now.AddDate(0, 0, 20)
			in(t, s, closeAccount(c.account))
		}, start.AddDate(0, 0, 120)},
	} {
		t.Run(test.name, func(t *testing.T) {
			now := start
			s := openAt(t, &now)
			c := signUp(t, s, "aase")
			bo := addUser(t, s, c.account, person("bo", "Bo", "Berg", "", "", ""))
			now = start.AddDate(0, 0, 100)
			test.ends(t, s, c, bo, &now)
			now = test.want.AddDate(0, 0, 1825).Add(-time.Microsecond)
			refused(t, s, customer.RetentionNotOver, erase(bo))
			now = test.want.AddDate(0, 0, 1825).Add(time.Second)
			in(t, s, erase(bo))
		})
	}
}

func TestEraseRefusals(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := openAt(t, &now)
	c := signUp(t, s, "aase")
	bo := addUser(t, s, c.account, person("bo", "Bo", "Berg", "", "", ""))
	payer := addUser(t, s, c.account, person("payer", "", "", "", "", ""))
	lineFor(t, s, c, bo, "17205550000")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.SetBillingAddress(tx, demo, c.group, payer)
		return err
	})
	now = now.AddDate(10, 0, 0)
	for user, want := range map[store.ID]*failure.Code{c.owner: customer.UserIsOwner, bo: customer.UserHasSubscription, payer: customer.UserIsBillingAddress, 1: customer.UnknownUser} {
		refused(t, s, want, erase(user))
	}
}

// TestRandomErasures makes random changes of who is what, deletes and erases in
// between, and looks after each at the whole customer.
func TestRandomErasures(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("go test -run %s -seed %d", t.Name(), *seed)
	r := rand.New(rand.NewPCG(*seed, 1))
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s := openAt(t, &now)
	c := signUp(t, s, "aase")
	users, groups, subs := []store.ID{c.owner}, []store.ID{c.group}, []store.ID{c.subscription}
	draw := func(ids []store.ID) store.ID { return ids[r.IntN(len(ids))] }
	outcomes := map[string]int{}
	for i := range 400 {
		now = now.AddDate(0, 0, r.IntN(800))
		user, group, sub, to := draw(users[max(0, len(users)-8):]), draw(groups), draw(subs), r.IntN(13)
		name := fmt.Sprint("user", r.IntN(20))
		var made store.ID
		err := s.Update(t.Context(), func(tx store.Tx) (err error) {
			demo := brand(t, tx, "DEMO")
			switch made = 0; to {
			case 0:
				var u *customer.User
				if u, err = customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, Username: name, UserFields: customer.UserFields{LastName: name}}); err == nil {
					made = u.ID
				}
			case 1:
				var n *customer.Subscription
				if n, err = customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: group, User: user, ProductCode: "POST_PAID"}); err == nil {
					made = n.ID
					_, err = customer.CreateService(tx, demo, customer.NewService{Subscription: n.ID})
				}
			case 2:
				var g *customer.BillingGroup
				if g, err = customer.MoveToNewBillingGroup(tx, demo, sub, user, customer.BillingGroupFields{}); err == nil {
					made = g.ID
				}
			case 3:
				err = customer.ChangeBillingGroup(tx, demo, sub, group)
			case 4:
				_, err = customer.ChangeOwner(tx, demo, customer.Ownership{Account: c.account, BillingGroup: group}, user)
			case 5:
				_, err = customer.SetBillingAddress(tx, demo, group, user)
			case 6:
				_, err = customer.TerminateSubscription(tx, demo, sub)
			case 7:
				_, err = customer.ReactivateSubscription(tx, demo, sub)
			case 8:
				_, err = customer.DeleteUser(tx, demo, user)
			default:
				_, err = customer.ErasePerson(tx, demo, user)
			}
			if err != nil {
				return err
			}
			return customer.CheckAccount(tx, demo, c.account)
		})
		switch code := failure.CodeOf(err); {
		case err == nil:
			outcomes[fmt.Sprint("OK ", min(to, 9))]++
			switch {
			case made != 0 && to == 0:
				users = append(users, made)
			case made != 0 && to == 1:
				subs = append(subs, made)
			case made != 0:
				groups = append(groups, made)
			}
		case code == nil || code.Kind == failure.Internal || code == customer.IncompleteCustomer:
			t.Fatalf("step %d, %d: %v", i, to, err)
		default:
			outcomes[code.Name]++
		}
	}
	t.Logf("outcomes: %v", outcomes)
	if outcomes["OK 8"]+outcomes["OK 9"] < 3 {
		t.Errorf("too few were deleted or erased: %v", outcomes)
	}
}
