package hub

import (
	"slices"

	"rator/event/delivery"
	"rator/failure"
	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/resource"
)

// Hub is a registered listener (tmf-customer.md 4): where it is, what it wants to
// hear, and in whose words.
type Hub struct {
	store.Base
	Callback string
	Query    string // as it was given; "" for none
	Dialect  string // name
	Resource string // name of the one resource it is about; "" for all of the dialect
	Origin   string // scheme and host of addresses in documents, as the listener's client asked for them
	BasePath string
	Operator string // who registered it, and may see what it is told
	Brand    string // key of the one brand it is told of
	delivery.Standing
}

// UnknownHub is told for a hub that is not there, or another operator's.
var UnknownHub = failure.Declare(450, "UNKNOWN_HUB", failure.NotFound, failure.Text{
	"EN": "there is no such hub", "DK": "der findes ingen sådan hub", "SE": "det finns ingen sådan hub",
	"NO": "det finnes ingen slik hub", "FR": "ce hub n'existe pas", "DE": "diesen Hub gibt es nicht"})

const byOwner = "operator"

var hubs = store.Define("tmf_hub", UnknownHub, func(h *Hub) *store.Base { return &h.Base },
	store.Index[Hub]{Name: byOwner, Value: func(h *Hub) string { return h.Operator }}).Stable()

// maxHubs is how many an operator may have.
const maxHubs = 100

// List gives every hub, oldest first.
func List(tx store.Tx) ([]*Hub, error) {
	var all []*Hub
	for h, err := range hubs.Scan(tx) {
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}

// OfOperator gives an operator's hubs under a path: those of a dialect and, unless
// the path is the shared one, of one resource.
func OfOperator(tx store.Tx, operator string, d *dialect.Dialect, kind string) ([]*Hub, error) {
	var all []*Hub
	for h, err := range hubs.All(tx, byOwner, operator) {
		if err != nil {
			return nil, err
		}
		if h.Dialect == d.Name && h.Resource == kind {
			all = append(all, h)
		}
	}
	return all, nil
}

// ByID finds a hub, or fails with UnknownHub.
func ByID(tx store.Tx, id store.ID) (*Hub, error) { return hubs.Get(tx, id) }

// Register keeps a new hub. A registration of a callback takes up again what is
// suspended there; one that is there as it stands is given back, and nothing new
// is made.
func Register(tx store.Tx, n *Hub) (h *Hub, found bool, err error) {
	count := 0
	for old, err := range hubs.All(tx, byOwner, n.Operator) {
		if err != nil {
			return nil, false, err
		}
		count++
		if old.Callback != n.Callback {
			continue
		}
		if old.State == delivery.Suspended {
			if err := old.goOn(tx); err != nil {
				return nil, false, err
			}
			if old.sameAs(n) {
				return old, false, nil
			}
		} else if old.sameAs(n) {
			return old, true, nil
		}
	}
	if count >= maxHubs {
		return nil, false, problem.Clash.With("%s has %d hubs, which is the most", n.Operator, count)
	}
	n.Resume(tx.Now())
	return n, false, hubs.Insert(tx, n)
}

func (h *Hub) sameAs(o *Hub) bool {
	return h.Callback == o.Callback && h.Query == o.Query && h.Dialect == o.Dialect && h.Resource == o.Resource && h.Brand == o.Brand
}

// goOn has a suspended hub told again.
func (h *Hub) goOn(tx store.Tx) error {
	h.Resume(tx.Now())
	return hubs.Put(tx, h)
}

// Resume has a hub told what it was not told, from the oldest on, and at once.
func Resume(tx store.Tx, id store.ID) (*Hub, error) {
	h, err := hubs.Get(tx, id)
	if err != nil {
		return nil, err
	}
	return h, h.goOn(tx)
}

// mostForgotten is how many notifications one transaction forgets.
const mostForgotten = 1000

// Remove forgets a hub and what it was not told.
func Remove(tx store.Tx, id store.ID) error {
	h, err := hubs.Get(tx, id)
	if err != nil {
		return err
	}
	if err := hubs.Delete(tx, h); err != nil {
		return err
	}
	waiting, _, err := outbox.Page(tx, byHub, h.ID.String(), nil, mostForgotten)
	if err != nil {
		return err
	}
	for _, n := range waiting {
		if err := outbox.Delete(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// dialect finds the hub's dialect; nil for one that is not served any more.
func (h *Hub) dialect() *dialect.Dialect {
	i := slices.IndexFunc(dialect.All, func(d *dialect.Dialect) bool { return d.Name == h.Dialect })
	if i < 0 {
		return nil
	}
	return dialect.All[i]
}

// resources are those the hub is about.
func (h *Hub) Resources() []*dialect.Resource {
	d := h.dialect()
	if d == nil {
		return nil
	}
	return resourcesOf(d, h.Resource)
}

func resourcesOf(d *dialect.Dialect, name string) []*dialect.Resource {
	if name == "" {
		return d.Resources
	}
	if r := d.Resource(name); r != nil {
		return []*dialect.Resource{r}
	}
	return nil
}

// path is the hub's own address.
func (h *Hub) Path() string {
	p := h.Origin + h.BasePath
	if h.Resource != "" {
		p += "/" + h.Resource
	}
	return p + "/" + dialect.HubName + "/" + h.ID.String()
}

// document is what callers see of a hub.
func (h *Hub) Document() jsondoc.Value {
	query := jsondoc.Value{}
	if h.Query != "" {
		query = jsondoc.Text(h.Query)
	}
	return jsondoc.ObjectOf(jsondoc.MemberOf("id", jsondoc.Text(h.ID.String())), jsondoc.MemberOf("callback", jsondoc.Text(h.Callback)), jsondoc.MemberOf("query", query))
}

// item is a hub as what a write gave.
func (h *Hub) Item() resource.Item { return resource.Item{ID: h.ID.String(), Document: h.Document()} }
