package wsdl

import (
	"cmp"
	"slices"
	"strings"

	"rator/event"
	"rator/workflow/contract"
)

// topic is one sort of event, as the page shows it..
type topic struct {
	Name, When string
	Secret     bool // it holds one
	Values     valueTable
}

// topicList is topics under a heading.
type topicList struct {
	ID, Title string
	Topics    []topic
}

// told heads the table of what an event has.
const told = "Data"

// topicLists are the server's own topics, and those that the contracts declare, also the
// internal ones, which are not on the page. A list without topics is left out.
func topicLists(ours []*event.Topic, contracts []*contract.Contract) []topicList {
	own, site := topicList{ID: "events", Title: "Events"}, topicList{ID: "own-events", Title: "Events that contracts declare"}
	for _, t := range ours {
		own.Topics = append(own.Topics, topicOf(t))
	}
	for _, c := range contracts {
		for _, e := range c.Events {
			site.Topics = append(site.Topics, declaredTopic(e))
		}
	}
	slices.SortFunc(site.Topics, func(a, b topic) int { return cmp.Compare(a.Name, b.Name) })
	return slices.DeleteFunc([]topicList{own, site}, func(l topicList) bool { return len(l.Topics) == 0 })
}

func topicOf(t *event.Topic) topic {
	shown := topic{Name: t.Name, When: "Told when " + t.When + ".", Secret: t.Secret(), Values: valueTable{Title: told}}
	for _, k := range t.Keys {
		r := row{Path: k.Name, Type: k.Type.String(), Desc: k.Desc, Mandatory: k.Name == t.Subject}
		if k.Name == t.Subject {
			r.Rules = append(r.Rules, "the event's subject")
		}
		if k.Secret {
			r.Rules = append(r.Rules, "secret: emptied once it opens nothing any more")
		}
		shown.Values.Rows = append(shown.Values.Rows, r)
	}
	return shown
}

func declaredTopic(e *contract.Event) topic {
	shown := topic{Name: e.Name, When: e.Desc, Values: valueTable{Title: told}}
	if e.Desc != "" && !strings.HasSuffix(e.Desc, ".") {
		shown.When = "Told when " + e.Desc + "."
	}
	below(e.Values, func(path string, v *contract.Value) {
		shown.Values.Rows = append(shown.Values.Rows, row{Path: path, Type: typeOf(v), Mandatory: v.Mandatory, Rules: rules(v), Desc: v.Desc})
	})
	return shown
}
