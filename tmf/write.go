package tmf

import (
	"net/http"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/resource"
)

// create keeps a new item: 201 with the whole of it, and its address in
// Location, which is its href.
func (x *exchange) create() error {
	c, doc := x.whole()
	c.do = func(u *resource.Work) (resource.Item, error) { return x.collection().Create(u, *doc) }
	i, err := x.write(c)
	if err != nil {
		return err
	}
	x.w.Header().Set("Location", x.show.Href(i.ID))
	x.item(http.StatusCreated, i, x.show.Show(i))
	return nil
}

// whole is a write of a whole document, which is there once it is accepted.
func (x *exchange) whole() (c change, doc *jsondoc.Value) {
	doc = new(jsondoc.Value)
	return change{
		receive: func() (err error) {
			_, *doc, err = x.readDocument(dialect.JSON)
			return err
		},
		accept: func(a dialect.Acceptance) (err error) {
			*doc, err = a.Whole(x.resource.Shape, *doc)
			return err
		},
	}, doc
}

// replace gives an item another document: attributes that are not in it are
// erased.
func (x *exchange) replace() error {
	c, doc := x.whole()
	return x.change(http.StatusOK, c, func(_ jsondoc.Value) (jsondoc.Value, error) { return *doc, nil })
}

// patch changes a part of an item, by merging or by JSON Patch.
func (x *exchange) patch() error {
	var (
		apply    func(shown jsondoc.Value) (jsondoc.Value, error)
		accepted dialect.Acceptance
	)
	c := change{
		receive: func() (err error) {
			apply, err = x.readPatch()
			return err
		},
		accept: func(a dialect.Acceptance) error {
			accepted = a
			return nil
		},
	}
	return x.change(x.dialect.PatchStatus, c, func(shown jsondoc.Value) (jsondoc.Value, error) {
		changed, err := apply(shown)
		if err != nil {
			return jsondoc.Value{}, err
		}
		return accepted.Patched(x.resource.Shape, shown, changed)
	})
}

// readPatch reads what is to be done to a document.
func (x *exchange) readPatch() (apply func(shown jsondoc.Value) (jsondoc.Value, error), err error) {
	media, doc, err := x.readDocument(patchTypes...)
	if err != nil {
		if p := problem.Of(err); p != nil && p.Code == problem.WrongMediaType {
			p.And("Accept-Patch", dialect.JSON+", "+dialect.MergePatch+", "+dialect.JSONPatch)
		}
		return nil, err
	}
	shape := x.resource.Shape
	if media == dialect.JSONPatch {
		p, err := shape.ReadPatch(doc, &x.config.Limits)
		if err != nil {
			return nil, err
		}
		return func(shown jsondoc.Value) (jsondoc.Value, error) {
			if err := p.RefuseOthers(shown, x.id); err != nil {
				return jsondoc.Value{}, err
			}
			return p.Apply(shown)
		}, nil
	}
	return func(shown jsondoc.Value) (jsondoc.Value, error) {
		if err := shape.RefuseOthers(doc, shown, x.id); err != nil {
			return jsondoc.Value{}, err
		}
		return shape.Merge(shown, doc, &x.config.Limits)
	}, shape.RefuseFixed(doc)
}

// change replaces an item's document by what edit makes of the answer document,
// if the conditions of the request hold.
func (x *exchange) change(status int, c change, edit func(shown jsondoc.Value) (jsondoc.Value, error)) error {
	c.do = func(u *resource.Work) (resource.Item, error) {
		return x.collection().Replace(u, x.id, func(current resource.Item) (jsondoc.Value, error) {
			if _, err := conditions(x.r, current); err != nil {
				return jsondoc.Value{}, err
			}
			shown := x.show.Show(current)
			changed, err := edit(shown)
			if err != nil {
				return jsondoc.Value{}, err
			}
			return x.show.Restore(current, shown, changed), nil
		})
	}
	i, err := x.write(c)
	if err != nil {
		return err
	}
	x.item(status, i, x.show.Show(i))
	return nil
}

// delete forgets an item.
func (x *exchange) delete() error {
	i, err := x.write(change{do: func(u *resource.Work) (resource.Item, error) {
		return x.collection().Delete(u, x.id, func(current resource.Item) error {
			_, err := conditions(x.r, current)
			return err
		})
	}})
	if err != nil {
		return err
	}
	x.gone(i)
	return nil
}

// gone answers that an item is no more.
func (x *exchange) gone(i resource.Item) {
	x.replayed(i)
	if x.dialect.DeleteType != "" {
		x.w.Header().Set("Content-Type", x.dialect.DeleteType)
	}
	x.started = true
	x.w.WriteHeader(http.StatusNoContent)
}
