package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"rator/event"
)

type eventsCommand struct {
	Tail   eventsTailCommand   `cmd:"" help:"Print what happened, one line of JSON an event."`
	Topics eventsTopicsCommand `cmd:"" help:"List the topics of events."`
}

type eventsTopicsCommand struct {
	Hookpoints string `help:"Directory of your own hookpoint folders: lists the topics that their contracts declare, too." placeholder:"DIR"`
	JSON       bool   `name:"json" help:"Answer as JSON: a list of topic, when, subject, secret, keys: a list of key, type, desc, secret."`
}

func (c *eventsTopicsCommand) Help() string {
	return `Lists what events there are, when each is told and what its data has. An event of a topic that holds a
secret is told to who names the topic exactly, and to no pattern. Topics of your own are there with --hookpoints.

  rator events topics
  rator events topics --hookpoints site
  rator events topics --json`
}

func (c *eventsTopicsCommand) Run(t *terminal) error {
	rows, err := c.rows(t)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(t.out).Encode(rows)
	}
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TOPIC\tKEYS\tTOLD WHEN")
	for _, r := range rows {
		var keys []string
		for _, k := range r.Keys {
			if keys = append(keys, k.Key); k.Secret {
				keys[len(keys)-1] += " (secret)"
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.Topic, strings.Join(keys, ", "), r.When)
	}
	return w.Flush()
}

// topicRow is a topic as it is listed.
type topicRow struct {
	Topic   string     `json:"topic"`
	When    string     `json:"when"`
	Subject string     `json:"subject"`
	Secret  bool       `json:"secret"`
	Keys    []topicKey `json:"keys"`
}

type topicKey struct {
	Key    string `json:"key"`
	Type   string `json:"type"`
	Desc   string `json:"desc"`
	Secret bool   `json:"secret"`
}

// rows are all topics by name: ours, and those of the site's folders.
func (c *eventsTopicsCommand) rows(t *terminal) (rows []topicRow, err error) {
	set, err := (&hookpointsFlag{c.Hookpoints}).site(t)
	if err != nil {
		return nil, err
	}
	for _, topic := range event.Topics() {
		r := topicRow{topic.Name, topic.When, topic.Subject, topic.Secret(), []topicKey{}}
		for _, k := range topic.Keys {
			r.Keys = append(r.Keys, topicKey{k.Name, k.Type.String(), k.Desc, k.Secret})
		}
		rows = append(rows, r)
	}
	for _, e := range set.Topics() {
		r := topicRow{Topic: e.Name, When: e.Desc, Keys: []topicKey{}}
		for _, v := range e.Values {
			r.Keys = append(r.Keys, topicKey{Key: v.Key, Type: v.Type.String(), Desc: v.Desc})
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b topicRow) int { return strings.Compare(a.Topic, b.Topic) })
	return rows, nil
}
