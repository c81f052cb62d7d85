package customer

import (
	"iter"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/store"
)

// The indexes of accounts by what is true of them. Where that is true of few, who is
// not among them has no place in the index, so that a sign-up costs no more.

// byListed finds the customers of a brand that are not deleted, in order of their
// making; byClosed and byCompanies those of them who are CLOSED, and who are companies;
// byDeleted those who are not listed any more. Views list and count by them; a writer
// does once, recount, and who makes or deletes a customer meanwhile keeps the same tally.
const (
	byListed    = "listed"
	byDeleted   = "deleted"
	byClosed    = "closed"
	byCompanies = "companies"
)

func (a *Account) closedKey() string {
	if a.State != Closed || !a.Deleted.IsZero() {
		return ""
	}
	return listedKey(a.Brand)
}

func (a *Account) companyKey() string {
	if a.Type != Company {
		return ""
	}
	return a.listedKey()
}

// CompanyAccounts gives the listed customers of a brand who are companies, oldest
// first.
func CompanyAccounts(tx store.Tx, brand *catalogue.Brand) iter.Seq2[store.ID, error] {
	return accountsOf(accounts.All(tx, byCompanies, listedKey(brand.Key)), func(a *Account) store.ID { return a.ID })
}

func (a *Account) deletedKey() string {
	if a.Deleted.IsZero() {
		return ""
	}
	return listedKey(a.Brand)
}

// DeletedAccounts gives the customers of a brand who were deleted, oldest first.
func DeletedAccounts(tx store.Tx, brand *catalogue.Brand) iter.Seq2[store.ID, error] {
	return accountsOf(accounts.All(tx, byDeleted, listedKey(brand.Key)), func(a *Account) store.ID { return a.ID })
}

// AheadDeleted tells of DeletedAccounts.
func AheadDeleted(a *store.Ahead, brand *catalogue.Brand) {
	accounts.AheadAll(a, byDeleted, listedKey(brand.Key))
}

// ClosedAccounts gives the listed customers of a brand who are CLOSED, oldest
// first.
func ClosedAccounts(tx store.Tx, brand *catalogue.Brand) iter.Seq2[store.ID, error] {
	return accountsOf(accounts.All(tx, byClosed, listedKey(brand.Key)), func(a *Account) store.ID { return a.ID })
}

func (s *Subscription) blockedKey() string {
	if s.State != Blocked {
		return ""
	}
	return string(Blocked)
}

// BlockedAccounts gives the accounts, of every brand, of the subscriptions that are
// BLOCKED, the oldest subscription first.
func BlockedAccounts(tx store.Tx) iter.Seq2[store.ID, error] {
	return accountsOf(subscriptions.All(tx, byBlocked, string(Blocked)), func(s *Subscription) store.ID { return s.Account })
}

// AccountsWithEmail gives the accounts of the brand's users who have an e-mail
// address, letter case aside, as their first or second.
func AccountsWithEmail(tx store.Tx, brand *catalogue.Brand, address string) iter.Seq2[store.ID, error] {
	key := record.EmailKey(brand.Key, address)
	return func(yield func(store.ID, error) bool) {
		for _, index := range []string{record.ByEmail, byEmail2} {
			for id, err := range accountsOf(users.All(tx, index, key), func(u *User) store.ID { return u.Account }) {
				if !yield(id, err) {
					return
				}
			}
		}
	}
}

func accountsOf[T any](all iter.Seq2[*T, error], of func(*T) store.ID) iter.Seq2[store.ID, error] {
	return func(yield func(store.ID, error) bool) {
		for x, err := range all {
			if err != nil {
				yield(0, err)
				return
			}
			if !yield(of(x), nil) {
				return
			}
		}
	}
}

// listedKey is an account's place in byListed.
func (a *Account) listedKey() string {
	if !a.Deleted.IsZero() {
		return ""
	}
	return listedKey(a.Brand)
}

func listedKey(brand string) string { return store.Compose(brand, "") }

// ListedAccounts gives the customers of a brand that are not deleted, oldest
// first, from the position after (nil = the start), at most limit, and the
// position to go on from: nil when nothing follows.
func ListedAccounts(tx store.Tx, brand *catalogue.Brand, after []byte, limit int) ([]*Account, []byte, error) {
	return accounts.Page(tx, byListed, listedKey(brand.Key), after, limit)
}
