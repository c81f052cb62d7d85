package customer

import (
	"time"

	"rator/catalogue"
	"rator/customer/internal/record"
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

// AskPartial has a batch ask for one customer, which need not be there.
func AskPartial(b *store.Batch, tx store.Tx, account store.ID) *Partial {
	p := &Partial{tx: tx}
	accounts.AskDoc(b, account, &p.Account)
	return p
}

// known reports whether a Partial that was asked for is of a customer.
func (p *Partial) known() bool { return p.Account.ID != 0 }

// Listed reports whether it is of a customer of the brand that is not deleted.
func (p *Partial) Listed(brand *catalogue.Brand) (bool, error) {
	if !p.known() {
		return false, nil
	}
	deleted, ok := p.Account.Text(accountDeleted)
	if brandKey, read := p.Account.Text(accountBrand); ok && read && deleted == "" {
		return brandKey == brand.Key, nil
	}
	a, err := p.Whole()
	return err == nil && a.Brand == brand.Key && a.Deleted.IsZero(), err
}

// Whole reads the account.
func (p *Partial) Whole() (*Account, error) { return accounts.Whole(p.Account) }

// ReadAhead reads of customers, at once, what Owner and Subscriptions will be asked for.
func ReadAhead(tx store.Tx, of []*Partial, parts Parts) error {
	var b store.Batch
	for _, p := range of {
		if parts&OwnerPart != 0 && p.owner == nil {
			if err := p.askOwner(&b); err != nil {
				return err
			}
		}
		if parts&SubscriptionsPart != 0 && !p.subscribed {
			p.subscribed = true
			subscriptions.AskDocs(&b, record.ByAccount, p.Account.ID.String(), manySubscriptions, &p.subscriptions)
		}
	}
	return b.Answer(tx)
}

func (p *Partial) askOwner(b *store.Batch) error {
	id, ok := p.Account.IDOf(accountOwner)
	if !ok {
		return p.unreadable()
	}
	p.owner = new(store.Doc)
	users.AskDoc(b, id, p.owner)
	b.Then(func() error {
		if p.owner.ID == 0 {
			return UnknownUser.With("%s", id)
		}
		return nil
	})
	return nil
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

// LoadPartials reads those parts of the summaries of customers, at once.
func LoadPartials(tx store.Tx, of []*Partial, parts Parts) ([]*Whole, error) {
	var b store.Batch
	all := make([]*Whole, len(of))
	for i, p := range of {
		a, err := p.Whole()
		if err != nil {
			return nil, err
		}
		if p.owner == nil || parts&OwnerPart == 0 {
			all[i] = askSummary(&b, a, parts)
			continue
		}
		all[i] = askSummary(&b, a, parts&^OwnerPart)
		owner, err := users.Whole(*p.owner)
		if err != nil {
			return nil, err
		}
		all[i].Users = []*User{owner}
	}
	return all, b.Answer(tx)
}

// unreadable is the error of reading the account whole.
func (p *Partial) unreadable() error {
	_, err := accounts.Whole(p.Account)
	if err == nil {
		err = UnknownUser.With("owner of account %s", p.Account.ID)
	}
	return err
}
