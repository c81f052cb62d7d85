package unit

import (
	"rator/access"
	"rator/customer"
)

// recordChanges writes the audit row of a call that changes things, with what it changed.
func (c *call) recordChanges(tx *access.Changes) error {
	accounts := c.told.Accounts
	if len(tx.Erased()) > 0 {
		var err error
		if accounts, err = customer.AccountsOf(tx, c.unit.objects); err != nil {
			return err
		}
	}
	return tx.Record(c.auditRow(), accounts)
}
