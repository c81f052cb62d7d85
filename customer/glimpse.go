package customer

import (
	"rator/catalogue"
	"rator/failure"
	"rator/store"
)

// Glimpse is a customer of whom no more is read than is asked for: for who goes
// through all of them and needs little of each.
type Glimpse struct {
	Account store.Doc // of an Account

	tx            store.Tx
	owner         *store.Doc
	subscriptions []store.Doc
	subscribed    bool // subscriptions are read
}

// Glimpses gives the customers of a brand as ListedAccounts does.
func Glimpses(tx store.Tx, brand *catalogue.Brand, after []byte, limit int) ([]Glimpse, []byte, error) {
	docs, next, err := accounts.DocPage(tx, byListed, listedKey(brand.Key), after, limit)
	all := make([]Glimpse, len(docs))
	for i := range docs {
		all[i] = Glimpse{Account: docs[i], tx: tx}
	}
	return all, next, err
}

// GlimpseOf is of one customer.
func GlimpseOf(tx store.Tx, account store.ID) (*Glimpse, error) {
	doc, err := accounts.Doc(tx, account)
	return &Glimpse{Account: doc, tx: tx}, err
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
	deleted, ok := doc.Text("Deleted")
	if brandKey, read := doc.Text("Brand"); ok && read && deleted == "" {
		return brandKey == brand.Key, nil
	}
	a, err := accounts.Whole(doc)
	return err == nil && a.Brand == brand.Key && a.Deleted.IsZero(), err
}

// Owner is the User who owns the account.
func (g *Glimpse) Owner() (store.Doc, error) {
	if g.owner == nil {
		id, ok := g.Account.IDOf("Owner")
		if !ok {
			return store.Doc{}, g.unreadable()
		}
		owner, err := users.Doc(g.tx, id)
		if err != nil {
			return store.Doc{}, err
		}
		g.owner = &owner
	}
	return *g.owner, nil
}

// manySubscriptions is how many of them a Glimpse gives.
const manySubscriptions = 100

// Subscriptions are those of the account, oldest first. all is false where there
// are more than a Glimpse gives.
func (g *Glimpse) Subscriptions() (some []store.Doc, all bool, err error) {
	if !g.subscribed {
		g.subscriptions, err = subscriptions.Docs(g.tx, byAccount, g.Account.ID.String(), manySubscriptions)
		g.subscribed = err == nil
	}
	return g.subscriptions, len(g.subscriptions) < manySubscriptions, err
}

// Outline reads the parts of what customer.Outline gives.
func (g *Glimpse) Outline(of Parts) (*Whole, error) {
	a, err := accounts.Whole(g.Account)
	if err != nil {
		return nil, err
	}
	if g.owner == nil || of&OwnerPart == 0 {
		return outline(g.tx, a, of)
	}
	w, err := outline(g.tx, a, of&^OwnerPart)
	if err != nil {
		return nil, err
	}
	owner, err := users.Whole(*g.owner)
	w.Users = []*User{owner}
	return w, err
}

// unreadable is the error of reading the account whole.
func (g *Glimpse) unreadable() error {
	_, err := accounts.Whole(g.Account)
	if err == nil {
		err = UnknownUser.With("owner of account %s", g.Account.ID)
	}
	return err
}
