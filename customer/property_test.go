package customer_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/number"
	"rator/failure"
	"rator/store"
)

var (
	seed  = flag.Uint64("seed", 0, "of the random operations; 0 = those that every run has")
	units = flag.Int("units", 400, "how many random units of operations to run")
)

// Random units of random operations on a few customers of two brands, some of
// them given ids of other customers: each either commits or fails with a code of
// the business, and every customer stays right.
func TestRandomOperationsKeepCustomersRight(t *testing.T) {
	if *seed == 0 {
		*seed = 1
	}
	t.Logf("go test -run %s -seed %d -units %d", t.Name(), *seed, *units)
	s := open(t)
	r := &random{Rand: rand.New(rand.NewPCG(*seed, 0))}
	outcomes := map[string]int{}
	for range *units {
		unit := r.unit()
		err := s.Update(context.Background(), unit)
		switch code := failure.CodeOf(err); {
		case err == nil:
			outcomes["OK"]++
			r.commit()
		case code == nil || code.Kind == failure.Internal:
			t.Fatalf("error without a business code: %v", err)
		default:
			outcomes[code.Name]++
		}
		r.made = nil
	}
	t.Logf("outcomes: %v", outcomes)
	if outcomes["OK"] < *units/4 || len(outcomes) < 5 {
		t.Errorf("the operations reach too little: %v", outcomes)
	}
}

// random makes units of operations on the customers that committed units made.
type random struct {
	*rand.Rand
	customers []*known
	made      []func() // what this unit adds to them when it commits
}

// known is a customer with the ids of its parts.
type known struct {
	brand                                  string
	accounts, users, groups, subscriptions []store.ID
	reservations                           []store.ID
}

func (r *random) commit() {
	for _, add := range r.made {
		add()
	}
}

func (r *random) keep(list *[]store.ID, id store.ID) {
	r.made = append(r.made, func() { *list = append(*list, id) })
}

// id draws one of c's ids, now and then another customer's.
func (r *random) id(c *known, list func(*known) []store.ID) store.ID {
	if r.IntN(12) == 0 {
		c = r.customers[r.IntN(len(r.customers))]
	}
	ids := list(c)
	return ids[r.IntN(len(ids))]
}

// unit is a change as a workflow makes one: some operations, then the check
// that customers are complete. What it does is drawn before it runs, since a
// closure may run twice.
func (r *random) unit() func(store.Tx) error {
	if len(r.customers) < 3 || r.IntN(20) == 0 {
		return r.signUp([]string{"DEMO", "DEMO", "DEMO2"}[r.IntN(3)], fmt.Sprintf("user%d", r.IntN(200)))
	}
	c := r.customers[r.IntN(len(r.customers))]
	var steps []func(store.Tx, *catalogue.Brand) error
	for range 1 + r.IntN(3) {
		steps = append(steps, r.operation(c))
	}
	return func(tx store.Tx) error {
		r.made = nil
		b, err := catalogue.BrandByKey(tx, c.brand)
		if err != nil {
			return err
		}
		for _, step := range steps {
			if err := step(tx, b); err != nil {
				return err
			}
		}
		return r.check(tx, b)
	}
}

// check looks at every customer of the brand: ids drawn may have been another's.
func (r *random) check(tx store.Tx, b *catalogue.Brand) error {
	for _, c := range r.customers {
		if c.brand != b.Key {
			continue
		}
		if err := customer.CheckAccount(tx, b, c.accounts[0]); err != nil {
			return err
		}
	}
	return nil
}

func (r *random) signUp(key, username string) func(store.Tx) error {
	return func(tx store.Tx) error {
		r.made = nil
		b, err := catalogue.BrandByKey(tx, key)
		if err != nil {
			return err
		}
		c, err := signUpIn(tx, b, username)
		r.made = append(r.made, func() {
			r.customers = append(r.customers, &known{key, []store.ID{c.account}, []store.ID{c.owner}, []store.ID{c.group}, []store.ID{c.subscription}, []store.ID{0}})
		})
		return err
	}
}

func (r *random) operation(c *known) func(tx store.Tx, b *catalogue.Brand) error {
	account := r.id(c, func(c *known) []store.ID { return c.accounts })
	user := r.id(c, func(c *known) []store.ID { return c.users })
	group := r.id(c, func(c *known) []store.ID { return c.groups })
	subscription := r.id(c, func(c *known) []store.ID { return c.subscriptions })
	name := fmt.Sprintf("user%d", r.IntN(200))
	msisdn := fmt.Sprintf("13035550%03d", r.IntN(200))
	product := []string{"POST_PAID", "POST_PAID", "POST_PAID", "POST_PAID", "PRE_PAID_ADVANCED", "GONE"}[r.IntN(6)]
	option := []string{planA, planB, data500, voiceMail}[r.IntN(4)]
	lifecycle := []lifecycleStep{
		customer.ActivateSubscription, customer.UnblockSubscription, customer.TerminateSubscription,
		customer.ReactivateSubscription, lifecycleSteps["block"],
	}[r.IntN(5)]
	reservation := r.id(c, func(c *known) []store.ID { return c.reservations })
	days := r.IntN(40) - 1
	withService := r.IntN(8) > 0
	return []func(tx store.Tx, b *catalogue.Brand) error{
		func(tx store.Tx, b *catalogue.Brand) error {
			u, err := customer.CreateUser(tx, b, customer.NewUser{Account: account, Username: name})
			if err == nil {
				r.keep(&c.users, u.ID)
			}
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.SetOwner(tx, b, account, user)
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.SetBillingAddress(tx, b, group, user)
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			n := customer.NewBillingGroup{Account: account, Owner: user, ProductCode: product}
			if withService {
				n.Name = name
			}
			g, err := customer.CreateBillingGroup(tx, b, n)
			if err == nil {
				r.keep(&c.groups, g.ID)
			}
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.CreateRechargeTicket(tx, b, group, customer.RechargeTicketFields{TicketID: name})
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			sub, err := customer.CreateSubscription(tx, b, customer.NewSubscription{BillingGroup: group, User: user, ProductCode: product})
			if err != nil {
				return err
			}
			r.keep(&c.subscriptions, sub.ID)
			if withService {
				_, err = customer.CreateService(tx, b, customer.NewService{Subscription: sub.ID})
			}
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			n := customer.NewService{Subscription: subscription}
			n.MSISDN = msisdn
			_, err := customer.CreateService(tx, b, n)
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := takeOptions(tx, b, subscription, []string{option})
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.RequestNumberPorting(tx, b, subscription, customer.NumberPortingFields{PhoneNumber: msisdn})
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			return customer.ChangeBillingGroup(tx, b, subscription, group)
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.CloseAccount(tx, b, account)
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error { _, err := lifecycle(tx, b, subscription); return err },
		func(tx store.Tx, b *catalogue.Brand) error { _, err := lifecycle(tx, b, subscription); return err },
		func(tx store.Tx, b *catalogue.Brand) error {
			n := number.NewReservation{ProductCode: product}
			if withService {
				n.MSISDN = msisdn
			}
			held, err := number.Reserve(tx, b, n)
			if err == nil {
				r.keep(&c.reservations, held.ID)
			}
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			n := customer.NewService{Subscription: subscription}
			n.ReservationID = reservation.String()
			_, err := customer.CreateService(tx, b, n)
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := number.Release(tx, b, reservation)
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.ScheduleTermination(tx, b, subscription, tx.Now().AddDate(0, 0, days))
			return err
		},
		func(tx store.Tx, b *catalogue.Brand) error {
			_, err := customer.CancelTermination(tx, b, subscription)
			return err
		},
	}[r.IntN(18)]
}
