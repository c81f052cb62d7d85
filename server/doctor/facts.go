package doctor

import (
	"net/url"
	"time"

	"rator/access"
	"rator/card"
	"rator/catalogue"
	"rator/event/delivery"
	"rator/event/webhook"
	"rator/server"
	"rator/store"
	"rator/tmf/hub"
)

// Facts are what a store says of itself. A server gives them as JSON.
type Facts struct {
	Version   string    // of the program that has the store
	NotReady  string    // why it takes no changes; "" = it does, or nobody serves it
	Newest    time.Time // of the newest that was done in it; zero = nothing was
	TestClock bool
	Zone      string // that it was served in; "" = it never was
	Brands    int
	Operators []operator // enabled ones
	Hubs      []subscriber
	Webhooks  []subscriber
	KnowsKey  bool // the store was served with the key of PINs that it has
	OtherKeys int  // and with so many others
}

// operator is one that may call.
type operator struct {
	Name      string
	Demo      bool     // everybody knows its password
	Wide      []string // networks that let in half of the addresses there are, or more, without a password
	ActsAsAll bool     // whom it may act for was never said
}

// subscriber is told of events.
type subscriber struct {
	ID     string
	Host   string // paths and queries may hold secrets
	State  delivery.State
	Reason string
	Failed int   // attempts in a row
	Behind int64 // events that it is still to be told, where they are more than mostBehind
}

// Gather reads the facts; the key is that of the key file, nil = there is none.
func Gather(tx store.Tx, key *card.Key) (f Facts, err error) {
	for _, step := range []func() error{
		func() (err error) { f.Newest, err = newest(tx); return err },
		func() (err error) { f.Zone, err = catalogue.ServedZone(tx); return err },
		func() (err error) { f.KnowsKey, f.OtherKeys, err = server.KnowsKey(tx, key); return err },
		func() error { return f.people(tx) },
		func() error { return f.subscribers(tx) },
	} {
		if err := step(); err != nil {
			return f, err
		}
	}
	return f, nil
}

// newest is when the newest event or row of the audit was written.
func newest(tx store.Tx) (at time.Time, err error) {
	row, err := access.NewestRow(tx)
	if err != nil {
		return at, err
	}
	span, err := tx.EventSpan()
	if err != nil {
		return at, err
	}
	events, err := tx.EventsAfter(span.Newest-1, 1)
	at = row.Time()
	for _, e := range events {
		if e.At.After(at) {
			at = e.At
		}
	}
	return at, err
}

// people are who may call, and whose customers there may be.
func (f *Facts) people(tx store.Tx) error {
	for _, err := range catalogue.Brands.Scan(tx) {
		if err != nil {
			return err
		}
		f.Brands++
	}
	all, err := access.Operators(tx)
	for _, o := range all {
		if !o.Enabled {
			continue
		}
		seen := operator{Name: o.Name, Demo: o.Demo, ActsAsAll: o.ActFor == nil}
		for _, network := range o.Trusted {
			if network.Bits() <= 1 {
				seen.Wide = append(seen.Wide, network.String())
			}
		}
		f.Operators = append(f.Operators, seen)
	}
	return err
}

func (f *Facts) subscribers(tx store.Tx) error {
	listeners, err := hub.List(tx)
	if err != nil {
		return err
	}
	for _, h := range listeners {
		f.Hubs = append(f.Hubs, subscribed(h.ID, h.Callback, &h.Standing))
	}
	receivers, err := webhook.List(tx)
	if err != nil {
		return err
	}
	span, err := tx.EventSpan()
	if err != nil {
		return err
	}
	for _, w := range receivers {
		s := subscribed(w.ID, w.URL, &w.Standing)
		if w.State == delivery.Active && span.Newest-w.Cursor > mostBehind { // else none can be too many
			if s.Behind, err = w.Waiting(tx); err != nil {
				return err
			}
		}
		f.Webhooks = append(f.Webhooks, s)
	}
	return nil
}

func subscribed(id store.ID, address string, standing *delivery.Standing) subscriber {
	s := subscriber{ID: id.String(), State: standing.State, Reason: standing.Reason, Failed: standing.Attempts}
	if u, err := url.Parse(address); err == nil {
		s.Host = u.Host
	}
	return s
}
