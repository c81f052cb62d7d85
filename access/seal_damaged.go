package access

import (
	"errors"

	"rator/store"
)

// damaged is the record of a kind that err is about, 0 where it is about none.
func damaged(kind string, err error) store.ID {
	var bad *store.BadRecordError
	if errors.As(err, &bad) && bad.Kind == kind {
		return bad.ID
	}
	return 0
}

// isDamaged reports whether a record stands for one that cannot be read.
func isDamaged(r *store.Record) bool { return r.Version == 0 }

// scanPast is tx.Scan that does not end at a record that cannot be read: it gives one with
// nothing but the id in its place. The store's own verification says what is wrong with it.
func scanPast(tx store.Tx, kind string, after store.ID, limit int) ([]store.Record, error) {
	page, err := tx.Scan(kind, after, limit)
	if damaged(kind, err) <= after {
		return page, err
	}
	page = nil
	for len(page) < limit {
		one, err := tx.Scan(kind, after, 1)
		switch bad := damaged(kind, err); {
		case bad > after:
			one = []store.Record{{ID: bad}}
		case err != nil:
			return nil, err
		case len(one) == 0:
			return page, nil
		}
		page, after = append(page, one[0]), one[0].ID
	}
	return page, nil
}

// eachPast gives every record of a kind as scanPast does.
func eachPast(tx store.Tx, kind string, fn func(*store.Record) error) error {
	for after := store.ID(0); ; {
		page, err := scanPast(tx, kind, after, 256)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			if err := fn(&page[i]); err != nil {
				return err
			}
		}
		after = page[len(page)-1].ID
	}
}
