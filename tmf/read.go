package tmf

import (
	"net/http"
	"time"
)

// read answers one item, or the part of it that is selected. A filter in the
// query must match it: the specification writes reads as /{ID}/?{fields}&{filter}.
func (x *exchange) read() error {
	q, err := x.query()
	if err != nil {
		return err
	}
	i, err := x.collection().Get(x.r.Context(), x.call, x.id)
	if err != nil {
		return err
	}
	notModified, err := conditions(x.r, i)
	if err != nil {
		return err
	}
	doc := x.show.show(i)
	if !q.Filter.Match(doc) {
		return UnknownResource.With("%s %s is not what the query asks for", x.resource.Name, i.ID)
	}
	if notModified {
		x.w.Header().Set("ETag", etag(i))
		x.started = true
		x.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	x.item(http.StatusOK, i, q.selection.apply(doc))
	return nil
}

func (x *exchange) query() (*Query, error) {
	if x.r.URL.RawQuery == "" {
		return ParseQuery("", x.resource.Shape, x.dialect.Selected, time.UTC)
	}
	zone, err := x.zone()
	if err != nil {
		return nil, err
	}
	return ParseQuery(x.r.URL.RawQuery, x.resource.Shape, x.dialect.Selected, zone)
}

// zone is that of date-times which the call has without one.
func (x *exchange) zone() (*time.Location, error) {
	if x.config.Zone == nil {
		return time.UTC, nil
	}
	return x.config.Zone(x.r.Context(), x.call)
}
