package tmf

import (
	"net/http"
	"time"
)

// create keeps a new item: 201 with the whole of it, and its address in
// Location, which is its href.
func (x *exchange) create() error {
	_, doc, err := x.readDocument(jsonType)
	if err != nil {
		return err
	}
	accepted, err := x.accept()
	if err != nil {
		return err
	}
	if doc, err = accepted.whole(x.resource.Shape, doc); err != nil {
		return err
	}
	i, err := x.collection().Create(x.r.Context(), x.call, doc)
	if err != nil {
		return err
	}
	x.w.Header().Set("Location", x.show.href(i.ID))
	x.item(http.StatusCreated, i, x.show.show(i))
	return nil
}

// replace gives an item another document: attributes that are not in it are
// erased.
func (x *exchange) replace() error {
	_, doc, err := x.readDocument(jsonType)
	if err != nil {
		return err
	}
	accepted, err := x.accept()
	if err != nil {
		return err
	}
	if doc, err = accepted.whole(x.resource.Shape, doc); err != nil {
		return err
	}
	return x.change(http.StatusOK, func(_ Value) (Value, error) { return doc, nil })
}

// patch changes a part of an item, by merging or by JSON Patch.
func (x *exchange) patch() error {
	media, doc, err := x.readDocument(patchTypes...)
	if err != nil {
		if p := problemOf(err); p != nil && p.ProblemCode == WrongMediaType {
			p.and("Accept-Patch", jsonType+", "+mergeType+", "+jsonPatchType)
		}
		return err
	}
	shape := x.resource.Shape
	apply := func(shown Value) (Value, error) {
		if err := refuseOthers(shape, doc, shown, x.id); err != nil {
			return Value{}, err
		}
		return made(merge(shape, shown, doc).String(), &x.config.Limits)
	}
	if media == jsonPatchType {
		p, err := readPatch(shape, doc, &x.config.Limits)
		if err != nil {
			return err
		}
		apply = func(shown Value) (Value, error) {
			if err := p.refuseOthers(shown, x.id); err != nil {
				return Value{}, err
			}
			return p.apply(shown)
		}
	} else if err := refuseFixed(shape, doc); err != nil {
		return err
	}
	accepted, err := x.accept()
	if err != nil {
		return err
	}
	return x.change(x.dialect.PatchStatus, func(shown Value) (Value, error) {
		changed, err := apply(shown)
		if err != nil {
			return Value{}, err
		}
		return accepted.patched(shape, shown, changed)
	})
}

// change replaces an item's document by what edit makes of the answer document,
// if the conditions of the request hold.
func (x *exchange) change(status int, edit func(shown Value) (Value, error)) error {
	i, err := x.collection().Replace(x.r.Context(), x.call, x.id, func(current Item) (Value, error) {
		if _, err := conditions(x.r, current); err != nil {
			return Value{}, err
		}
		shown := x.show.show(current)
		changed, err := edit(shown)
		if err != nil {
			return Value{}, err
		}
		return x.show.restore(current, shown, changed), nil
	})
	if err != nil {
		return err
	}
	x.item(status, i, x.show.show(i))
	return nil
}

// delete forgets an item.
func (x *exchange) delete() error {
	x.identify(Value{})
	i, err := x.collection().Delete(x.r.Context(), x.call, x.id, func(current Item) error {
		_, err := conditions(x.r, current)
		return err
	})
	if err != nil {
		return err
	}
	x.replayed(i)
	if x.dialect.DeleteType != "" {
		x.w.Header().Set("Content-Type", x.dialect.DeleteType)
	}
	x.started = true
	x.w.WriteHeader(http.StatusNoContent)
	return nil
}

// accept is not for inside a transaction: it looks for the zone in one of its own.
func (x *exchange) accept() (acceptance, error) {
	a := acceptance{strict: x.config.Strict, typed: x.dialect.Typed, zone: time.UTC}
	var err error
	if a.typed {
		a.zone, err = x.zone()
	}
	return a, err
}
