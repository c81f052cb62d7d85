package tmf_test

import (
	"context"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
)

// counted is a store that counts the records that Views take from it, and how often they
// ask.
type counted struct {
	store.Store
	reads, trips *atomic.Int64
}

func (c *counted) View(ctx context.Context, fn func(store.Tx) error) error {
	return c.Store.View(ctx, func(tx store.Tx) error { return fn(&countedTx{tx, c.reads, c.trips, 0}) })
}

type countedTx struct {
	store.Tx
	reads *atomic.Int64
	trips *atomic.Int64
	look  int64 // what a look for records counts beside them
}

func (c *countedTx) Before() store.Tx { return &countedTx{c.Tx.Before(), c.reads, c.trips, c.look} }

func (c *countedTx) Get(kind string, id store.ID) (store.Record, error) {
	c.trips.Add(1)
	c.reads.Add(1)
	return c.Tx.Get(kind, id)
}

func (c *countedTx) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	c.trips.Add(1)
	rs, err := c.Tx.Find(kind, index, value, after, limit)
	c.reads.Add(c.look + int64(len(rs)))
	return rs, err
}

func (c *countedTx) FindMany(asks []store.Ask) ([][]store.Record, error) {
	c.trips.Add(1)
	found, err := c.Tx.FindMany(asks)
	for _, rs := range found {
		c.reads.Add(c.look + int64(len(rs)))
	}
	return found, err
}

func (c *countedTx) GetMany(kind string, ids []store.ID) ([]store.Record, error) {
	c.trips.Add(1)
	c.reads.Add(int64(len(ids)))
	return c.Tx.GetMany(kind, ids)
}

func (c *countedTx) Range(kind, index, prefix string, after []byte, limit int) ([]store.Record, []byte, error) {
	c.trips.Add(1)
	rs, next, err := c.Tx.Range(kind, index, prefix, after, limit)
	c.reads.Add(c.look + int64(len(rs)))
	return rs, next, err
}

func (c *countedTx) Sum(counter string) (int64, error) {
	c.trips.Add(1)
	return c.Tx.Sum(counter)
}

func (c *countedTx) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	c.trips.Add(1)
	rs, err := c.Tx.Scan(kind, after, limit)
	c.reads.Add(c.look + int64(len(rs)))
	return rs, err
}

// crowd makes n customers of whom each has an e-mail address of its own, the first
// five are companies, and the next five blocked.
func (s *shop) crowd(t testing.TB, n int) (accounts, owners []store.ID) {
	t.Helper()
	const batch = 500
	for from := 0; from < n; from += batch {
		s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
			for i := from; i < min(n, from+batch); i++ {
				kind, f := customer.Private, owner
				if i < 5 {
					kind, f.Company = customer.Company, fmt.Sprint("Firm ", i)
				}
				f.LastName, f.Email, f.Email2 = fmt.Sprint("Nr", i), fmt.Sprintf("c%d@example.com", i), ""
				a, err := customer.CreateAccount(tx, b, customer.AccountFields{Type: kind})
				if err != nil {
					return err
				}
				u, err := customer.CreateUser(tx, b, customer.NewUser{Account: a.ID, UserFields: f})
				if err != nil {
					return err
				}
				if _, err := customer.SetOwner(tx, b, a.ID, u.ID); err != nil {
					return err
				}
				g, err := customer.CreateBillingGroup(tx, b, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"})
				if err != nil {
					return err
				}
				kindOfLine := 2
				if i >= 5 && i < 10 {
					kindOfLine = 3
				}
				if err := s.live(tx, b, g, u, kindOfLine); err != nil {
					return err
				}
				accounts, owners = append(accounts, a.ID), append(owners, u.ID)
			}
			return nil
		})
	}
	return accounts, owners
}

// TestListsByAnIndexDoNotScan: what a list reads grows with what it shows, not with
// the store.
func TestListsByAnIndexDoNotScan(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	const n = 3000
	accounts, owners := s.crowd(t, n)
	for i := range 3 {
		s.create(t, v2014+"/customer", fmt.Sprintf(`{"name":"Told %d","status":"Vip","relatedParty":{"id":"p%d"},"contactMedium":[{"type":"Email","medium":{"emailAddress":"a%d@example.org"}},{"type":"Email","medium":{"emailAddress":"b%d@example.org"}},{"type":"Email","medium":{"emailAddress":"told%d@example.org"}}]}`, i, i, i, i, i))
	}
	for _, c := range []struct {
		target       string
		total, reads int
	}{
		{v2014 + "/customer?limit=20", n + 3, 600},
		{v2014 + "/customer?limit=20&offset=500", n + 3, 1200}, // from the thousand before
		{v2014 + "/customer?id=c" + accounts[2000].String(), 1, 30},
		{v2014 + "/customer?name=%C3%85se%20Nr1999", 1, 60},
		{v2014 + "/customer?status=Suspended", 5, 200},
		{v2014 + "/customer?status=vip&limit=2", 3, 80},
		{v2014 + "/customer?status=Terminated", 0, 20},
		{v2014 + "/customer?relatedParty.id=" + owners[1500].String(), 1, 30},
		{v2014 + "/customer?relatedParty.id=p1", 1, 30},
		{v2014 + "/customer?contactMedium.medium.emailAddress=c2500@example.com", 1, 30},
		{v2014 + "/customer?contactMedium.medium.emailAddress=b1@example.org", 1, 30},
		{v2014 + "/customer?contactMedium.medium.emailAddress=told1@example.org", 1, 30},
		{v2014 + "/customer?status=Active&contactMedium.medium.emailAddress=c2500@example.com", 1, 30},
		{v2014 + "/customer?characteristic.name=rator.customerNumber&characteristic.value=101000", 1, 30},
		{v3 + "/customer?contactMedium.characteristic.emailAddress=c2500@example.com", 1, 30},
		{v4 + "/customer?engagedParty.id=" + owners[1500].String(), 1, 30},
		{v2014 + "/customerAccount?limit=20", n + 3, 1800},
		{v2014 + "/customerAccount?customer.id=c" + accounts[1500].String(), 1, 40},
		{v2014 + "/customerAccount?name=102500-1", 1, 40},
		{v2014 + "/customerAccount?accountType=Business", 5, 200},
		{v2014 + "/customerAccount?accountType=Joint", 0, 20},
	} {
		s.reads.Store(0)
		a := s.do(t, "GET", c.target, "")
		if got := a.header.Get("X-Total-Count"); a.status/100 != 2 || got != strconv.Itoa(c.total) {
			t.Errorf("%s: %d, %s in all, want %d", c.target, a.status, got, c.total)
		}
		if got := s.reads.Load(); got > int64(c.reads) {
			t.Errorf("%s: %d records were read, more than %d", c.target, got, c.reads)
		} else {
			t.Logf("%s: %d records", c.target, got)
		}
	}
}

// TestListsAskAtOnce: how often a list of customers asks the store does not grow with what
// it shows.
func TestListsAskAtOnce(t *testing.T) {
	s := newShop(t)
	s.crowd(t, 50)
	trips := func(target string) int64 {
		s.trips.Store(0)
		if a := s.do(t, "GET", target, ""); a.status/100 != 2 {
			t.Errorf("%s: %d %s", target, a.status, a.body)
		}
		return s.trips.Load()
	}
	few, many := trips(v2014+"/customer?limit=2"), trips(v2014+"/customer?limit=40")
	if few == 0 || many > few {
		t.Errorf("a list of 2 asks %d times, one of 40 asks %d times", few, many)
	}
	t.Logf("a list of customers asks %d times", many)
}
