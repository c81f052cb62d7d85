package customer

import (
	"rator/event"
	"rator/store"
)

// WhoseAre finds whose the objects with some ids are, of which an event tells that does
// not say it: the brand and the account of the first that is somebody's, nobody's where
// none is.
func WhoseAre(tx store.Tx, ids []store.ID) (event.Whose, error) {
	found, err := AccountsOf(tx, ids)
	if err != nil || len(found) == 0 {
		return event.Whose{}, err
	}
	a, err := accounts.Get(tx, found[0])
	if err != nil {
		return event.Whose{}, err
	}
	return event.Whose{Brand: a.Brand, Account: a.ID}, nil
}
