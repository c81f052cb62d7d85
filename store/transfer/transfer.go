// Package transfer brings all that a store has into another place: the same records with
// their ids and versions, events, sequences and counters. A driver gives one state of its
// store to read (Source), or a place to fill (Target). It knows no driver and no business.
package transfer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"rator/store"
)

// Source is a store that is read.
type Source interface {
	// Snapshot runs fn over one state, however long it lasts.
	Snapshot(ctx context.Context, fn func(Snapshot) error) error
}

// Snapshot is one state of a store. What is damaged in it is an error.
type Snapshot interface {
	// Count is the number of records of a kind.
	Count(kind string) (int64, error)
	// Records gives those of a kind in id order after the id after, at most limit, without
	// their keys.
	Records(kind string, after store.ID, limit int) ([]store.Record, error)
	// EventsAfter gives events after a cursor, at most limit.
	EventsAfter(cursor int64, limit int) ([]store.Event, error)
	Rest() (Rest, error)
}

// Rest is what a store has beside its records and events.
type Rest struct {
	Newest    store.ID         // the newest id that was given
	Sequences map[string]int64 // the last number of each
	Counters  map[string]int64 // what was added to each; those of 0 are left out
	Events    int64            // how many there are
	Cursor    int64            // the newest cursor that ever was
}

// Target is a place that is filled. Until End it is no store, and nobody can open it as one;
// what was filled before a kill, a later run goes on with.
type Target interface {
	Source // what is filled so far
	// Begin says what comes. With state it knows again what it was filled from before, when
	// resumed is true; it fails for another state, and where something else lies.
	Begin(ctx context.Context, state string, rest Rest) (resumed bool, err error)
	// Kind begins a kind, or goes on with it: after is the id of the last record that is
	// there; of one that is whole, nothing comes.
	Kind(ctx context.Context, kind string) (after store.ID, whole bool, err error)
	// Records takes some of the kind that was begun, in id order.
	Records(ctx context.Context, records []store.Record) error
	// EndKind says that all were given.
	EndKind(ctx context.Context) error
	// Events takes some, in order of their cursors. It keeps the cursors, or gives others,
	// none of which is below what it was, and the newest as it was.
	Events(ctx context.Context, events []store.Event) error
	// EndEvents says that all were given.
	EndEvents(ctx context.Context) error
	// End makes a store of it.
	End(ctx context.Context) error
}

// Done is what was brought over.
type Done struct {
	Kinds   int // that have records
	Records int64
	Events  int64
	// Texts are the first records whose texts have U+0000, which came along as they are.
	Texts []Text
}

// Text is where a text has U+0000.
type Text struct {
	Kind, Field string
	ID          store.ID
}

// mostTexts is how many of them are named.
const mostTexts = 20

// page is how many records, or events, are read and written at a time.
const page = 5000

// Copy fills a place with one state of a store, and reads it again: count and sum of all
// records of each kind and of events, sequences, counters and the newest id are those of
// the source, or it fails and the place is no store. Say is told, in a line, what was there
// before. In a context of store.Telling it tells how far it is.
func Copy(ctx context.Context, from Source, to Target, say func(string)) (done Done, err error) {
	err = from.Snapshot(ctx, func(s Snapshot) error {
		c := &copying{ctx: ctx, from: s, to: to, say: say, infos: store.Infos(), told: told{ctx: ctx, of: "records"}}
		if err := c.run(); err != nil {
			return err
		}
		done = c.done
		return nil
	})
	return done, err
}

// copying is one run of Copy.
type copying struct {
	ctx   context.Context
	from  Snapshot
	to    Target
	say   func(string)
	infos []store.Info
	told  told
	done  Done
}

func (c *copying) run() error {
	rest, err := c.from.Rest()
	if err != nil {
		return err
	}
	state, err := c.state(rest)
	if err != nil {
		return err
	}
	resumed, err := c.to.Begin(c.ctx, state, rest)
	if err != nil {
		return err
	}
	if resumed {
		c.say("part of it is there from a run before, which did not end")
	}
	want := newSums()
	for _, info := range c.infos {
		if err := c.kind(info.Name, want); err != nil {
			return err
		}
	}
	c.told.next("events", rest.Events)
	if err := c.events(want); err != nil {
		return err
	}
	if err := c.check(rest, want); err != nil {
		return fmt.Errorf("what was filled is not what the source has: %w", err)
	}
	return c.to.End(c.ctx)
}

// state is what a later run knows the same state by.
func (c *copying) state(rest Rest) (string, error) {
	counts := map[string]int64{}
	for _, info := range c.infos {
		n, err := c.from.Count(info.Name)
		if err != nil {
			return "", err
		}
		counts[info.Name] = n
		c.told.total += n
	}
	b, err := json.Marshal([]any{rest, counts})
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), err
}

// kind copies the records of a kind that are not there yet, and sums all.
func (c *copying) kind(name string, want *sums) error {
	there, whole, err := c.to.Kind(c.ctx, name)
	if err != nil {
		return fmt.Errorf("kind %s: %w", name, err)
	}
	switch {
	case whole:
		c.say(name + ": is whole already")
	case there > 0:
		c.say(fmt.Sprintf("%s: goes on after %s", name, there))
	}
	had := c.done.Records
	err = pages(c.ctx, c.from, name, func(records []store.Record) error {
		want.records(name, records)
		c.named(name, records)
		c.done.Records += int64(len(records))
		c.told.add(len(records))
		for len(records) > 0 && (whole || records[0].ID <= there) {
			records = records[1:]
		}
		if len(records) == 0 {
			return nil
		}
		return c.to.Records(c.ctx, records)
	})
	if err == nil && !whole {
		err = c.to.EndKind(c.ctx)
	}
	if err != nil {
		return fmt.Errorf("kind %s: %w", name, err)
	}
	if c.done.Records > had {
		c.done.Kinds++
	}
	return nil
}

// named names what has texts that databases keep only in part.
func (c *copying) named(kind string, records []store.Record) {
	for _, r := range records {
		if store.HoldsNUL(r.Doc) && len(c.done.Texts) < mostTexts {
			text := Text{Kind: kind, ID: r.ID}
			if err, ok := store.CheckText(kind, r.Doc).(*store.TextError); ok {
				text.Field = err.Field
			}
			c.done.Texts = append(c.done.Texts, text)
		}
	}
}

func (c *copying) events(want *sums) error {
	err := eventPages(c.ctx, c.from, func(events []store.Event) error {
		want.events(events)
		c.done.Events += int64(len(events))
		c.told.add(len(events))
		return c.to.Events(c.ctx, events)
	})
	if err == nil {
		err = c.to.EndEvents(c.ctx)
	}
	return err
}

// pages reads a kind.
func pages(ctx context.Context, s Snapshot, kind string, each func([]store.Record) error) error {
	for after := store.ID(0); ; {
		records, err := s.Records(kind, after, page)
		if err != nil || len(records) == 0 {
			return err
		}
		after = records[len(records)-1].ID
		if err := each(records); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// eventPages reads the events.
func eventPages(ctx context.Context, s Snapshot, each func([]store.Event) error) error {
	for cursor := int64(0); ; {
		events, err := s.EventsAfter(cursor, page)
		if err != nil || len(events) == 0 {
			return err
		}
		cursor = events[len(events)-1].Cursor
		if err := each(events); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
