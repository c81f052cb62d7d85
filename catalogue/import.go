package catalogue

import (
	"bytes"
	"encoding/json"
	"time"

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
// What holds by the day, as an option's prices do, changes from the brand's today on
// where f names no day of its own; what held on the days before stays.
//
// It fails with CATALOGUE_ID_CHANGED when a known code comes with another id,
// with CATALOGUE_ID_TAKEN when an id belongs to another object already, and with
// CATALOGUE_PAST_CHANGED when f says something else of days that are over.
func Import(tx store.Tx, f *File) (Changes, error) { return ImportFrom(tx, f, time.Time{}) }

// ImportFrom is Import from a day on, midnight in UTC, in the place of today. It fails with VALID_FROM_PAST when that is before the brand's today.
func ImportFrom(tx store.Tx, f *File, day time.Time) (Changes, error) {
	return importFrom(tx, f, day, nil)
}

// importFrom makes the changes, or with a plan only says there what they would be.
func importFrom(tx store.Tx, f *File, day time.Time, plan *[]Change) (Changes, error) {
	var changes Changes
	for _, o := range f.Brands {
		s, err := scheduleOf(tx, &o.Brand, day)
		if s.plan = plan; err == nil {
			err = o.merge(tx, s, &changes)
		}
		if err != nil {
			return Changes{}, err
		}
	}
	return changes, nil
}

func (o *Offer) merge(tx store.Tx, from schedule, changes *Changes) error {
	if err := merge(tx, Brands, o.Key, []*Brand{&o.Brand}, from, changes); err != nil {
		return err
	}
	for _, s := range sections {
		if err := s.merge(tx, o, from, changes); err != nil {
			return err
		}
	}
	return nil
}

// merge brings one kind of a brand's objects to what a file wants.
func merge[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], brand string, wanted []P, from schedule, changes *Changes) error {
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
		if err := keep[T, P](tx, kind, old, &x, from, changes); err != nil {
			return err
		}
	}
	for _, old := range stored {
		if e := P(old).entry(); left[P(old).code()] != nil && !e.Retired {
			was := *old
			if r, ok := any(old).(retired); ok {
				r.retire(from)
			}
			e.Retired = true
			changes.Retired++
			if err := put[T, P](tx, kind, &was, old, from); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep inserts x, or puts it in the place of old when they differ.
func keep[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], old, x *T, from schedule, changes *Changes) error {
	if old == nil {
		if err := follow(old, x, from); err != nil {
			return err
		}
		changes.Added++
		if from.plan != nil {
			return planNew[T, P](tx, kind, x, from)
		}
		return kind.Insert(tx, x)
	}
	was, is := P(old).entry(), P(x).entry()
	if was.CatalogueID != is.CatalogueID {
		return IDChanged.With("%s %s of brand %s is %s, the file says %s; give something new a code of its own",
			kind.Name(), P(x).code(), P(x).brand(), was.CatalogueID, is.CatalogueID)
	}
	if err := follow(old, x, from); err != nil {
		return err
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
	return put[T, P](tx, kind, old, x, from)
}

// put keeps x in the place of old, or plans to.
func put[T any, P thing[T]](tx store.Tx, kind *store.Kind[T], old, x *T, from schedule) error {
	if from.plan != nil {
		*from.plan = append(*from.plan, changeOf[T, P](kind, old, x))
		return nil
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
