package customer_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/search"
	"rator/failure"
	"rator/store"
	"rator/store/bolt"
)

// populate makes accounts of DEMO with one user each.
func populate(t testing.TB, s store.Store, n int, user func(i int) customer.NewUser) {
	t.Helper()
	const unit = 2000
	for start := 0; start < n; start += unit {
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			for i := start; i < min(n, start+unit); i++ {
				a, err := customer.CreateAccount(tx, demo, customer.AccountFields{Type: customer.Private})
				if err != nil {
					return err
				}
				nu := user(i)
				nu.Account = a.ID
				u, err := customer.CreateUser(tx, demo, nu)
				if err != nil {
					return err
				}
				if _, err := customer.SetOwner(tx, demo, a.ID, u.ID); err != nil {
					return err
				}
				if _, err := customer.CreateBillingGroup(tx, demo, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID"}); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// addUser adds a user to an account, named by its username.
func addUser(t testing.TB, s store.Store, account store.ID, n customer.NewUser) store.ID {
	t.Helper()
	var id store.ID
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		n.Account = account
		u, err := customer.CreateUser(tx, demo, n)
		if err == nil {
			id = u.ID
		}
		return err
	})
	return id
}

func person(username, first, last, company, email, personalID string) customer.NewUser {
	return customer.NewUser{Username: username, UserFields: customer.UserFields{FirstName: first, LastName: last, Company: company, Email: email, PersonalID: personalID}}
}

func TestSearch(t *testing.T) {
	s := open(t)
	one := signUp(t, s, "aase") // owner without names but "Åse & <Øre> €"; line 13035550000
	two := signUp(t, s, "bo")   // line 13035550001
	addUser(t, s, one.account, person("oersted", "Åse", "Ørsted-Berg", "", "Aase@Example.COM ", "010180-1234"))
	addUser(t, s, one.account, person("berg", "Berg", "Bergström", "Berg & Søn", "post@example.com", ""))
	addUser(t, s, two.account, person("obrien", "Anne-Marie", "O'Brien", "", "aase@example.com", "0101801235"))
	addUser(t, s, two.account, person("firma", "", "", "Berg ApS", "post@example.community", "ab 12"))
	update(t, s, func(tx store.Tx) error { // another brand's
		c, err := signUpIn(tx, brand(t, tx, "DEMO2"), "other")
		if err != nil {
			return err
		}
		n := person("berg2", "Åse", "Berg", "", "aase@example.com", "0101801234")
		n.Account = c.account
		_, err = customer.CreateUser(tx, brand(t, tx, "DEMO2"), n)
		return err
	})
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		_, err := customer.TerminateSubscription(tx, demo, two.subscription)
		return err
	})
	for _, test := range []struct {
		name string
		by   search.Criteria
		want []string // usernames
	}{
		{"customer number", search.Criteria{CustomerNumber: " 100001 "}, []string{"aase"}},
		{"no such customer number", search.Criteria{CustomerNumber: "100009"}, nil},
		{"number of a line", search.Criteria{MSISDN: "+1 303-555-0000"}, []string{"aase"}},
		{"number of a line that ended", search.Criteria{MSISDN: "13035550001"}, nil},
		{"username", search.Criteria{Username: "OERSTED"}, []string{"oersted"}},
		{"another brand's username", search.Criteria{Username: "other"}, nil},
		{"e-mail", search.Criteria{Email: " AASE@example.com"}, []string{"oersted", "obrien"}},
		{"e-mail that others begin with", search.Criteria{Email: "post@example.com"}, []string{"berg"}},
		{"personal id", search.Criteria{PersonalID: "010180 1234"}, []string{"oersted"}},
		{"personal id without case", search.Criteria{PersonalID: "AB-12"}, []string{"firma"}},
		{"last name", search.Criteria{Name: "ørst"}, []string{"oersted"}},
		{"last name on a plain keyboard", search.Criteria{Name: "orsted berg"}, []string{"oersted"}},
		{"last name, first name", search.Criteria{Name: "Ørsted-Berg, Ås"}, []string{"oersted"}},
		{"first name and last name", search.Criteria{Name: "åse orsted"}, []string{"oersted"}},
		{"letters taken apart", search.Criteria{Name: "A\u030ase O\u0308rs"}, []string{"oersted"}},
		{"name with an apostrophe", search.Criteria{Name: "o’brien"}, []string{"obrien"}},
		{"each who begins so once", search.Criteria{Name: "berg"}, []string{"berg", "firma"}},
		{"no such name", search.Criteria{Name: "bergx"}, nil},
		{"all that are given must fit", search.Criteria{Email: "aase@example.com", Name: "anne"}, []string{"obrien"}},
		{"e-mail of another customer", search.Criteria{Email: "aase@example.com", CustomerNumber: "100001"}, []string{"oersted"}},
		{"number and a user who is not its own", search.Criteria{MSISDN: "13035550000", Name: "berg"}, []string{"berg"}},
		{"number and username of different customers", search.Criteria{MSISDN: "13035550000", Username: "bo"}, nil},
		{"username and another name", search.Criteria{Username: "bo", Name: "berg"}, nil},
		{"number and customer number", search.Criteria{MSISDN: "13035550000", CustomerNumber: "100001"}, []string{"aase"}},
		{"number and another customer number", search.Criteria{MSISDN: "13035550000", CustomerNumber: "100002"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				hits, next, err := search.Users(tx, demo, test.by, nil, 20)
				var got []string
				for _, h := range hits {
					got = append(got, h.User.Username)
					if h.Account.ID != h.User.Account {
						t.Errorf("user %s with account %s", h.User.Username, h.Account.CustomerNumber)
					}
				}
				if diff := cmp.Diff(test.want, got); diff != "" || next != nil {
					t.Errorf("next %x, users (-want +got):\n%s", next, diff)
				}
				return err
			})
		})
	}
	in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
		hits, _, err := search.Users(tx, demo, search.Criteria{Username: "aase"}, nil, 20)
		if err == nil {
			if diff := cmp.Diff([]string{"13035550000"}, hits[0].MSISDNs); diff != "" {
				t.Error(diff)
			}
		}
		return err
	})
}

func TestSearchRefusals(t *testing.T) {
	s := open(t)
	for _, test := range []struct {
		name  string
		by    search.Criteria
		after []byte
		want  *failure.Code
	}{
		{"nothing", search.Criteria{}, nil, search.NothingToFind},
		{"only spaces", search.Criteria{Name: " ", Email: "\t"}, nil, search.NothingToFind},
		{"a name of punctuation", search.Criteria{Name: "--"}, nil, failure.InvalidRequest},
		{"a personal id of punctuation", search.Criteria{PersonalID: "-", Email: "a@b"}, nil, failure.InvalidRequest},
		{"a position of another search", search.Criteria{Email: "a@b"}, []byte{2}, failure.InvalidRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			refused(t, s, test.want, func(tx store.Tx, demo *catalogue.Brand) error {
				_, _, err := search.Users(tx, demo, test.by, test.after, 20)
				return err
			})
		})
	}
}

// pages goes through a search and gives the usernames in order.
func pages(t *testing.T, s store.Store, by search.Criteria, limit int) (names []string) {
	t.Helper()
	for after := []byte(nil); ; {
		var next []byte
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			hits, n, err := search.Users(tx, demo, by, after, limit)
			for _, h := range hits {
				names = append(names, h.User.Username)
			}
			if len(hits) > limit {
				t.Errorf("%d hits on a page of %d", len(hits), limit)
			}
			next = n
			return err
		})
		if after = next; after == nil {
			return names
		}
	}
}

func TestSearchPages(t *testing.T) {
	s := open(t)
	populate(t, s, 60, func(i int) customer.NewUser {
		n := person(fmt.Sprintf("user%02d", i), "Anna", fmt.Sprintf("Anders%02d", i), "", "same@example.com", "")
		if i%3 == 0 { // found by both names and by company
			n.Company = "Anhang"
		}
		return n
	})
	for _, test := range []struct {
		name string
		by   search.Criteria
		want int
	}{
		{"an", search.Criteria{Name: "an"}, 60},
		{"company", search.Criteria{Name: "anh"}, 20},
		{"e-mail", search.Criteria{Email: "same@example.com"}, 60},
		{"e-mail and company", search.Criteria{Email: "same@example.com", Name: "anhang"}, 20},
	} {
		for _, limit := range []int{1, 7, 20, 100} {
			got := pages(t, s, test.by, limit)
			seen := map[string]bool{}
			for _, name := range got {
				seen[name] = true
			}
			if len(got) != test.want || len(seen) != test.want {
				t.Errorf("%s by pages of %d: %d users, %d different, want %d", test.name, limit, len(got), len(seen), test.want)
			}
		}
	}
}

// counting counts the records that are read.
type counting struct {
	store.Tx
	read int
}

func (c *counting) Get(kind string, id store.ID) (store.Record, error) {
	c.read++
	return c.Tx.Get(kind, id)
}

func (c *counting) Find(kind, index, value string, after store.ID, limit int) ([]store.Record, error) {
	rs, err := c.Tx.Find(kind, index, value, after, limit)
	c.read += len(rs)
	return rs, err
}

func (c *counting) FindMany(asks []store.Ask) ([][]store.Record, error) {
	found, err := c.Tx.FindMany(asks)
	for _, rs := range found {
		c.read += len(rs)
	}
	return found, err
}

func (c *counting) GetMany(kind string, ids []store.ID) ([]store.Record, error) {
	c.read += len(ids)
	return c.Tx.GetMany(kind, ids)
}

func (c *counting) Range(kind, index, prefix string, after []byte, limit int) ([]store.Record, []byte, error) {
	rs, next, err := c.Tx.Range(kind, index, prefix, after, limit)
	c.read += len(rs)
	return rs, next, err
}

func (c *counting) Scan(kind string, after store.ID, limit int) ([]store.Record, error) {
	rs, err := c.Tx.Scan(kind, after, limit)
	c.read += len(rs)
	return rs, err
}

// TestSearchReadsNoMoreThanItsPage: what a search reads depends on its page, not
// on how many customers there are or fit.
func TestSearchReadsNoMoreThanItsPage(t *testing.T) {
	s := open(t)
	populate(t, s, 1500, func(i int) customer.NewUser {
		n := person(fmt.Sprintf("user%04d", i), "Anna", fmt.Sprintf("Anders%04d", i), "Anhang", "same@example.com", "7")
		if i == 1400 {
			n.Email, n.PersonalID = "own@example.com", "1400"
		}
		return n
	})
	const limit = 20
	for _, test := range []struct {
		name string
		by   search.Criteria
		most int // records
	}{
		{"customer number", search.Criteria{CustomerNumber: "100900"}, 5},
		{"username", search.Criteria{Username: "user0900"}, 5},
		{"e-mail", search.Criteria{Email: "own@example.com"}, 3},
		{"personal id", search.Criteria{PersonalID: "1400"}, 3},
		{"an e-mail of all", search.Criteria{Email: "same@example.com"}, 2 * limit},
		{"an e-mail of all, and a personal id of one", search.Criteria{Email: "same@example.com", PersonalID: "1400"}, 2 * limit},
		{"a name of all", search.Criteria{Name: "an"}, 2 * limit},
		{"a name of one", search.Criteria{Name: "anders0900"}, 3},
		{"an e-mail that another begins with", search.Criteria{Email: "own@example.co"}, 0},
		{"a personal id that another begins with", search.Criteria{PersonalID: "140"}, 0},
		{"nobody's name", search.Criteria{Name: "zz"}, 0},
		{"nobody's number of a series", search.Criteria{MSISDN: "13035559999"}, 1}, // the series
		{"nobody's number", search.Criteria{MSISDN: "13035539999"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
				c := &counting{Tx: tx}
				_, _, err := search.Users(c, demo, test.by, nil, limit)
				if c.read > test.most {
					t.Errorf("%d records read, want at most %d", c.read, test.most)
				}
				return err
			})
		})
	}
	t.Run("where all were met before", func(t *testing.T) { // by company: each was found by name
		in(t, s, func(tx store.Tx, demo *catalogue.Brand) error {
			c := &counting{Tx: tx}
			hits, next, err := search.Users(c, demo, search.Criteria{Name: "an"}, []byte{2}, limit)
			if c.read > 2*limit || len(hits) != 0 || next == nil {
				t.Errorf("%d records read, %d hits, next %x", c.read, len(hits), next)
			}
			return err
		})
	})
}

// BenchmarkSearch searches among 100,000 customers, a transaction each.
func BenchmarkSearch(b *testing.B) {
	s, err := bolt.Open(filepath.Join(b.TempDir(), "bench.db"), bolt.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	importDemo(b, s, string(catalogue.Demo()))
	const customers = 100_000
	first, last := []string{"Anna", "Bo", "Carl", "Dorte", "Erik"}, []string{"Andersen", "Berg", "Christensen", "Dahl", "Eriksen", "Friis"}
	populate(b, s, customers, func(i int) customer.NewUser {
		return person(fmt.Sprintf("user%d", i), first[i%5], fmt.Sprintf("%s%d", last[i%6], i), "", fmt.Sprintf("user%d@example.com", i), fmt.Sprint(i))
	})
	for _, bench := range []struct {
		name string
		by   func(i int) search.Criteria
	}{
		{"email", func(i int) search.Criteria {
			return search.Criteria{Email: fmt.Sprintf("User%d@example.com", i*7919%customers)}
		}},
		{"name-of-20", func(i int) search.Criteria { return search.Criteria{Name: last[i%6]} }},
		{"name-of-1", func(i int) search.Criteria {
			n := i * 7919 % customers
			return search.Criteria{Name: fmt.Sprintf("%s%d %s", last[n%6], n, first[n%5])}
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				err := s.View(b.Context(), func(tx store.Tx) error {
					hits, _, err := search.Users(tx, brand(b, tx, "DEMO"), bench.by(i), nil, 20)
					if err == nil && len(hits) == 0 {
						b.Error("nobody")
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
