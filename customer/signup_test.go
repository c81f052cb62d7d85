package customer_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/failure"
	"rator/store"
)

func TestSignUp(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		w, err := customer.LoadWhole(tx, demo, c.account)
		if err != nil {
			return err
		}
		u, g, sub := w.User(c.owner), w.BillingGroup(c.group), w.Subscription(c.subscription)
		line := w.ServicesOf(c.subscription)[0]
		got := map[string]string{
			"customer number": w.Account.CustomerNumber, "account": string(w.Account.State), "role": string(w.Account.RoleOf(c.owner)),
			"first name": u.FirstName, "country": u.Country,
			"group": g.Name, "type": string(g.Type), "cycle": string(g.BillingCycle), "balance": g.Balance.String(),
			"subscription": string(sub.State), "product": sub.ProductID, "rate plan": sub.RatePlanID,
			"service": line.Code, "number": line.MSISDN, "service state": string(line.State),
			"in group": w.SubscriptionsOf(c.group)[0].ID.String(),
		}
		want := map[string]string{
			"customer number": "100001", "account": "ACTIVE", "role": "OWNER",
			"first name": "Åse & <Øre> €", "country": "US",
			"group": "100001-1", "type": "POST_PAID", "cycle": "MONTHLY", "balance": "0.00 USD",
			"subscription": "CREATED", "product": "201312240052364157", "rate plan": "201312292352141290",
			"service": "CDMA", "number": "13035550000", "service state": "CREATED",
			"in group": c.subscription.String(),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("customer (-want +got):\n%s", diff)
		}
		return nil
	})
}

func TestCustomerNumbersCountPerBrand(t *testing.T) {
	s := open(t)
	var got []string
	update(t, s, func(tx store.Tx) error {
		for _, key := range []string{"DEMO", "DEMO", "DEMO2"} {
			b := brand(t, tx, key)
			c, err := signUpIn(tx, b, "")
			if err != nil {
				return err
			}
			a, err := customer.AccountByID(tx, b, c.account)
			if err != nil {
				return err
			}
			got = append(got, a.CustomerNumber)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"100001", "100002", "100001"}, got); diff != "" {
		t.Errorf("customer numbers (-want +got):\n%s", diff)
	}
}

func TestUsernames(t *testing.T) {
	s := open(t)
	c := signUp(t, s, " Åse ")
	signUp(t, s, "")
	signUp(t, s, "")
	for _, same := range []string{"Åse", "åSE", " åse", "A\u030ase"} {
		refused(t, s, customer.UsernameNotUnique, func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: c.account, Username: same})
			return err
		})
	}
	update(t, s, func(tx store.Tx) error {
		_, err := signUpIn(tx, brand(t, tx, "DEMO2"), "Åse")
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, u, err := customer.FindByUsername(tx, demo, "ÅSE")
		if err == nil && (u.ID != c.owner || u.Username != "Åse") {
			t.Errorf("found %s %q, want %s %q", u.ID, u.Username, c.owner, "Åse")
		}
		return err
	})
}

// Clients compare how this text begins (rator-api.md 4). It tells what the caller sent,
// not how the user who has it spells it.
func TestUsernameText(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := customer.CreateUser(tx, brand(t, tx, "DEMO"), customer.NewUser{Account: c.account, Username: "AASE"})
		return err
	})
	var coded *failure.Error
	if !errors.As(err, &coded) || coded.Message("EN") != "username is not unique: USERNAME AASE" {
		t.Errorf("error %v, want the text %q and what was sent", err, "username is not unique")
	}
}

func TestBillingGroupNames(t *testing.T) {
	s := open(t)
	c := signUp(t, s, "aase")
	other := signUp(t, s, "otto")
	create := func(name string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			n := customer.NewBillingGroup{Account: c.account, Owner: c.owner, ProductCode: "POST_PAID"}
			n.Name = name
			g, err := customer.CreateBillingGroup(tx, demo, n)
			if err == nil && name == "" && g.Name != "100001-4" {
				t.Errorf("third group is named %s, want 100001-4", g.Name)
			}
			return err
		}
	}
	in(t, s, create("100001-3"))
	in(t, s, create(""))
	refused(t, s, customer.BillingGroupNameNotUnique, create("100001-1"))
	rename := func(group store.ID, name string) func(store.Tx, *catalogue.Brand) error {
		return func(tx store.Tx, demo *catalogue.Brand) error {
			_, err := customer.UpdateBillingGroup(tx, demo, group, func(f *customer.BillingGroupFields) error {
				f.Name = name
				return nil
			})
			return err
		}
	}
	refused(t, s, customer.BillingGroupNameNotUnique, rename(c.group, "100001-3"))
	in(t, s, rename(other.group, "100001-1")) // another account's name is free
	in(t, s, rename(c.group, "Home"))
	in(t, s, rename(c.group, ""))
}

// An incomplete unit must not be committed: CheckAccount says so.
func TestCheckAccount(t *testing.T) {
	s := open(t)
	type step func(tx store.Tx, demo *catalogue.Brand, a *customer.Account) error
	user := func(tx store.Tx, demo *catalogue.Brand, a *customer.Account) error {
		_, err := customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID})
		return err
	}
	owner := func(tx store.Tx, demo *catalogue.Brand, a *customer.Account) error {
		u, err := customer.CreateUser(tx, demo, customer.NewUser{Account: a.ID})
		if err != nil {
			return err
		}
		_, err = customer.SetOwner(tx, demo, a.ID, u.ID)
		return err
	}
	group := func(tx store.Tx, demo *catalogue.Brand, a *customer.Account) error {
		w, err := customer.LoadWhole(tx, demo, a.ID)
		if err != nil {
			return err
		}
		_, err = customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: w.Users[0].ID, ProductCode: "POST_PAID"})
		return err
	}
	subscription := func(tx store.Tx, demo *catalogue.Brand, a *customer.Account) error {
		w, err := customer.LoadWhole(tx, demo, a.ID)
		if err != nil {
			return err
		}
		_, err = customer.CreateSubscription(tx, demo, customer.NewSubscription{BillingGroup: w.BillingGroups[0].ID, User: w.Users[0].ID, ProductCode: "POST_PAID"})
		return err
	}
	for name, test := range map[string]struct {
		steps []step
		want  *failure.Code
	}{
		"nothing":           {nil, customer.IncompleteCustomer},
		"no owner":          {[]step{user, group}, customer.IncompleteCustomer},
		"no billing group":  {[]step{owner}, customer.IncompleteCustomer},
		"no service":        {[]step{owner, group, subscription}, customer.NoService},
		"smallest customer": {[]step{owner, group}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := s.Update(t.Context(), func(tx store.Tx) error {
				demo := brand(t, tx, "DEMO")
				a, err := customer.CreateAccount(tx, demo, customer.AccountFields{Type: customer.Company})
				if err != nil {
					return err
				}
				for _, step := range test.steps {
					if err := step(tx, demo, a); err != nil {
						t.Fatal(err)
					}
				}
				return customer.CheckAccount(tx, demo, a.ID)
			})
			if failure.CodeOf(err) != test.want {
				t.Errorf("CheckAccount: %v, want %v", err, test.want)
			}
		})
	}
}
