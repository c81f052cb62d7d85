// Package search finds users of customers by what is known of them, through indexes.
package search

import (
	"slices"
	"strings"

	"rator/catalogue"
	"rator/customer"
	"rator/customer/internal/record"
	"rator/failure"
	"rator/store"
)

var (
	accounts      = record.Of[customer.Account]()
	users         = record.Of[customer.User]()
	subscriptions = record.Of[customer.Subscription]()
	services      = record.Of[customer.Service]()
)

// NothingToFind is told of a search without criteria, and by workflows that look a
// customer up.
var NothingToFind = failure.Declare(198, "NOTHING_TO_FIND", failure.Invalid, failure.Text{
	"EN": "nothing to find a customer by", "DK": "intet at finde en kunde på", "SE": "inget att hitta en kund med",
	"NO": "ingenting å finne en kunde på", "FR": "aucun critère pour trouver un client", "DE": "nichts, woran ein Kunde zu finden wäre"})

// Criteria are what to search customers by; an empty one does not count, all
// others must fit. Each goes through an index.
type Criteria struct {
	CustomerNumber string `key:"CUSTOMER_NUMBER"` // of the account
	MSISDN         string `key:"MSISDN"`          // of a line of the account that is not TERMINATED
	Username       string `key:"USERNAME"`        // letter case aside
	Email          string `key:"EMAIL"`           // letter case aside
	Name           string `key:"NAME"`            // what LAST_NAME, FIRST_NAME with LAST_NAME, or COMPANY begins with, letter case, accents and punctuation aside
	PersonalID     string `key:"PERSONAL_ID"`     // letter case, hyphens and spaces aside
}

// Hit is a user who fits, and the account. Who is searched by CUSTOMER_NUMBER or
// MSISDN alone is its owner, or the user of the line.
type Hit struct {
	Account *customer.Account
	User    *customer.User
	MSISDNs []string // of the lines that the user uses, as answers write them, at most maxHitLines
}

// maxHitLines bounds what a hit reads.
const maxHitLines = 10

// lookedAt is how many users a page looks at for each it may give.
const lookedAt = 2

// Users gives the users of the brand that fit, in the order of the index that
// leads to them, from the position after (nil = the start), at most limit, and
// the position to go on from: nil when nothing follows. It looks at no more than
// lookedAt times limit users, so a page may have fewer than limit, even none, and
// still have one after it. Nobody found is no error; without any criterion it
// fails with NOTHING_TO_FIND.
func Users(tx store.Tx, brand *catalogue.Brand, by Criteria, after []byte, limit int) ([]*Hit, []byte, error) {
	s := &search{tx: tx, brand: brand}
	if err := s.prepare(by); err != nil || s.nobody {
		return nil, nil, err
	}
	return s.page(after, limit)
}

// search is a search while it is made: the criteria as indexes have them, and the
// ways to whoever may fit.
type search struct {
	tx      store.Tx
	brand   *catalogue.Brand
	account *customer.Account // that a CUSTOMER_NUMBER or MSISDN names
	only    store.ID          // the user that is searched for, where it is clear
	nobody  bool              // it is clear that nobody fits

	email, personalID, name string
	ways                    []way
}

// way is one index to go through.
type way struct {
	index, prefix string
	key           func(*customer.User) string
}

func (s *search) prepare(by Criteria) error {
	var err error
	folded := func(key, given string, fold func(string) string) string {
		text := fold(given)
		if text == "" && strings.TrimSpace(given) != "" && err == nil {
			err = failure.InvalidRequest.With("%s %.40q has nothing to search by", key, given)
		}
		return text
	}
	s.email = record.Exactly(s.brand.Key, folded("EMAIL", by.Email, record.FoldEmail))
	s.personalID = record.Exactly(s.brand.Key, folded("PERSONAL_ID", by.PersonalID, record.FoldPersonalID))
	s.name = record.Beginning(s.brand.Key, folded("NAME", by.Name, record.FoldName))
	number, msisdn, username := strings.TrimSpace(by.CustomerNumber), strings.TrimSpace(by.MSISDN), strings.TrimSpace(by.Username)
	if err != nil {
		return err
	}
	personal := username != "" || s.email != "" || s.personalID != "" || s.name != ""
	if number == "" && msisdn == "" && !personal {
		return NothingToFind.Error()
	}
	if number != "" {
		s.find(customer.FindByCustomerNumber, number, !personal, &err)
	}
	if msisdn != "" {
		s.find(func(tx store.Tx, brand *catalogue.Brand, text string) (*customer.Account, *customer.User, error) {
			return customer.FindByNumber(tx, brand, "MSISDN", text)
		}, msisdn, !personal, &err)
	}
	if username != "" {
		s.find(customer.FindByUsername, username, true, &err)
	}
	s.choose()
	return err
}

// find looks up what names one account; with user it names the user, too.
func (s *search) find(by func(store.Tx, *catalogue.Brand, string) (*customer.Account, *customer.User, error), text string, user bool, failed *error) {
	if *failed != nil || s.nobody {
		return
	}
	a, u, err := by(s.tx, s.brand, text)
	switch {
	case failure.CodeOf(err) == customer.UnknownCustomer, err == nil && s.account != nil && s.account.ID != a.ID:
		s.nobody = true
	case err != nil:
		*failed = err
	default:
		s.account = a
		if user {
			s.only = u.ID
		}
	}
}

// choose takes the narrowest ways that lead to whoever may fit.
func (s *search) choose() {
	switch {
	case s.only != 0:
	case s.email != "":
		s.ways = []way{{record.ByEmail, s.email, emailKey}}
	case s.personalID != "":
		s.ways = []way{{record.ByPersonalID, s.personalID, personalIDKey}}
	case s.account != nil:
		s.ways = []way{{record.ByAccount, s.account.ID.String(), func(u *customer.User) string { return u.Account.String() }}}
	default:
		s.ways = []way{{record.ByLastName, s.name, lastNameKey}, {record.ByFirstName, s.name, firstNameKey}, {record.ByCompany, s.name, companyKey}}
	}
}

// fits reports whether a user fits all criteria.
func (s *search) fits(u *customer.User) bool {
	if s.account != nil && u.Account != s.account.ID || s.email != "" && emailKey(u) != s.email || s.personalID != "" && personalIDKey(u) != s.personalID {
		return false
	}
	return s.name == "" || strings.HasPrefix(lastNameKey(u), s.name) || strings.HasPrefix(firstNameKey(u), s.name) || strings.HasPrefix(companyKey(u), s.name)
}

// page goes the ways one after the other. A position is the number of the way and
// the position on it.
func (s *search) page(after []byte, limit int) ([]*Hit, []byte, error) {
	if s.only != 0 {
		return s.one()
	}
	n := 0
	if len(after) > 0 {
		if n, after = int(after[0]), after[1:]; n >= len(s.ways) {
			return nil, nil, failure.InvalidRequest.With("CURSOR is of another search")
		}
	}
	var hits []*Hit
	for look := lookedAt * limit; n < len(s.ways) && len(hits) < limit && look > 0; {
		w := s.ways[n]
		found, next, err := users.Page(s.tx, w.index, w.prefix, after, min(limit-len(hits), look))
		if err != nil {
			return nil, nil, err
		}
		look -= len(found)
		found = slices.DeleteFunc(found, func(u *customer.User) bool { return !s.fits(u) || s.met(u, n) })
		more, err := s.hits(found)
		if err != nil {
			return nil, nil, err
		}
		hits = append(hits, more...)
		if after = next; next == nil {
			n++
		}
	}
	if n == len(s.ways) {
		return hits, nil, nil
	}
	return hits, append([]byte{byte(n)}, after...), nil
}

// met reports whether one of the first n ways led to a user already.
func (s *search) met(u *customer.User, n int) bool {
	for _, w := range s.ways[:n] {
		if strings.HasPrefix(w.key(u), w.prefix) {
			return true
		}
	}
	return false
}

// one is the page of a search for a certain user.
func (s *search) one() ([]*Hit, []byte, error) {
	u, err := users.Get(s.tx, s.only)
	if err != nil || !s.fits(u) {
		return nil, nil, err
	}
	hits, err := s.hits([]*customer.User{u})
	return hits, nil, err
}

// hits describes users who fit, all at once.
func (s *search) hits(of []*customer.User) ([]*Hit, error) {
	var b store.Batch
	hits, subs := make([]*Hit, len(of)), make([][]*customer.Subscription, len(of))
	for i, u := range of {
		hits[i] = &Hit{User: u}
		accounts.AskID(&b, u.Account, &hits[i].Account)
		subscriptions.AskFew(&b, record.ByLiveUser, u.ID.String(), maxHitLines, &subs[i])
	}
	if err := b.Answer(s.tx); err != nil {
		return nil, err
	}
	lines := make([][][]*customer.Service, len(of))
	for i, h := range hits {
		if h.Account == nil {
			return nil, customer.UnknownAccount.With("%s", h.User.Account)
		}
		lines[i] = make([][]*customer.Service, len(subs[i]))
		for n, sub := range subs[i] {
			services.Ask(&b, record.BySubscription, sub.ID.String(), &lines[i][n])
		}
	}
	if err := b.Answer(s.tx); err != nil {
		return nil, err
	}
	for i, h := range hits {
		for _, line := range slices.Concat(lines[i]...) {
			if line.Number == "" || len(h.MSISDNs) == maxHitLines {
				continue
			}
			msisdn, err := line.WriteMSISDN(s.tx, s.brand)
			if err != nil {
				return nil, err
			}
			h.MSISDNs = append(h.MSISDNs, msisdn)
		}
	}
	return hits, nil
}

// What the indexes have of a user.
func emailKey(u *customer.User) string      { return record.EmailKey(u.Brand, u.Email) }
func personalIDKey(u *customer.User) string { return record.PersonalIDKey(u.Brand, u.PersonalID) }
func lastNameKey(u *customer.User) string {
	return record.LastNameKey(u.Brand, u.FirstName, u.LastName)
}
func firstNameKey(u *customer.User) string {
	return record.FirstNameKey(u.Brand, u.FirstName, u.LastName)
}
func companyKey(u *customer.User) string { return record.CompanyKey(u.Brand, u.Company) }
