package tmf

import (
	"net/http"

	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/hub"
	"rator/tmf/jsondoc"
	"rator/tmf/openapi"
	"rator/tmf/problem"
	"rator/tmf/resource"
)

// The verbs of hubs, under the shared path and under a resource's.
var (
	hubsVerbs = []verb{
		{openapi.Method{Name: http.MethodGet, About: openapi.ListingHubs}, (*exchange).listHubs},
		{openapi.Method{Name: http.MethodPost, About: openapi.Registering}, (*exchange).register},
	}
	hubVerbs = []verb{
		{openapi.Method{Name: http.MethodGet, About: openapi.ReadingHub}, (*exchange).readHub},
		{openapi.Method{Name: http.MethodDelete, About: openapi.Unregistering}, (*exchange).unregister},
	}
)

// register keeps a hub: 201. The same hub again is the one that is there, and
// goes on if it was suspended; v4 says 409 to one that was not.
func (x *exchange) register() error {
	var (
		wanted, kept *hub.Hub
		unfit        error
	)
	i, err := x.write(change{
		receive: func() (err error) {
			if wanted, err = x.readHubDocument(); err != nil {
				return err
			}
			if unfit = x.checkHub(wanted); x.requestID == "" { // what is asked needs no brand
				return unfit
			}
			return nil
		},
		accept: func(dialect.Acceptance) error { return unfit },
		do: func(u *resource.Work) (_ resource.Item, err error) {
			one, found := *wanted, false
			one.Brand = u.Brand.Key
			if kept, found, err = hub.Register(u.Tx, &one); err != nil {
				return resource.Item{}, err
			}
			if found && x.dialect == dialect.V4 {
				return resource.Item{}, problem.Clash.With("hub %s has this callback and query", kept.ID)
			}
			u.Touch(kept.ID)
			return kept.Item(), nil
		},
	})
	if err != nil {
		return err
	}
	if kept == nil || i.Replayed {
		id, _ := store.ParseID(i.ID)
		kept = x.hub()
		kept.ID = id
	}
	x.config.Hubs.Poke()
	x.w.Header().Set("Location", kept.Path())
	x.replayed(i)
	x.answer(http.StatusCreated, x.dialect.MediaType, i.Document.Append(nil))
	return nil
}

// hub is one as the request would register it.
func (x *exchange) hub() *hub.Hub {
	return &hub.Hub{Dialect: x.dialect.Name, Resource: x.hubResource(), Origin: x.show.Origin, BasePath: x.base.Path}
}

// readHubDocument reads the hub that is to be registered.
func (x *exchange) readHubDocument() (*hub.Hub, error) {
	_, doc, err := x.readDocument(dialect.JSON)
	if err != nil {
		return nil, err
	}
	if doc.Kind() != jsondoc.Object {
		return nil, dialect.WrongType("the document", "an object", doc)
	}
	h := x.hub()
	h.Operator = x.operator.Name
	if h.Callback, err = textMember(doc, "callback"); err != nil {
		return nil, err
	}
	h.Query, err = textMember(doc, "query")
	return h, err
}

// checkHub refuses a hub that nothing can or may be told. It looks the callback's host
// up, and so must not hold a turn.
func (x *exchange) checkHub(h *hub.Hub) error {
	if err := x.config.Hubs.CheckCallback(x.r.Context(), h.Callback); err != nil {
		return err
	}
	if err := h.CheckQuery(); err != nil {
		return err
	}
	for _, r := range h.Resources() {
		if right := dialect.RightOf(http.MethodGet, x.base.Path+"/"+r.Name); h.Resource != "" && !x.operator.May(right) {
			return problem.NotAllowed.With("%s has no right to %s, so it cannot be told either", x.operator.Name, right)
		}
	}
	return nil
}

// textMember gives a text, "" for none or null.
func textMember(doc jsondoc.Value, name string) (string, error) {
	v, _ := doc.Get(name)
	if v.Kind() != jsondoc.String && v.Kind() != jsondoc.Null {
		return "", dialect.WrongType(name, "a string", v)
	}
	return v.Text(), nil
}

func (x *exchange) hubResource() string {
	if x.resource == nil {
		return ""
	}
	return x.resource.Name
}

// listHubs answers the operator's own hubs under the path.
func (x *exchange) listHubs() error {
	var documents []jsondoc.Value
	err := x.through(x.ask(nil), func(u *resource.Work) error {
		documents = nil
		all, err := hub.OfOperator(u.Tx, x.operator.Name, x.dialect, x.hubResource())
		for _, h := range all {
			documents = append(documents, h.Document())
		}
		return err
	})
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, x.dialect.MediaType, jsondoc.ArrayOf(documents...).Append(nil))
	return nil
}

func (x *exchange) readHub() error {
	var one *hub.Hub
	err := x.through(x.ask(nil), func(u *resource.Work) (err error) {
		one, err = x.ownHub(u)
		return err
	})
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, x.dialect.MediaType, one.Document().Append(nil))
	return nil
}

// ownHub finds the operator's hub that the path names.
func (x *exchange) ownHub(u *resource.Work) (*hub.Hub, error) {
	id, err := store.ParseID(x.id)
	if err != nil {
		return nil, hub.UnknownHub.With("%.40q", x.id)
	}
	h, err := hub.ByID(u.Tx, id)
	if err == nil && (h.Operator != x.operator.Name || h.Dialect != x.dialect.Name || h.Resource != x.hubResource()) {
		return nil, hub.UnknownHub.With("%s", id)
	}
	if err == nil {
		u.Touch(id)
	}
	return h, err
}

// unregister forgets a hub: 204.
func (x *exchange) unregister() error {
	i, err := x.write(change{do: func(u *resource.Work) (resource.Item, error) {
		h, err := x.ownHub(u)
		if err != nil {
			return resource.Item{}, err
		}
		return h.Item(), hub.Remove(u.Tx, h.ID)
	}})
	if err != nil {
		return err
	}
	x.gone(i)
	return nil
}
