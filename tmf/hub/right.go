package hub

import (
	"net/http"
	"slices"

	"rator/access"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
)

// Whoever registered a hub is told what they may read, and nothing more from the moment on
// in which they may not: it is looked at when a notification is made and when it is sent.

// operator is who registered a hub; nil when there is no such operator any more.
func (h *Hubs) operator(tx store.Tx, name string) (*access.Operator, error) {
	o, err := access.OperatorByName(tx, name)
	if failure.CodeOf(err) == access.UnknownOperator || err == nil && o.Demo && !h.config.Demo {
		return nil, nil
	}
	return o, err
}

// right is what the operator of a hub needs to be told of a resource.
func (h *Hub) right(r *dialect.Resource) string {
	return dialect.RightOf(http.MethodGet, h.BasePath+"/"+r.Name)
}

// mayTell reports whether its operator may be told of a resource.
func (h *Hub) mayTell(o *access.Operator, r *dialect.Resource) bool {
	return o != nil && o.Enabled && o.May(h.right(r)) && o.HasBrand(h.Brand)
}

// mayHear reports whether a notification may still be sent.
func (h *Hubs) mayHear(tx store.Tx, hub *Hub, n *notification) (bool, error) {
	o, err := h.operator(tx, hub.Operator)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(hub.Resources(), func(r *dialect.Resource) bool { return r.Events.Has(n.Type) && hub.mayTell(o, r) }), nil
}
