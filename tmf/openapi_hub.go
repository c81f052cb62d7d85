package tmf

import (
	"net/http"
	"strings"

	"rator/tmf/dialect"
	"rator/tmf/jsondoc"
)

// hubOperations describe the verbs of hub routes by route and method: a path that
// ends in /hub is that of all hubs, one that ends in /hub/{id} that of one.
var hubOperations = map[string]*operation{
	"/hub GET": {
		id: "listHub", summary: "List the hubs of %s", desc: "The operator's own.",
		gives: func(*dialect.Dialect) []success { return []success{{http.StatusOK, "The hubs.", nil, hubsBody}} },
	},
	"/hub POST": {
		id: "registerHub", summary: "Be notified of changes of %s",
		desc:  "Every change that the query takes is posted to the callback: at least once, in order, with an eventId that stays the same. Any 2xx answer takes it.",
		takes: []media{{mediaType: jsonType, hub: true}},
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusCreated, "The hub.", []string{"Location"}, hubBody}}
		},
		fails: []int{400, 408, 409, 413, 415},
	},
	"/hub/{id} GET": {
		id: "retrieveHub", summary: "Read a hub of %s",
		gives: func(*dialect.Dialect) []success { return []success{{http.StatusOK, "The hub.", nil, hubBody}} },
		fails: []int{404},
	},
	"/hub/{id} DELETE": {
		id: "unregisterHub", summary: "Be notified of changes of %s no more",
		gives: func(*dialect.Dialect) []success {
			return []success{{http.StatusNoContent, "The hub is gone.", nil, noBody}}
		},
		fails: []int{400, 404},
	},
}

// described is what the documents say of a verb; nil: nothing.
func (r *route) described(v *verb) *operation {
	if v.about != nil {
		return v.about
	}
	for _, suffix := range []string{"/hub", "/hub/{id}"} {
		if strings.HasSuffix(r.path, suffix) {
			return hubOperations[suffix+" "+v.method]
		}
	}
	return nil
}

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
func (o *openAPI) notified(r *dialect.Resource) jsondoc.Value {
	about := o.dialect.Resources
	if r != nil {
		about = []*dialect.Resource{r}
	}
	var kinds []jsondoc.Value
	for _, of := range about {
		kinds = append(kinds, o.schemas.ref(identifierOf(of)+"Notification", func() jsondoc.Value { return o.notification(of) }))
	}
	post := node("summary", "A notification",
		"requestBody", node("required", true, "content", node(jsonType, node("schema", node("anyOf", kinds)))),
		"responses", node("2XX", node("description", "The notification is taken.")))
	return node("notification", node("{$request.body#/callback}", node("post", post)))
}

func (o *openAPI) notification(r *dialect.Resource) jsondoc.Value {
	names := unique([]string{r.Events.Create, r.Events.Update, r.Events.State, r.Events.Delete})
	return node("type", "object", "description", "What happened to a "+r.Name+". A query with fields leaves out a part of the resource.", "properties", node(
		"eventId", node("type", "string", "description", "The same whenever it is sent again."),
		"eventTime", node("type", "string", "pattern", instantPattern),
		"eventType", node("type", "string", "enum", names),
		"event", node("type", "object", "properties", node(r.Name, o.wholeOrPart(r)), "required", []string{r.Name})),
		"required", []string{"eventId", "eventTime", "eventType", "event"})
}
