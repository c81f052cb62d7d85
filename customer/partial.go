package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
	"rator/failure"
	"rator/store"
)

// Partial is a customer of whom no more is read than is asked for: for who goes
// through all of them and needs little of each.
type Partial struct {
	Account store.Doc // of an Account

	tx            store.Tx
	owner         *store.Doc
	subscriptions []store.Doc
	subscribed    bool // subscriptions are read
}

// What is read of accounts, as their documents have it.
var (
	accountBrand   = store.MemberName(func(a *Account) *string { return &a.Brand })
	accountOwner   = store.MemberName(func(a *Account) *store.ID { return &a.Owner })
	accountDeleted = store.MemberName(func(a *Account) *time.Time { return &a.Deleted })
)

// Partials gives the customers of a brand as ListedAccounts does.
func Partials(tx store.Tx, brand *catalogue.Brand, after []byte, limit int) ([]Partial, []byte, error) {
	docs, next, err := accounts.DocPage(tx, byListed, listedKey(brand.Key), after, limit)
	all := make([]Partial, len(docs))
	for i := range docs {
		all[i] = Partial{Account: docs[i], tx: tx}
	}
	return all, next, err
}

// PartialOf is of one customer.
func PartialOf(tx store.Tx, account store.ID) (*Partial, error) {
	doc, err := accounts.Doc(tx, account)
	return &Partial{Account: doc, tx: tx}, err
}

// IsListed reports whether an account is a customer of the brand, and not deleted.
func IsListed(tx store.Tx, brand *catalogue.Brand, account store.ID) (bool, error) {
	doc, err := accounts.Doc(tx, account)
	if failure.CodeOf(err) == UnknownAccount {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	deleted, ok := doc.Text(accountDeleted)
	if brandKey, read := doc.Text(accountBrand); ok && read && deleted == "" {
		return brandKey == brand.Key, nil
	}
	a, err := accounts.Whole(doc)
	return err == nil && a.Brand == brand.Key && a.Deleted.IsZero(), err
}

// Owner is the User who owns the account.
func (p *Partial) Owner() (store.Doc, error) {
	if p.owner == nil {
		id, ok := p.Account.IDOf(accountOwner)
		if !ok {
			return store.Doc{}, p.unreadable()
		}
		owner, err := users.Doc(p.tx, id)
		if err != nil {
			return store.Doc{}, err
		}
		p.owner = &owner
	}
	return *p.owner, nil
}

// manySubscriptions is how many of them a Partial gives.
const manySubscriptions = 100

// Subscriptions are those of the account, oldest first. all is false where there
// are more than a Partial gives.
func (p *Partial) Subscriptions() (some []store.Doc, all bool, err error) {
	if !p.subscribed {
		p.subscriptions, err = subscriptions.Docs(p.tx, record.ByAccount, p.Account.ID.String(), manySubscriptions)
		p.subscribed = err == nil
	}
	return p.subscriptions, len(p.subscriptions) < manySubscriptions, err
}

// LoadSummary reads those parts of a summary.
func (p *Partial) LoadSummary(of Parts) (*Whole, error) {
	a, err := accounts.Whole(p.Account)
	if err != nil {
		return nil, err
	}
	if p.owner == nil || of&OwnerPart == 0 {
		return loadSummary(p.tx, a, of)
	}
	w, err := loadSummary(p.tx, a, of&^OwnerPart)
	if err != nil {
		return nil, err
	}
	owner, err := users.Whole(*p.owner)
	w.Users = []*User{owner}
	return w, err
}

// unreadable is the error of reading the account whole.
func (p *Partial) unreadable() error {
	_, err := accounts.Whole(p.Account)
	if err == nil {
		err = UnknownUser.With("owner of account %s", p.Account.ID)
	}
	return err
}
