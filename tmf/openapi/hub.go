package openapi

import (
	"net/http"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// The operations on hubs.
var (
	ListingHubs = &Operation{
		id: "listHub", summary: "List the hubs of %s", desc: "The operator's own.",
		gives: func(*dialect.Dialect) []success { return []success{{http.StatusOK, "The hubs.", nil, hubsBody}} },
	}
	Registering = &Operation{
		id: "registerHub", summary: "Be notified of changes of %s",
		desc:  "Every change that the query takes is posted to the callback: at least once, in order, with an eventId that stays the same. Any 2xx answer takes it.",
		takes: []media{{mediaType: dialect.JSON, hub: true}},
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusCreated, "The hub.", []string{"Location"}, hubBody}}
		},
		fails: []int{400, 408, 409, 413, 415},
	}
	ReadingHub = &Operation{
		id: "retrieveHub", summary: "Read a hub of %s",
		gives: func(*dialect.Dialect) []success { return []success{{http.StatusOK, "The hub.", nil, hubBody}} },
		fails: []int{404},
	}
	Unregistering = &Operation{
		id: "unregisterHub", summary: "Be notified of changes of %s no more",
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusNoContent, "The hub is gone.", nil, noBody}}
		},
		fails: []int{400, 404},
	}
)

func hubSchema(required ...string) func() jsondoc.Value {
	return func() jsondoc.Value {
		return node("type", "object", "description", "Where to send what changes.", "properties", node(
			"id", node("type", "string", "readOnly", true, "description", "Unique identifier, given by the server."),
			"callback", node("type", "string", "description", "Address to post notifications to.", "examples", []string{"https://listener.example.com/events"}),
			"query", node("type", []string{"string", "null"}, "description", "Comparisons of the notification, such as eventType=CustomerCreateNotification or event.customer.status=Active, and fields.")),
			"required", required)
	}
}

// notified are the notifications of a hub: of one resource, or of all of the
// dialect.
func (o *document) notified(r *dialect.Resource) jsondoc.Value {
	about := o.Dialect.Resources
	if r != nil {
		about = []*dialect.Resource{r}
	}
	var kinds []jsondoc.Value
	for _, of := range about {
		kinds = append(kinds, o.schemas.ref(identifierOf(of)+"Notification", func() jsondoc.Value { return o.notification(of) }))
	}
	post := node("summary", "A notification",
		"requestBody", node("required", true, "content", node(dialect.JSON, node("schema", node("anyOf", kinds)))),
		"responses", node("2XX", node("description", "The notification is taken.")))
	return node("notification", node("{$request.body#/callback}", node("post", post)))
}

func (o *document) notification(r *dialect.Resource) jsondoc.Value {
	names := unique([]string{r.Events.Create, r.Events.Update, r.Events.State, r.Events.Delete})
	return node("type", "object", "description", "What happened to a "+r.Name+". A query with fields leaves out a part of the resource.", "properties", node(
		"eventId", node("type", "string", "description", "The same whenever it is sent again."),
		"eventTime", node("type", "string", "pattern", instantPattern),
		"eventType", node("type", "string", "enum", names),
		"event", node("type", "object", "properties", node(r.Name, o.wholeOrPart(r)), "required", []string{r.Name})),
		"required", []string{"eventId", "eventTime", "eventType", "event"})
}
