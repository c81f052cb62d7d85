package tmf

import (
	"strings"

	"rator/customer"
	"rator/store"
)

// ended keeps what a deleted resource was last, for the notifications of its end. It
// is no part of the event, because events stay: this goes after KeptFor, and earlier
// when somebody it speaks of is erased. A listener that was not told until then is
// not told what it was.
type ended struct {
	store.Base
	Documents string // by dialect, as JSON
}

var endings = store.Define("tmf_ended", nil, func(x *ended) *store.Base { return &x.Base })

// forgetEnded deletes what ended resources were that speak of a person, or of the
// customer whose owner the person is.
func forgetEnded(tx store.Tx, a *customer.Account, user *customer.User) error {
	all, err := collect(endings.Scan(tx))
	if err != nil {
		return err
	}
	for _, x := range all {
		if !strings.Contains(x.Documents, user.ID.String()) && (a.Owner != user.ID || !strings.Contains(x.Documents, a.ID.String())) {
			continue
		}
		if err := endings.Delete(tx, x); err != nil {
			return err
		}
	}
	return nil
}
