package component

import (
	"time"

	"rator/failure"
	"rator/store"
	"rator/workflow/value"
)

// Params of one type, for the declarations of components.
func text(key string) Param      { return Param{Key: key, Type: value.String} }
func mandatory(key string) Param { return Param{Key: key, Type: value.String, Mandatory: true} }

// below is the FIELDS a component takes: a complex value with the keys of the
// business type it fills.
func below(key string) Param { return Param{Key: key, Type: value.Complex} }

// idOf reads an id; an absent or null one is 0.
func idOf(in value.Tree, key string) (store.ID, error) {
	s := in.Text(key)
	if s == "" {
		return 0, nil
	}
	id, err := store.ParseID(s)
	if err != nil {
		return 0, failure.InvalidRequest.With("%s: %v", key, err)
	}
	return id, nil
}

// idsOf reads several ids into their places, the first wrong one is the error.
func idsOf(in value.Tree, places map[string]*store.ID) error {
	for key, place := range places {
		id, err := idOf(in, key)
		if err != nil {
			return err
		}
		*place = id
	}
	return nil
}

// dateOf reads a date, in the zone whose calendar day it means (catalogue.Brand.Meant);
// an absent or null one is the zero time.
func (c *Call) dateOf(in value.Tree, key string) (time.Time, error) {
	e := in.Get(key)
	if e == nil || e.Null || e.Text == "" {
		return time.Time{}, nil
	}
	return c.mandatoryDate(in, key)
}

// mandatoryDate is dateOf of a date that must be there.
func (c *Call) mandatoryDate(in value.Tree, key string) (time.Time, error) {
	t, err := value.ParseDate(in.Text(key), c.Brand.Zone())
	if err != nil {
		return t, failure.InvalidRequest.With("%s %v", key, err)
	}
	return c.Brand.Meant(t), nil
}

// onlyID is the result of a component that made something.
func onlyID(id store.ID) value.Tree { return value.Tree{value.OfString("ID", id.String())} }
