package contract

import (
	"regexp"
	"slices"

	"github.com/beevik/etree"
)

// Event is a topic of a site's own, as a contract declares it: what its scripts may emit.
type Event struct {
	Name   string // such as customer.suspended
	Desc   string // when it is told
	Values []*Value
	File   string
	Line   int
	Column int
}

var topicName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)

// events reads the events element.
func (p *parser) events(list *etree.Element) []*Event {
	p.attributes(list)
	var events []*Event
	for _, e := range p.elements(list, []string{"event"}) {
		a := p.attributes(e, "name", "desc")
		at := p.places[e]
		event := &Event{Name: a.get("name"), Desc: a.get("desc"), Values: p.values(p.children(e, "values")["values"], 1), File: p.file, Line: at.line, Column: at.column}
		if len(event.Name) > 128 || !topicName.MatchString(event.Name) {
			p.mistake(e, "name=%q of event is no topic: write words of a to z, digits and _ with dots between them, such as customer.suspended", event.Name)
		}
		if i := slices.IndexFunc(events, func(other *Event) bool { return other.Name == event.Name }); i >= 0 {
			p.mistake(e, "event %s is declared twice, first in line %d", event.Name, events[i].Line)
			continue
		}
		events = append(events, event)
	}
	return events
}
