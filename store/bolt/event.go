package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"rator/store"
)

const (
	eventBucket  = "event"
	eventCounter = "event" // the newest cursor
)

// Emit gives the event the next cursor. Cursors are in commit order because
// closures run one after the other.
func (t *tx) Emit(topic string, body []byte) error {
	id, err := t.NextID()
	if err != nil {
		return err
	}
	cursor, err := t.add(eventCounter, 1)
	if err != nil {
		return err
	}
	row := newRow(len(topic) + len(body) + 32)
	row = binary.AppendUvarint(row, uint64(id))
	row = binary.AppendUvarint(row, uint64(t.now.UnixMicro()))
	row = appendText(row, topic)
	row = appendText(row, body)
	key := cursorKey(cursor)
	return t.rows.put(eventBucket, key, seal(eventBucket, key, row))
}

// about is what an event of EmitOnce is about.
type about struct {
	topic string
	id    store.ID
}

// EmitOnce looks the last ones up first: a unit mostly goes on with the object
// that it began with.
func (t *tx) EmitOnce(topic string, id store.ID, body []byte) error {
	this := about{topic, id}
	for _, told := range slices.Backward(t.told) {
		if told == this {
			return t.write()
		}
	}
	if err := t.Emit(topic, body); err != nil {
		return err
	}
	t.told = append(t.told, this)
	return nil
}

func (t *tx) EventsAfter(cursor int64, limit int) ([]store.Event, error) {
	if err := t.read(); err != nil {
		return nil, err
	}
	var events []store.Event
	for c := t.rows.seek(eventBucket, cursorKey(cursor+1)); len(events) < limit; {
		key, row := c.next()
		if key == nil {
			break
		}
		e, err := readEvent(key, row)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

func readEvent(key, row []byte) (store.Event, error) {
	e := store.Event{Cursor: int64(idOf(key))}
	body, err := unseal(eventBucket, key, row)
	if err == nil {
		p := payload{rest: body}
		e.ID = store.ID(p.number())
		e.At = time.UnixMicro(int64(p.number())).UTC()
		e.Topic = string(p.text())
		e.Body = bytes.Clone(p.text())
		err = p.end()
	}
	if err != nil {
		return store.Event{}, fmt.Errorf("store: event %d: %w", e.Cursor, err)
	}
	return e, nil
}

func cursorKey(cursor int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(cursor)) }
