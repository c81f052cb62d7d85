package hub

import (
	"encoding/json"
	"strings"
	"time"

	"rator/store"
	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/resource"
)

// notification is what a hub is to be told, as it will be sent. It is kept until
// the listener has taken it, and emptied with the person that it speaks of.
type notification struct {
	store.Base
	Hub     store.ID
	EventID string
	Type    string
	Thing   string   `json:",omitempty"` // id of the resource; "" by a version that did not keep it
	Account store.ID `json:",omitzero"`  // of its customer, where there is one
	Erased  bool     `json:",omitempty"` // the resource in Body is bare
	Body    json.RawMessage
}

const (
	byHub   = "hub"
	unowned = "-" // in ByAccount: of no customer's
)

var outbox = store.Define("tmf_notification", nil, func(n *notification) *store.Base { return &n.Base },
	store.Index[notification]{Name: byHub, Value: func(n *notification) string { return n.Hub.String() }},
	store.Index[notification]{Name: resource.ByAccount, Value: func(n *notification) string { return ownerKey(n.Account, n.Erased) }})

// notificationsKept is how long a suspended hub's notifications wait.
const notificationsKept = 7 * 24 * time.Hour

// notificationBody is a notification before it is trimmed.
func notificationBody(d *dialect.Dialect, eventID, eventType string, at time.Time, r *dialect.Resource, shown jsondoc.Value, paths []string) jsondoc.Value {
	members := []jsondoc.Member{
		jsondoc.MemberOf("eventId", jsondoc.Text(eventID)), jsondoc.MemberOf("eventTime", jsondoc.Text(dialect.WriteInstant(at))), jsondoc.MemberOf("eventType", jsondoc.Text(eventType)),
	}
	if d == dialect.V4 {
		members = append(members, jsondoc.MemberOf("timeOcurred", jsondoc.Text(dialect.WriteInstant(at))))
		if eventType == r.Events.Update && len(paths) > 0 {
			members = append(members, jsondoc.MemberOf("fieldPath", jsondoc.Text(strings.Join(paths, ","))))
		}
	}
	return jsondoc.ObjectOf(append(members, jsondoc.MemberOf(eventMember, jsondoc.ObjectOf(jsondoc.MemberOf(r.Name, shown))))...)
}
