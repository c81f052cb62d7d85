package tmf

import (
	"context"
	"net/http"
	"time"

	"rator/access"
	"rator/store"
)

// The verbs of hubs, under the shared path and under a resource's.
var (
	hubsVerbs = []verb{
		{method: http.MethodGet, serve: (*exchange).listHubs},
		{method: http.MethodPost, serve: (*exchange).register},
	}
	hubVerbs = []verb{
		{method: http.MethodGet, serve: (*exchange).readHub},
		{method: http.MethodDelete, serve: (*exchange).unregister},
	}
)

// register keeps a hub: 201. The same hub again is the one that is there, and
// goes on if it was suspended; v4 says 409 to one that was not.
func (x *exchange) register() error {
	_, doc, err := x.readDocument(jsonType)
	if err != nil {
		return err
	}
	if doc.kind != Object {
		return wrongType("the document", "an object", doc)
	}
	callback, err := textMember(doc, "callback")
	if err != nil {
		return err
	}
	query, err := textMember(doc, "query")
	if err != nil {
		return err
	}
	if err := x.config.Hubs.checkCallback(x.r.Context(), callback); err != nil {
		return err
	}
	resource := x.hubResource()
	about := resourcesOf(x.dialect, resource)
	if _, err := parseHubQuery(query, x.dialect, about, time.UTC); err != nil {
		return err
	}
	for _, r := range about {
		if right := RightOf(http.MethodGet, x.base.Path+"/"+r.Name); resource != "" && !x.call.Operator.May(right) {
			return NotAllowed.With("%s has no right to %s, so it cannot be told either", x.call.Operator.Name, right)
		}
	}
	var (
		hub   *Hub
		found bool
	)
	err = x.hubUnit(func(tx store.Tx) ([]store.ID, error) {
		brand, err := brandOf(tx, x.call)
		if err != nil {
			return nil, err
		}
		hub, found, err = keepHub(tx, &Hub{
			Callback: callback, Query: query, Dialect: x.dialect.Name, Resource: resource,
			Origin: x.show.origin, BasePath: x.base.Path, Operator: x.call.Operator.Name, Brand: brand.Key,
		})
		if err != nil {
			return nil, err
		}
		if found && x.dialect == dialectV4 {
			return nil, Clash.With("hub %s has this callback and query", hub.ID)
		}
		return []store.ID{hub.ID}, nil
	})
	if err != nil {
		return err
	}
	x.config.Hubs.poke()
	x.w.Header().Set("Location", hub.path())
	x.answer(http.StatusCreated, x.dialect.MediaType, hub.document().Append(nil))
	return nil
}

// textMember gives a text, "" for none or null.
func textMember(doc Value, name string) (string, error) {
	v, _ := doc.Get(name)
	if v.kind != String && v.kind != Null {
		return "", wrongType(name, "a string", v)
	}
	return v.text, nil
}

// document is what callers see of a hub.
func (h *Hub) document() Value {
	query := Value{}
	if h.Query != "" {
		query = Text(h.Query)
	}
	return ObjectOf(Member{"id", Text(h.ID.String())}, Member{"callback", Text(h.Callback)}, Member{"query", query})
}

func (x *exchange) hubResource() string {
	if x.resource == nil {
		return ""
	}
	return x.resource.Name
}

// listHubs answers the operator's own hubs under the path.
func (x *exchange) listHubs() error {
	var documents []Value
	err := x.config.Hubs.config.Store.View(x.r.Context(), func(tx store.Tx) error {
		all, err := hubsOf(tx, x.call.Operator.Name, x.dialect, x.hubResource())
		for _, h := range all {
			documents = append(documents, h.document())
		}
		return err
	})
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, x.dialect.MediaType, ArrayOf(documents...).Append(nil))
	return nil
}

func (x *exchange) readHub() error {
	var hub *Hub
	err := x.config.Hubs.config.Store.View(x.r.Context(), func(tx store.Tx) (err error) {
		hub, err = x.ownHub(tx)
		return err
	})
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, x.dialect.MediaType, hub.document().Append(nil))
	return nil
}

// ownHub finds the operator's hub that the path names.
func (x *exchange) ownHub(tx store.Tx) (*Hub, error) {
	id, err := store.ParseID(x.id)
	if err != nil {
		return nil, UnknownHub.With("%.40q", x.id)
	}
	h, err := hubs.Get(tx, id)
	if err == nil && (h.Operator != x.call.Operator.Name || h.Dialect != x.dialect.Name || h.Resource != x.hubResource()) {
		return nil, UnknownHub.With("%s", id)
	}
	return h, err
}

// unregister forgets a hub: 204.
func (x *exchange) unregister() error {
	err := x.hubUnit(func(tx store.Tx) ([]store.ID, error) {
		h, err := x.ownHub(tx)
		if err != nil {
			return nil, err
		}
		return []store.ID{h.ID}, RemoveHub(tx, h.ID)
	})
	if err != nil {
		return err
	}
	if x.dialect.DeleteType != "" {
		x.w.Header().Set("Content-Type", x.dialect.DeleteType)
	}
	x.started = true
	x.w.WriteHeader(http.StatusNoContent)
	return nil
}

// hubUnit changes hubs and writes the audit row of it in one transaction.
func (x *exchange) hubUnit(do func(store.Tx) ([]store.ID, error)) error {
	return x.config.Hubs.config.Store.Update(context.WithoutCancel(x.r.Context()), func(tx store.Tx) error {
		objects, err := do(tx)
		if err != nil {
			return err
		}
		return access.Record(tx, access.AuditRow{
			Who: x.call.Operator.Name, From: remoteOf(x.call.Remote), Face: "tmf", Hookpoint: x.call.Right,
			Objects: objects, Outcome: access.OutcomeOK, RequestID: x.call.RequestID, Notes: []string{x.dialect.Name},
		})
	})
}
