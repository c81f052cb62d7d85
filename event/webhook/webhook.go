// Package webhook tells programs of other people what happened: it posts the events of
// the stream, signed, to addresses that somebody of the house gave, each webhook on
// behalf of an operator and from its own place in the stream. It knows no customer and
// no face.
package webhook

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/delivery"
	"rator/store"
)

// Webhook is an address that is told of events of some topics.
type Webhook struct {
	store.Base
	URL      string
	Topics   event.Patterns // at least one
	Brands   []string       // keys of those whose events it is told; none = all of its operator's
	Operator string         // name of the one on whose behalf it is told
	Secret   string         // signs; whsec_ and base64. It leaves the room when it was made, and only then.
	Former   string         `json:",omitempty"` // the secret before, which signs too
	Until    time.Time      `json:",omitzero"`  // when Former signs no more
	Added    time.Time
	Cursor   int64 // of the newest event that it was told, or that is none for it
	Lost     int64 `json:",omitempty"` // events that ended before they could be told, of whatever topic
	delivery.Standing
}

var webhooks = store.Define("webhook", unknownWebhook, func(w *Webhook) *store.Base { return &w.Base })

const (
	// mostWebhooks is how many there may be.
	mostWebhooks = 100

	// formerSigns is how long the secret before signs too.
	formerSigns = 24 * time.Hour
)

// Wanted is what Add makes a webhook from. Its address was checked by Deliverer.Check.
type Wanted struct {
	URL      string
	Topics   event.Patterns // of event.ParsePatterns
	Brands   []string       // keys; none = all of the operator's
	Operator string         // name; "" = the only one that is enabled and may read events
	Secret   string         // of DrawSecret, or given
}

// Add makes a webhook that is told what happens from now on. It fails with badWebhook,
// webhookExists, access.UnknownOperator or mayNotHear.
func Add(tx store.Tx, by access.Administrator, n Wanted) (*Webhook, error) {
	w := &Webhook{URL: n.URL, Topics: n.Topics, Brands: slices.Compact(slices.Sorted(slices.Values(n.Brands))), Operator: n.Operator, Secret: n.Secret, Added: tx.Now()}
	if err := CheckSecret(w.Secret); err != nil {
		return nil, err
	}
	if len(w.Topics) == 0 {
		return nil, badWebhook.With("no topic is named; * stands for every topic that holds no secret")
	}
	if w.Operator == "" {
		name, err := onlyReader(tx)
		if err != nil {
			return nil, err
		}
		w.Operator = name
	}
	if err := w.mayHear(tx); err != nil {
		return nil, err
	}
	all, err := List(tx)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(all, w.sameAs); i >= 0 {
		return nil, webhookExists.With("%s is told that already", all[i].ID)
	}
	if len(all) >= mostWebhooks {
		return nil, badWebhook.With("there are %d webhooks, which is the most: remove one", mostWebhooks)
	}
	span, err := tx.EventSpan()
	if err != nil {
		return nil, err
	}
	w.Cursor = span.Newest
	w.Resume(tx.Now())
	if err := webhooks.Insert(tx, w); err != nil {
		return nil, err
	}
	return w, w.record(tx, by, "webhook add", strings.Join(texts(w.Topics), " "), "of "+w.Operator)
}

func texts(p event.Patterns) []string {
	all := make([]string, len(p))
	for i, one := range p {
		all[i] = string(one)
	}
	return all
}

func (w *Webhook) sameAs(o *Webhook) bool {
	return w.URL == o.URL && w.Operator == o.Operator && slices.Equal(w.Brands, o.Brands) &&
		slices.Equal(slices.Sorted(slices.Values(w.Topics)), slices.Sorted(slices.Values(o.Topics)))
}

// record keeps the audit row of what was done to a webhook. Of its address it has the
// host: paths and queries may hold what lets in there.
func (w *Webhook) record(tx store.Tx, by access.Administrator, command string, notes ...string) error {
	if u, err := url.Parse(w.URL); err == nil {
		notes = append([]string{u.Host}, notes...)
	}
	return access.Record(tx, access.AuditRow{
		Who: by.Who, From: by.From, Face: by.Face, Hookpoint: command, Objects: []store.ID{w.ID}, Outcome: access.OutcomeOK, Notes: notes,
	})
}

// Get finds a webhook. It fails with unknownWebhook.
func Get(tx store.Tx, id store.ID) (*Webhook, error) { return webhooks.Get(tx, id) }

// List gives every webhook, the oldest first.
func List(tx store.Tx) ([]*Webhook, error) {
	var all []*Webhook
	for w, err := range webhooks.Scan(tx) {
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	return all, nil
}

// Remove forgets a webhook. It fails with unknownWebhook.
func Remove(tx store.Tx, by access.Administrator, id store.ID) error {
	w, err := webhooks.Get(tx, id)
	if err != nil {
		return err
	}
	if err := webhooks.Delete(tx, w); err != nil {
		return err
	}
	return w.record(tx, by, "webhook remove")
}

// Rotate gives a webhook another secret. The one before signs too for a day, so that the
// receiver may change in its own time. It fails with unknownWebhook or badWebhook.
func Rotate(tx store.Tx, by access.Administrator, id store.ID, secret string) (*Webhook, error) {
	if err := CheckSecret(secret); err != nil {
		return nil, err
	}
	w, err := webhooks.Get(tx, id)
	if err != nil {
		return nil, err
	}
	if secret == w.Secret {
		return nil, badWebhook.With("the secret is the one that the webhook has")
	}
	w.Former, w.Until, w.Secret = w.Secret, tx.Now().Add(formerSigns), secret
	if err := webhooks.Put(tx, w); err != nil {
		return nil, err
	}
	return w, w.record(tx, by, "webhook rotate")
}

// Resume has a webhook told what it was not told, from the oldest event on that is kept,
// and at once; lost is how many, of whatever topic, ended while it was suspended. It fails
// with unknownWebhook or mayNotHear.
func Resume(tx store.Tx, by access.Administrator, id store.ID) (w *Webhook, lost int64, err error) {
	if w, err = webhooks.Get(tx, id); err != nil {
		return nil, 0, err
	}
	if err := w.mayHear(tx); err != nil {
		return nil, 0, err
	}
	if lost, err = w.catchUp(tx); err != nil {
		return nil, 0, err
	}
	w.Standing.Resume(tx.Now())
	if err := webhooks.Put(tx, w); err != nil {
		return nil, 0, err
	}
	return w, lost, w.record(tx, by, "webhook resume")
}

// catchUp puts a webhook where events are kept, and says how many that were after its
// place are not.
func (w *Webhook) catchUp(tx store.Tx) (lost int64, err error) {
	_, err = (&event.Reader{}).After(tx, w.Cursor, 1)
	var gone *event.GoneError
	var beyond *event.BeyondError
	switch {
	case errors.As(err, &gone):
		w.Cursor, w.Lost = gone.Kept, w.Lost+gone.Lost
		return gone.Lost, nil
	case errors.As(err, &beyond): // the store lost events: what comes is new
		w.Cursor = beyond.Newest
		return 0, nil
	}
	return 0, err
}

// secrets are those that sign now, the newest first.
func (w *Webhook) secrets(now time.Time) []string {
	if w.Former == "" || !now.Before(w.Until) {
		return []string{w.Secret}
	}
	return []string{w.Secret, w.Former}
}
