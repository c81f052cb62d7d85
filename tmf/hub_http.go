package tmf

import (
	"net/http"

	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
)

// The verbs of hubs, under the shared path and under a resource's.
var (
	hubsVerbs = []verb{
		{Method{Name: http.MethodGet, About: ListingHubs}, (*exchange).listHubs},
		{Method{Name: http.MethodPost, About: Registering}, (*exchange).register},
	}
	hubVerbs = []verb{
		{Method{Name: http.MethodGet, About: ReadingHub}, (*exchange).readHub},
		{Method{Name: http.MethodDelete, About: Unregistering}, (*exchange).unregister},
	}
)

// register keeps a hub: 201. The same hub again is the one that is there, and
// goes on if it was suspended; v4 says 409 to one that was not.
func (x *exchange) register() error {
	var (
		wanted, hub *Hub
		unfit       error
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
		do: func(u *Work) (_ Item, err error) {
			one, found := *wanted, false
			one.Brand = u.brand.Key
			if hub, found, err = keepHub(u.tx, &one); err != nil {
				return Item{}, err
			}
			if found && x.dialect == dialect.V4 {
				return Item{}, problem.Clash.With("hub %s has this callback and query", hub.ID)
			}
			u.touch(hub.ID)
			return hub.item(), nil
		},
	})
	if err != nil {
		return err
	}
	if hub == nil || i.Replayed {
		id, _ := store.ParseID(i.ID)
		hub = x.hub()
		hub.ID = id
	}
	x.config.Hubs.Poke()
	x.w.Header().Set("Location", hub.path())
	x.replayed(i)
	x.answer(http.StatusCreated, x.dialect.MediaType, i.Document.Append(nil))
	return nil
}

// hub is one as the request would register it.
func (x *exchange) hub() *Hub {
	return &Hub{Dialect: x.dialect.Name, Resource: x.hubResource(), Origin: x.show.origin, BasePath: x.base.Path}
}

// readHubDocument reads the hub that is to be registered.
func (x *exchange) readHubDocument() (*Hub, error) {
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
func (x *exchange) checkHub(h *Hub) error {
	if err := x.config.Hubs.CheckCallback(x.r.Context(), h.Callback); err != nil {
		return err
	}
	if err := h.checkQuery(); err != nil {
		return err
	}
	for _, r := range h.resources() {
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
	err := x.through(x.ask(nil), func(u *Work) error {
		documents = nil
		all, err := hubsOf(u.tx, x.operator.Name, x.dialect, x.hubResource())
		for _, h := range all {
			documents = append(documents, h.document())
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
	var hub *Hub
	err := x.through(x.ask(nil), func(u *Work) (err error) {
		hub, err = x.ownHub(u)
		return err
	})
	if err != nil {
		return err
	}
	x.answer(http.StatusOK, x.dialect.MediaType, hub.document().Append(nil))
	return nil
}

// ownHub finds the operator's hub that the path names.
func (x *exchange) ownHub(u *Work) (*Hub, error) {
	id, err := store.ParseID(x.id)
	if err != nil {
		return nil, UnknownHub.With("%.40q", x.id)
	}
	h, err := HubByID(u.tx, id)
	if err == nil && (h.Operator != x.operator.Name || h.Dialect != x.dialect.Name || h.Resource != x.hubResource()) {
		return nil, UnknownHub.With("%s", id)
	}
	if err == nil {
		u.touch(id)
	}
	return h, err
}

// unregister forgets a hub: 204.
func (x *exchange) unregister() error {
	i, err := x.write(change{do: func(u *Work) (Item, error) {
		h, err := x.ownHub(u)
		if err != nil {
			return Item{}, err
		}
		return h.item(), RemoveHub(u.tx, h.ID)
	}})
	if err != nil {
		return err
	}
	x.gone(i)
	return nil
}
