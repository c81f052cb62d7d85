package load

import "rator/store"

// counting is a transaction that counts what is loaded, by kind.
type counting struct {
	store.Tx
	things map[string]int64
}

// Load is as of any transaction.
func (c *counting) Load(kind string, r store.Record) error {
	err := c.Tx.Load(kind, r)
	if err == nil {
		c.things[kind]++
	}
	return err
}
