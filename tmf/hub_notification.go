package tmf

import (
	"encoding/json"
	"strings"
	"time"

	"rator/store"
)

// notification is what a hub is to be told, as it will be sent. It is kept until
// the listener has taken it.
type notification struct {
	store.Base
	Hub     store.ID
	EventID string
	Type    string
	Body    json.RawMessage
}

const byHub = "hub"

var outbox = store.Define("tmf_notification", nil, func(n *notification) *store.Base { return &n.Base },
	store.Index[notification]{Name: byHub, Value: func(n *notification) string { return n.Hub.String() }})

// notificationsKept is how long a suspended hub's notifications wait.
const notificationsKept = 7 * 24 * time.Hour

// eventOf is the name of a change in a dialect.
func (e *Events) nameOf(c resourceChange, state bool) string {
	switch {
	case c.what == store.Created:
		return e.Create
	case c.what == store.Deleted:
		return e.Delete
	case state:
		return e.State
	}
	return e.Update
}

// told is what listeners of a dialect were told last of a resource: enough to
// know what a change changed.
type told struct {
	store.Base
	Key    string // dialect, resource and id
	Status string
	Sums   map[string]string // of the attributes' values
	At     time.Time         // the document was read no earlier
}

const byKey = "key"

var tolds = store.Define("tmf_told", nil, func(t *told) *store.Base { return &t.Base },
	store.Index[told]{Name: byKey, Value: func(t *told) string { return t.Key }})

// toldOf finds it; a new one without an id when nothing was told.
func toldOf(tx store.Tx, key string) (*told, error) {
	for t, err := range tolds.All(tx, byKey, key) {
		return t, err
	}
	return &told{Key: key}, nil
}

// differs says which attributes are not as they were told, in the order of the
// document and then those that are gone.
func (t *told) differs(doc Value, status string) (paths []string, state bool) {
	sums := sumsOf(doc)
	for _, m := range doc.members {
		if t.Sums[m.Name] != sums[m.Name] {
			paths = append(paths, m.Name)
		}
	}
	var gone []string
	for name := range t.Sums {
		if _, has := sums[name]; !has {
			gone = append(gone, name)
		}
	}
	return append(paths, sorted(gone)...), t.Status != status
}

// body is a notification before it is trimmed.
func notificationBody(d *Dialect, eventID, eventType string, at time.Time, r *Resource, shown Value, paths []string) Value {
	members := []Member{
		{"eventId", Text(eventID)}, {"eventTime", Text(writeInstant(at))}, {"eventType", Text(eventType)},
	}
	if d == dialectV4 {
		members = append(members, Member{"timeOcurred", Text(writeInstant(at))})
		if eventType == r.Events.Update && len(paths) > 0 {
			members = append(members, Member{"fieldPath", Text(strings.Join(paths, ","))})
		}
	}
	return ObjectOf(append(members, Member{eventMember, ObjectOf(Member{r.Name, shown})})...)
}
