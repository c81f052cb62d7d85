package catalogue

import (
	"bytes"
	"encoding/json"

	"rator/store"
)

// Changes counts what an Import did.
type Changes struct {
	Added, Changed, Retired, Unchanged int
}

// Any reports whether the import wrote anything.
func (c Changes) Any() bool { return c.Added+c.Changed+c.Retired > 0 }

// Import makes the store say what f says, matching objects by business key. It
// deletes nothing, because customers may have it: what a brand of f no longer
// lists is retired, and what it lists again is sold again. Brands that f does
// not name stay as they are. Importing the same file again changes nothing.
//
// It fails with CATALOGUE_ID_CHANGED when a known code comes with another id,
// and with CATALOGUE_ID_TAKEN when an id belongs to another object already.
func Import(tx store.Tx, f *File) (Changes, error) {
	var changes Changes
	for _, o := range f.Brands {
		if err := o.merge(tx, &changes); err != nil {
			return Changes{}, err
		}
	}
	return changes, nil
}

func (o *Offer) merge(tx store.Tx, changes *Changes) error {
	if err := merge(tx, Brands, o.Key, []*Brand{&o.Brand}, changes); err != nil {
		return err
	}
	for _, s := range sections {
		if err := s.merge(tx, o, changes); err != nil {
			return err
		}
	}
	return nil
}

// merge brings one kind of a brand's objects to what a file wants.
func merge[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], brand string, wanted []P, changes *Changes) error {
	stored, err := listed(tx, kind, brand)
	if err != nil {
		return err
	}
	left := make(map[string]*T, len(stored))
	for _, old := range stored {
		left[P(old).code()] = old
	}
	for _, w := range wanted {
		x := *w // a transaction may run again, with the same file
		old := left[w.code()]
		delete(left, w.code())
		if err := keep[T, P](tx, kind, old, &x, changes); err != nil {
			return err
		}
	}
	for _, old := range stored {
		if e := P(old).entry(); left[P(old).code()] != nil && !e.Retired {
			e.Retired = true
			changes.Retired++
			if err := kind.Put(tx, old); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep inserts x, or puts it in the place of old when they differ.
func keep[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], old, x *T, changes *Changes) error {
	if old == nil {
		changes.Added++
		return kind.Insert(tx, x)
	}
	was, is := P(old).entry(), P(x).entry()
	if was.CatalogueID != is.CatalogueID {
		return IDChanged.With("%s %s of brand %s is %s, the file says %s; give something new a code of its own",
			kind.Name(), P(x).code(), P(x).brand(), was.CatalogueID, is.CatalogueID)
	}
	is.Base = was.Base
	same, err := equal(old, x)
	switch {
	case err != nil:
		return err
	case same:
		changes.Unchanged++
		return nil
	case is.Retired && !was.Retired:
		changes.Retired++
	default:
		changes.Changed++
	}
	return kind.Put(tx, x)
}

// equal compares what is kept of two objects.
func equal(a, b any) (bool, error) {
	first, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	second, err := json.Marshal(b)
	return bytes.Equal(first, second), err
}
