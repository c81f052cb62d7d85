package hub

import (
	"slices"
	"strings"
	"time"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
	"rator/tmf/problem"
	"rator/tmf/query"
)

// hubQuery is the query of a hub: which notifications it wants, and what of them.
// It is the language of lists over the notification itself:
// eventType=CustomerCreateNotification&event.customer.status=Active. The prefix
// "event." may be left out. Besides it has brackets (bracket.go).
type hubQuery struct {
	query     *query.Query
	brackets  []bracket
	resources []*dialect.Resource
}

// eventFields are those that every notification has.
var eventFields = []dialect.Field{
	{Name: "eventId", Type: dialect.OfString, Mandatory: true, Desc: "The same whenever the notification is sent again."},
	{Name: "eventTime", Type: dialect.OfDateTime, Mandatory: true, Desc: "When it happened."},
	{Name: "eventType", Type: dialect.OfString, Mandatory: true, Desc: "What happened."},
}

// eventFieldsV4 are those that v4 has besides.
var eventFieldsV4 = []dialect.Field{
	{Name: "timeOcurred", Type: dialect.OfDateTime, Desc: "When it happened."},
	{Name: "fieldPath", Type: dialect.OfString, Desc: "The attributes whose values changed, with commas between them."},
}

const eventMember = "event"

// eventShape is the notification about resources of a dialect.
func eventShape(d *dialect.Dialect, resources []*dialect.Resource) *dialect.Shape {
	inner := &dialect.Shape{Name: "event", Desc: "The resource, under its name."}
	for _, r := range resources {
		inner.Fields = append(inner.Fields, dialect.Field{Name: r.Name, Type: dialect.OfObject, Shape: r.Shape, Desc: "The whole resource as it is, or as it was last when it is deleted."})
	}
	fields := slices.Clone(eventFields)
	if d == dialect.V4 {
		fields = append(fields, eventFieldsV4...)
	}
	return &dialect.Shape{
		Name: "notification", Desc: "What listeners are sent.",
		Fields: append(fields, dialect.Field{Name: eventMember, Type: dialect.OfObject, Shape: inner, Mandatory: true, Desc: "What it happened to."}),
	}
}

// parseHubQuery fails with a *problem.Error that begins with "query:".
func parseHubQuery(text string, d *dialect.Dialect, resources []*dialect.Resource, zone *time.Location) (*hubQuery, error) {
	shape := eventShape(d, resources)
	event := shape.Field(eventMember)
	// Without the prefix a resource is found beside the event.
	shape.Fields = append(shape.Fields, event.Shape.Fields...)
	rest, brackets, err := takeBrackets(text, shape, zone)
	var q *query.Query
	if err == nil {
		q, err = query.Parse(rest, shape, []string{"eventId", "eventTime", "eventType"}, zone)
	}
	switch p := problem.Of(err); {
	case p != nil:
		return nil, p.Code.With("query: %s", p.Message)
	case err != nil:
		return nil, err
	case q.Paged || len(q.Sort) > 0:
		return nil, problem.BadQuery.With("query: notifications are neither sorted nor paged")
	}
	return &hubQuery{q, brackets, resources}, nil
}

// checkQuery fails with a *problem.Error when the hub's query cannot be read, or asks for what
// nobody is told.
func (h *Hub) CheckQuery() error {
	q, err := parseHubQuery(h.Query, h.dialect(), h.Resources(), time.UTC)
	if err != nil {
		return err
	}
	return q.checkTypes(h.dialect())
}

// checkTypes fails with a *problem.Error when the query asks for an eventType that the dialect
// does not have: its listener would wait for ever.
func (q *hubQuery) checkTypes(d *dialect.Dialect) error {
	var known []string
	for _, r := range d.Resources {
		for _, name := range r.Events.Names() {
			if !slices.Contains(known, name) {
				known = append(known, name)
			}
		}
	}
	for _, c := range q.query.Filter.Clauses {
		for _, t := range c {
			if t.Operator != query.Equal || t.Path.Canonical() != "eventType" {
				continue
			}
			for _, name := range query.Operands(t.Raw) {
				if !slices.Contains(known, name) {
					return problem.BadQuery.With("query: eventType %.80q is none that listeners are told here; they are %s", name, strings.Join(known, ", "))
				}
			}
		}
	}
	return nil
}

// wants reports whether the hub is to be told.
func (q *hubQuery) wants(notification jsondoc.Value) bool {
	if q.query.Filter.Empty() && len(q.brackets) == 0 {
		return true
	}
	flat := q.flat(notification)
	for i := range q.brackets {
		if !q.brackets[i].matches(flat, 0) {
			return false
		}
	}
	return q.query.Filter.Match(flat)
}

// trim is the part of the notification that the hub wants.
func (q *hubQuery) trim(notification jsondoc.Value) jsondoc.Value {
	if q.query.Selection == nil || q.query.Selection.All {
		return notification
	}
	doc := q.query.Selection.Apply(q.flat(notification))
	event, _ := doc.Get(eventMember)
	for _, r := range q.resources {
		beside, found := doc.Get(r.Name)
		if !found {
			continue
		}
		doc = doc.Without(r.Name)
		inside, _ := event.Get(r.Name)
		for _, m := range beside.Members() {
			inside = inside.With(m.Name, m.Value)
		}
		event = event.With(r.Name, jsondoc.ObjectOf(inside.Members()...))
	}
	if event.Kind() == jsondoc.Null {
		return doc
	}
	return doc.With(eventMember, jsondoc.ObjectOf(event.Members()...))
}

// flat has the resources beside the event as well.
func (q *hubQuery) flat(notification jsondoc.Value) jsondoc.Value {
	event, _ := notification.Get(eventMember)
	return jsondoc.ObjectOf(append(slices.Clip(notification.Members()), event.Members()...)...)
}
