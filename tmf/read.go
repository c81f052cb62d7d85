package tmf

import (
	"net/http"
	"time"

	"rator/catalogue"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/query"
	"rator/tmf/resource"
	"rator/unit"
)

// read answers one item, or the part of it that is selected. A filter in the
// query must match it: the specification writes reads as /{ID}/?{fields}&{filter}.
func (x *exchange) read() error {
	var (
		q           *query.Query
		item        resource.Item
		doc         jsondoc.Value
		notModified bool
	)
	a := x.ask(nil)
	a.Prepare = func(b *catalogue.Brand) (_ unit.Question, err error) {
		q, err = x.query(b.Zone())
		return nil, err
	}
	err := x.through(a, func(u *resource.Work) (err error) {
		if item, err = x.collection().Get(u, x.id); err != nil {
			return err
		}
		if notModified, err = conditions(x.r, item); err != nil {
			return err
		}
		if doc = x.show.Show(item); !q.Filter.Match(doc) {
			return problem.UnknownResource.With("%s %s is not what the query asks for", x.resource.Name, item.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if notModified {
		x.w.Header().Set("ETag", etag(item))
		x.started = true
		x.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	x.item(http.StatusOK, item, q.Selection.Apply(doc))
	return nil
}

// query reads what the request asks for; date-times without a zone are of that one.
func (x *exchange) query(zone *time.Location) (*query.Query, error) {
	return query.Parse(x.r.URL.RawQuery, x.resource.Shape, x.dialect.Selected, zone)
}
