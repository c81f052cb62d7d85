package resource

import (
	"fmt"

	"rator/failure"
	"rator/store"
	"rator/workflow"
	"rator/workflow/value"
)

// The steps of a customer's life stand in internal hookpoints of the workflow's, where
// SOAP and this face find them, and a site's own: what they need here are the keys of
// their contracts.
const (
	createCustomer      = "CREATE_CUSTOMER"
	closeAccount        = "CLOSE_ACCOUNT"
	createBillingGroup  = "CREATE_BILLING_GROUP"
	endBillingGroup     = "END_BILLING_GROUP"
	blockSubscription   = "BLOCK_SUBSCRIPTION"
	unblockSubscription = "UNBLOCK_SUBSCRIPTION"
	changeOwner         = "CHANGE_OWNER"
)

// step runs one in the unit of the call, which fails with it.
func (b *Business) step(u *Work, hookpoint string, values ...value.Entry) error {
	_, err := b.Engine.Run(u.Unit, hookpoint, values)
	return err
}

// create runs one that makes an object, and gives the object's id, which it answers.
func (b *Business) create(u *Work, hookpoint, key string, values ...value.Entry) (store.ID, error) {
	out, err := b.Engine.Run(u.Unit, hookpoint, values)
	if err != nil {
		return 0, err
	}
	id, err := store.ParseID(out.Text(key))
	if err != nil {
		return 0, failure.WorkflowFailed.Because(fmt.Errorf("%s answers the %s %.40q", hookpoint, key, out.Text(key)))
	}
	return id, nil
}

// own makes a user the owner of an account or a billing group, as key says.
func (b *Business) own(u *Work, key string, object, user store.ID) error {
	return b.step(u, changeOwner, value.OfString("OWNER_ID", user.String()), value.OfString(key, object.String()))
}

// fieldsAs are the fields of a business object that say something, below a key.
func fieldsAs(key string, of any) value.Entry { return value.Of(key, workflow.Fields(of)...) }

// clip is the beginning of a text that may have that many characters at most.
func clip(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most])
	}
	return text
}
