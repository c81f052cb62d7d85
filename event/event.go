// Package event holds what is told of what happened: topics, each declared once by the
// room that owns it, and the durable, ordered stream of events that leaves the house
// (gate.md 3). It knows no customer and no face; who writes an event says whose it is.
//
// Every change is told by one event, in one shape, whichever face asked for it: the room
// that makes the change emits it, in the change's own transaction. What has no topic of
// its own is told by a wide one, in the end (store.Tx.Finally).
package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"rator/store"
)

// Type is what values of a key are in an event's body.
type Type uint8

// The types, and how JSON writes them.
const (
	OfID     Type = iota // an object's id: a string of 18 digits
	OfText               // a string
	OfAmount             // a number of a currency's unit, with its decimals
	OfDate               // a string, RFC 3339 or a day
	OfNumber             // a whole number
	OfBool               // true or false
	OfObject             // an object of keys and values
)

// String is the type as documentation names it.
func (t Type) String() string {
	return [...]string{"id", "text", "amount", "date", "number", "boolean", "object"}[t]
}

// Key is one key of an event's body.
type Key struct {
	Name string // capitals, as contracts write keys
	Type Type
	Desc string
	// Secret: it opens something, such as a token. A topic with such a key is Secret.
	Secret bool
	// Life is how long a secret opens something, at most; then it is blanked. 0 = until
	// EndSecrets.
	Life time.Duration
}

// Topic is one sort of event: its name, such as subscription.blocked, when it is told, in
// a sentence that goes on after "Told when", and what its body has.
type Topic struct {
	Name    string
	When    string
	Subject string // the key whose object it happened to
	Keys    []Key
}

var (
	mu     sync.RWMutex
	topics = map[string]*Topic{}

	nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$`)
)

// Declare registers a topic of ours. subject names the key whose object it happened to.
// It panics on a duplicate, on a name that is none, and on a subject that is no key of
// type OfID.
func Declare(name, when, subject string, keys ...Key) *Topic {
	t := &Topic{Name: name, When: when, Subject: subject, Keys: keys}
	mu.Lock()
	defer mu.Unlock()
	switch {
	case !validName(name):
		panic(fmt.Sprintf("event: %q is no name of a topic", name))
	case when == "":
		panic("event: nobody says when " + name + " is told")
	case topics[name] != nil:
		panic("event: topic " + name + " declared twice")
	case !slices.ContainsFunc(keys, func(k Key) bool { return k.Name == subject && k.Type == OfID }):
		panic("event: " + name + " has no id " + subject)
	}
	topics[name] = t
	return t
}

// validName reports whether a topic may have that name: words of a to z, digits and _,
// with dots between them, at least two.
func validName(name string) bool { return len(name) <= 128 && nameForm.MatchString(name) }

// ByName is the declared topic of that name, or nil.
func ByName(name string) *Topic {
	mu.RLock()
	defer mu.RUnlock()
	return topics[name]
}

// Topics lists every declared topic by name.
func Topics() []*Topic {
	mu.RLock()
	defer mu.RUnlock()
	return slices.SortedFunc(maps.Values(topics), func(a, b *Topic) int { return strings.Compare(a.Name, b.Name) })
}

// Key is the topic's key of that name, or nil.
func (t *Topic) key(name string) *Key {
	if i := slices.IndexFunc(t.Keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return &t.Keys[i]
	}
	return nil
}

// Secret reports whether events of the topic hold a secret.
func (t *Topic) Secret() bool {
	return slices.ContainsFunc(t.Keys, func(k Key) bool { return k.Secret })
}

// Whose says to whom an event belongs: the key of a brand, and the customer's account; 0
// for none.
type Whose struct {
	Brand   string
	Account store.ID
}

// Value is a value of an event's body.
type Value struct {
	Key  string
	id   store.ID
	json json.RawMessage
}

// ID is an object's id.
func ID(key string, id store.ID) Value { return Value{Key: key, id: id} }

// Text is a text.
func Text(key, text string) Value { return JSON(key, text) }

// Amount is a number, exactly.
func Amount(key string, d decimal.Decimal) Value { return JSON(key, json.Number(d.String())) }

// Time is a moment, in UTC, with milliseconds when there are any.
func Time(key string, t time.Time) Value {
	if t = t.UTC(); t.Nanosecond()/1e6 != 0 {
		return Text(key, t.Format("2006-01-02T15:04:05.000Z07:00"))
	}
	return Text(key, t.Format(time.RFC3339))
}

// JSON is what encoding/json writes of v.
func JSON(key string, v any) Value {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("event: %s: %v", key, err)) // a mistake in the program
	}
	return Value{Key: key, json: b}
}

// Emit writes an event of the topic, whose values stand in the order given. Ids that are
// 0 are left out, as absent. It fails when a value has a key that the topic does not
// declare, or the subject is missing: a mistake in the program.
func (t *Topic) Emit(tx store.Tx, of Whose, values ...Value) error {
	e := store.Event{Topic: t.Name, Brand: of.Brand, Account: of.Account, Body: []byte("{")}
	for _, v := range values {
		k := t.key(v.Key)
		if k == nil {
			return fmt.Errorf("event: %s does not declare %s", t.Name, v.Key)
		}
		if v.json == nil {
			if v.id == 0 {
				continue
			}
			v.json = append(append(append(v.json, '"'), v.id.String()...), '"')
			switch {
			case v.Key == t.Subject:
				e.About = append([]store.ID{v.id}, e.About...)
			case v.id != of.Account: // about the account itself is what has it as its subject
				e.About = append(e.About, v.id)
			}
		}
		if len(e.Body) > 1 {
			e.Body = append(e.Body, ',')
		}
		e.Body = append(append(append(e.Body, '"'), v.Key...), `":`...)
		e.Body = append(e.Body, v.json...)
	}
	if !slices.ContainsFunc(values, func(v Value) bool { return v.Key == t.Subject && v.id != 0 }) {
		return fmt.Errorf("event: %s without its %s", t.Name, t.Subject)
	}
	e.Body = append(e.Body, '}')
	if err := tx.Emit(e); err != nil || !t.Secret() {
		return err
	}
	return noteSecret(tx, t, e)
}
