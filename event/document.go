package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"rator/store"
)

// Source is where events of a server come from, as documents name it. With the id it
// names an event of one store.
const Source = "/rator"

// document is an event as CloudEvents 1.0 has it in JSON. brand, account and cursor are
// extensions; a cursor is a text, for integers of extensions end at 32 bits.
type document struct {
	SpecVersion string          `json:"specversion"`
	ID          store.ID        `json:"id"`
	Source      string          `json:"source"`
	Type        string          `json:"type"`
	Subject     store.ID        `json:"subject,omitzero"`
	Time        time.Time       `json:"time"`
	ContentType string          `json:"datacontenttype"`
	Brand       string          `json:"brand,omitempty"`
	Account     store.ID        `json:"account,omitzero"`
	Cursor      string          `json:"cursor"`
	Data        json.RawMessage `json:"data"`
}

// Document is the event as it leaves the house: one line of JSON, a CloudEvents 1.0 event
// whose type is the topic, whose subject is the id of the object that it happened to,
// and whose data is the body. The same event is the same document at any time, unless its
// secret was blanked in between. Secrets are in it: whoever may not have them gets that
// of Mask(e).
func Document(e store.Event, source string) ([]byte, error) {
	d := document{
		SpecVersion: "1.0", ID: e.ID, Source: source, Type: e.Topic, Subject: subject(e), Time: e.At.UTC(),
		ContentType: "application/json", Brand: e.Brand, Account: e.Account, Cursor: strconv.FormatInt(e.Cursor, 10), Data: e.Body,
	}
	b, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("event %d, %s: %w", e.Cursor, e.Topic, err)
	}
	return b, nil
}

// subject is the object that an event happened to. Versions that did not keep it have
// it in the body.
func subject(e store.Event) store.ID {
	if len(e.About) > 0 {
		return e.About[0]
	}
	t := ByName(e.Topic)
	if t == nil {
		return e.Account
	}
	var body map[string]json.RawMessage
	var id store.ID
	if json.Unmarshal(e.Body, &body) != nil || json.Unmarshal(body[t.Subject], &id) != nil {
		return e.Account
	}
	return id
}

// masked is what is shown of a secret to who may see the event and not the secret.
const masked = "***"

// Mask gives an event whose secrets are Masked.
func Mask(e store.Event) store.Event {
	masked, err := withSecrets(e, masked)
	if err != nil {
		masked.Body = []byte("{}") // it is no object: nothing of it is safe to show
	}
	return masked
}

// Blank gives an event whose secrets are empty, and reports whether any was not.
func Blank(e store.Event) (blank store.Event, changed bool, err error) {
	blank, err = withSecrets(e, "")
	return blank, err == nil && !bytes.Equal(blank.Body, e.Body), err
}

// withSecrets gives an event whose secrets are another text; the rest of its body stays
// as it is, in its order.
func withSecrets(e store.Event, text string) (store.Event, error) {
	t := ByName(e.Topic)
	if t == nil || !t.Secret() {
		return e, nil
	}
	body := []byte{'{'}
	d := json.NewDecoder(bytes.NewReader(e.Body))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return e, fmt.Errorf("event %d, %s: its body is no object (%v)", e.Cursor, e.Topic, err)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return e, fmt.Errorf("event %d, %s: %w", e.Cursor, e.Topic, err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return e, fmt.Errorf("event %d, %s: %w", e.Cursor, e.Topic, err)
		}
		name, _ := key.(string)
		if k := t.key(name); k != nil && k.Secret {
			value, _ = json.Marshal(text)
		}
		if len(body) > 1 {
			body = append(body, ',')
		}
		quoted, _ := json.Marshal(name)
		body = append(append(append(body, quoted...), ':'), value...)
	}
	e.Body = append(body, '}')
	return e, nil
}
