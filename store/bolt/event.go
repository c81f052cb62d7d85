package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"rator/store"
)

const (
	eventBucket        = "event"
	eventAccountBucket = "event/account" // account and cursor
	eventCounter       = "event"         // the newest cursor
	eventsGoneCounter  = "event/gone"    // the newest that was dropped
)

var eventRowSum = bucketSumOf(eventBucket)

// Emit gives the event the next cursor. Cursors are in commit order because
// closures run one after the other.
func (t *tx) Emit(e store.Event) (err error) {
	defer t.note(&err)
	if e.ID, err = t.NextID(); err != nil {
		return err
	}
	if err := t.checkText("event "+e.Topic, e.Body); err != nil {
		return err
	}
	if e.Cursor, err = t.add(eventCounter, 1); err != nil {
		return err
	}
	e.At = t.now
	t.told.Event(e)
	if err := t.moveEvent(e.Cursor, 0, e.Account); err != nil {
		return err
	}
	return t.putEvent(e)
}

func (t *tx) putEvent(e store.Event) error {
	key, row := eventRow(e)
	return t.rows.put(eventBucket, key, row)
}

func eventRow(e store.Event) (key, sealed []byte) {
	row := newRow(len(e.Topic) + len(e.Body) + len(e.Brand) + 10*len(e.About) + 48)
	row = binary.AppendUvarint(row, uint64(e.ID))
	row = binary.AppendUvarint(row, uint64(e.At.UnixMicro()))
	row = appendText(row, e.Topic)
	row = appendText(row, e.Body)
	row = appendText(row, e.Brand)
	row = binary.AppendUvarint(row, uint64(e.Account))
	for _, id := range e.About {
		row = binary.AppendUvarint(row, uint64(id))
	}
	key = cursorKey(e.Cursor)
	return key, seal(eventRowSum, key, row)
}

func (t *tx) EventsAfter(cursor int64, limit int) (events []store.Event, err error) {
	defer t.note(&err)
	if err := t.read(); err != nil {
		return nil, err
	}
	for c := t.rows.seek(eventBucket, cursorKey(cursor+1)); len(events) < limit; {
		key, row := c.next()
		if key == nil {
			break
		}
		e, err := readEvent(key, row)
		if err != nil {
			return nil, err
		}
		t.saw(e.Body)
		events = append(events, e)
	}
	return events, nil
}

func (t *tx) EventsOf(account store.ID, cursor int64, limit int) (events []store.Event, err error) {
	defer t.note(&err)
	if err := t.read(); err != nil {
		return nil, err
	}
	for c := t.rows.seek(eventAccountBucket, accountKey(account, cursor+1)); len(events) < limit; {
		place, _ := c.next()
		if len(place) != 16 || idOf(place[:8]) != account {
			break
		}
		key := place[8:]
		e, err := readEvent(key, t.rows.get(eventBucket, key))
		if err != nil {
			return nil, err
		}
		t.saw(e.Body)
		events = append(events, e)
	}
	return events, nil
}

func (t *tx) EventSpan() (s store.EventSpan, err error) {
	defer t.note(&err)
	if err := t.read(); err != nil {
		return s, err
	}
	if s.Newest, err = t.rows.sum(eventCounter); err != nil {
		return s, err
	}
	s.Kept = s.Newest
	if key, _ := t.rows.seek(eventBucket, nil).next(); key != nil {
		s.Kept = int64(idOf(key)) - 1
	}
	return s, nil
}

func (t *tx) EventCount(after int64) (int64, error) {
	s, err := t.EventSpan()
	return max(0, s.Newest-max(after, s.Kept)), err
}

func (t *tx) RewriteEvent(e store.Event) (err error) {
	defer t.note(&err)
	if err := t.write(); err != nil {
		return err
	}
	key := cursorKey(e.Cursor)
	row := t.rows.get(eventBucket, key)
	if row == nil {
		return nil
	}
	old, err := readEvent(key, row)
	if err != nil {
		return err
	}
	t.saw(old.Body)
	if err := t.checkText("event "+old.Topic, e.Body); err != nil {
		return err
	}
	if err := t.moveEvent(e.Cursor, old.Account, e.Account); err != nil {
		return err
	}
	e.ID, e.At, e.Topic = old.ID, old.At, old.Topic
	return t.putEvent(e)
}

// moveEvent gives an event another place in the index of accounts; 0 is none.
func (t *tx) moveEvent(cursor int64, from, to store.ID) error {
	if from == to {
		return nil
	}
	if from != 0 {
		if err := t.rows.drop(eventAccountBucket, accountKey(from, cursor)); err != nil {
			return err
		}
	}
	if to == 0 {
		return nil
	}
	return t.rows.put(eventAccountBucket, accountKey(to, cursor), present)
}

func (t *tx) DropEvents(upTo int64, limit int) (n int, err error) {
	defer t.note(&err)
	if err := t.write(); err != nil {
		return 0, err
	}
	var events []store.Event
	for c := t.rows.seek(eventBucket, nil); len(events) < limit; {
		key, row := c.next()
		if key == nil || int64(idOf(key)) > upTo {
			break
		}
		e, err := readEvent(key, row)
		if err != nil {
			return 0, err
		}
		events = append(events, e)
	}
	for n, e := range events {
		if err := t.moveEvent(e.Cursor, e.Account, 0); err != nil {
			return n, err
		}
		if err := t.rows.drop(eventBucket, cursorKey(e.Cursor)); err != nil {
			return n, err
		}
	}
	if len(events) == 0 {
		return 0, nil
	}
	gone, err := t.rows.sum(eventsGoneCounter)
	if err == nil {
		err = t.rows.add(eventsGoneCounter, events[len(events)-1].Cursor-gone)
	}
	return len(events), err
}

// readEvent reads a row. One of a version before ends with the body.
func readEvent(key, row []byte) (store.Event, error) {
	e := store.Event{Cursor: int64(idOf(key))}
	body, err := unseal(eventRowSum, key, row)
	if err == nil {
		p := payload{rest: body}
		e.ID = store.ID(p.number())
		e.At = time.UnixMicro(int64(p.number())).UTC()
		e.Topic = string(p.text())
		e.Body = bytes.Clone(p.text())
		if len(p.rest) > 0 {
			e.Brand, e.Account = string(p.text()), store.ID(p.number())
		}
		for len(p.rest) > 0 {
			e.About = append(e.About, store.ID(p.number()))
		}
		err = p.end()
	}
	if err != nil {
		return store.Event{}, fmt.Errorf("store: event %d: %w", e.Cursor, err)
	}
	return e, nil
}

func (t *tx) Finally(object, account store.ID, emit func(store.Tx) error) error {
	if err := t.write(); err != nil {
		return err
	}
	t.told.Finally(object, account, emit)
	return nil
}

func cursorKey(cursor int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(cursor)) }

func accountKey(account store.ID, cursor int64) []byte {
	return binary.BigEndian.AppendUint64(idKey(account), uint64(cursor))
}
