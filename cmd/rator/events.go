package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"rator/event"
)

type eventsCommand struct {
	Tail   eventsTailCommand   `cmd:"" help:"Print what happened, one line of JSON an event."`
	Topics eventsTopicsCommand `cmd:"" help:"List the topics of events."`
}

type eventsTopicsCommand struct {
	JSON bool `name:"json" help:"Answer as JSON: a list of topic, when, subject, secret, keys: a list of key, type, desc, secret."`
}

func (c *eventsTopicsCommand) Help() string {
	return `Lists what events there are, when each is told and what its data has. An event of a topic that holds a
secret is told to who names the topic exactly, and to no pattern.

  rator events topics
  rator events topics --json`
}

func (c *eventsTopicsCommand) Run(t *terminal) error {
	if c.JSON {
		return c.json(t)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TOPIC\tKEYS\tTOLD WHEN")
	for _, topic := range event.Topics() {
		var keys []string
		for _, k := range topic.Keys {
			if keys = append(keys, k.Name); k.Secret {
				keys[len(keys)-1] += " (secret)"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", topic.Name, strings.Join(keys, ", "), topic.When)
	}
	return w.Flush()
}

func (c *eventsTopicsCommand) json(t *terminal) error {
	type key struct {
		Key    string `json:"key"`
		Type   string `json:"type"`
		Desc   string `json:"desc"`
		Secret bool   `json:"secret"`
	}
	type row struct {
		Topic   string `json:"topic"`
		When    string `json:"when"`
		Subject string `json:"subject"`
		Secret  bool   `json:"secret"`
		Keys    []key  `json:"keys"`
	}
	rows := []row{}
	for _, topic := range event.Topics() {
		r := row{topic.Name, topic.When, topic.Subject, topic.Secret(), []key{}}
		for _, k := range topic.Keys {
			r.Keys = append(r.Keys, key{k.Name, k.Type.String(), k.Desc, k.Secret})
		}
		rows = append(rows, r)
	}
	return json.NewEncoder(t.out).Encode(rows)
}
