package past_test

import "rator/store"

// countEvents counts the events of a store.
func countEvents(events *int) func(tx store.Tx) error {
	return func(tx store.Tx) error {
		for after := int64(0); ; {
			page, err := tx.EventsAfter(after, 1000)
			if err != nil || len(page) == 0 {
				return err
			}
			*events, after = *events+len(page), page[len(page)-1].Cursor
		}
	}
}
