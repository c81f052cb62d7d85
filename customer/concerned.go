package customer

import (
	"slices"

	"rator/failure"
	"rator/store"
)

// concerned give the account of an id, each for objects of one kind: 0 when it is
// none of them.
var concerned = []func(store.Tx, store.ID) (store.ID, error){
	func(tx store.Tx, id store.ID) (store.ID, error) {
		_, err := accounts.Doc(tx, id)
		return found(id, err, UnknownAccount)
	},
	accountOfPart(users), accountOfPart(billingGroups), accountOfPart(subscriptions),
}

func accountOfPart[T any, P partOf[T]](k parts[T, P]) func(store.Tx, store.ID) (store.ID, error) {
	return func(tx store.Tx, id store.ID) (store.ID, error) {
		doc, err := k.Doc(tx, id)
		account, _ := doc.IDOf("Account")
		return found(account, err, k.unknown)
	}
}

// found makes nothing of an error that says that there is none.
func found(account store.ID, err error, none *failure.Code) (store.ID, error) {
	if failure.CodeOf(err) == none {
		return 0, nil
	}
	return account, err
}

// AccountsOf gives the accounts that ids are of, each once: ids of accounts, users,
// billing groups and subscriptions, of any brand. Others are of none.
func AccountsOf(tx store.Tx, ids []store.ID) ([]store.ID, error) {
	var all []store.ID
	for _, id := range ids {
		for _, accountOf := range concerned {
			account, err := accountOf(tx, id)
			if err != nil {
				return nil, err
			}
			if account == 0 {
				continue
			}
			if !slices.Contains(all, account) {
				all = append(all, account)
			}
			break
		}
	}
	return all, nil
}
