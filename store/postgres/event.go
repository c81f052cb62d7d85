package postgres

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"rator/store"
)

// An event's cursor is of the number of the transaction of the database that wrote it, and of
// its place there. Transactions do not commit in the order of their numbers: so events are
// read only up to the oldest transaction that is still under way, behind which none can come.

// perTransaction is how many events a transaction writes at most.
const perTransaction = 1 << 16

// placeOf is where an event with a cursor lies.
func placeOf(cursor int64) (transaction string, n int32) {
	return fmt.Sprint(cursor / perTransaction), int32(cursor % perTransaction)
}

// events are what a transaction wrote to events.
type events struct {
	emitted   []store.Event
	rewritten []store.Event
	dropped   []int64 // cursors
}

type eventsMark struct{ emitted, rewritten, dropped int }

func (e *events) mark() eventsMark {
	return eventsMark{len(e.emitted), len(e.rewritten), len(e.dropped)}
}

func (e *events) undo(m eventsMark) {
	e.emitted, e.rewritten, e.dropped = e.emitted[:m.emitted], e.rewritten[:m.rewritten], e.dropped[:m.dropped]
}

func (e *events) none() bool { return len(e.emitted)+len(e.rewritten)+len(e.dropped) == 0 }

// Emit writes an event with what is written at the end.
func (t *tx) Emit(e store.Event) (err error) {
	if e.ID, err = t.NextID(); err != nil {
		return err
	}
	if len(t.events.emitted) == perTransaction-1 {
		return t.fail(fmt.Errorf("store: more than %d events in one transaction", perTransaction-1))
	}
	if err := t.checkText("event "+e.Topic, e.Body); err != nil {
		return err
	}
	e.At, e.Body, e.About = t.now, bytes.Clone(e.Body), slices.Clone(e.About)
	t.told.Event(e)
	t.events.emitted = append(t.events.emitted, e)
	return nil
}

func (t *tx) Finally(object, account store.ID, emit func(store.Tx) error) error {
	if err := t.write(); err != nil {
		return err
	}
	t.told.Finally(object, account, emit)
	return nil
}

// An output column of the name xid would be what "order by xid" is about.
const eventColumns = "xid::text as written, n, id, at, topic, brand, account, about, body, sum"

// based is the number of a transaction as events have it: after those of events that another
// database wrote.
func (d *DB) based(number string) string {
	if d.base == 0 {
		return number
	}
	return fmt.Sprintf("(%s::text::bigint+%d)::text::xid8", number, d.base)
}

func (t *tx) EventsAfter(cursor int64, limit int) ([]store.Event, error) {
	return t.readEvents(0, cursor, limit)
}

func (t *tx) EventsOf(account store.ID, cursor int64, limit int) ([]store.Event, error) {
	return t.readEvents(account, cursor, limit)
}

// readEvents reads events after a cursor: of an account, or with 0 all.
func (t *tx) readEvents(account store.ID, cursor int64, limit int) ([]store.Event, error) {
	if err := t.open(); err != nil {
		return nil, err
	}
	if limit < 1 {
		return nil, nil
	}
	if t.base.standby != nil { // which does not know who is under way
		t.base.err = errBehind
		return nil, errBehind
	}
	var found []store.Event
	transaction, n := placeOf(cursor)
	s := statement{args: []any{transaction, n, limit + len(t.events.dropped) + len(t.events.rewritten)}, begin: func() { found = nil }, read: func(rows pgx.Rows) error {
		e, err := scanEvent(rows)
		t.base.nul = t.base.nul || store.HoldsNUL(e.Body)
		found = append(found, e)
		return err
	}}
	where := ""
	if account != 0 {
		where = "account=$4 and "
		s.args = append(s.args, int64(account))
	}
	s.sql = "select " + eventColumns + " from " + t.db.schema.table("event") + " where " + where + "(xid,n)>($1::text::xid8,$2) and " + t.db.fenced() + " order by xid,n limit $3"
	if err := t.base.ask(s); err != nil {
		return nil, err
	}
	return t.overEvents(found, account, cursor, limit), nil
}

// firstOwn is the cursor of the first event that is not committed, as its transaction sees
// it: after all others.
const firstOwn = math.MaxInt64 - perTransaction

// now is an event as it was rewritten, if it was.
func (e *events) now(old store.Event) store.Event {
	for _, new := range e.rewritten {
		if new.Cursor == old.Cursor {
			old.Brand, old.Account, old.About, old.Body = new.Brand, new.Account, slices.Clone(new.About), bytes.Clone(new.Body)
		}
	}
	return old
}

// own are the events that the transaction emitted, as they will be written.
func (e *events) own() []store.Event {
	own := slices.Clone(e.emitted)
	for n := range own {
		own[n].Cursor = firstOwn + int64(n)
		own[n] = e.now(own[n])
	}
	return own
}

// overEvents lays what the transaction wrote over what the database has.
func (t *tx) overEvents(found []store.Event, account store.ID, cursor int64, limit int) []store.Event {
	var events []store.Event
	for _, e := range found {
		if slices.Contains(t.events.dropped, e.Cursor) {
			continue
		}
		if e = t.events.now(e); account == 0 || e.Account == account {
			events = append(events, e)
		}
	}
	for _, e := range t.events.own() {
		if e.Cursor > cursor && (account == 0 || e.Account == account) {
			e.About, e.Body = slices.Clone(e.About), bytes.Clone(e.Body)
			events = append(events, e)
		}
	}
	return events[:min(limit, len(events))]
}

func (t *tx) EventSpan() (store.EventSpan, error) {
	s := store.EventSpan{Sparse: true}
	if err := t.open(); err != nil {
		return s, err
	}
	newest := statement{sql: "select xid::text as written, n from " + t.db.schema.table("event") + " where " + t.db.fenced() + " order by xid desc,n desc limit 1", read: func(rows pgx.Rows) (err error) {
		s.Newest, err = scanCursor(rows)
		return err
	}}
	err := t.base.ask(newest, t.db.mark("gone", &s.Kept))
	s.Newest = max(s.Newest, s.Kept)
	return s, err
}

// mostCounted is up to how many events are counted: 20 ms of the server's time.
const mostCounted = 100_000

func (t *tx) EventCount(after int64) (n int64, err error) {
	if err := t.open(); err != nil {
		return 0, err
	}
	transaction, place := placeOf(after)
	err = t.base.ask(statement{sql: "select count(*) from (select from " + t.db.schema.table("event") + " where (xid,n)>($1::text::xid8,$2) and " + t.db.fenced() + " limit $3) e",
		args: []any{transaction, place, mostCounted}, read: func(rows pgx.Rows) error { return rows.Scan(&n) }})
	return n, err
}

func scanCursor(rows pgx.Rows) (int64, error) {
	var transaction string
	var n int64
	if err := rows.Scan(&transaction, &n); err != nil {
		return 0, err
	}
	return cursorOf(transaction, n)
}

func cursorOf(transaction string, n int64) (int64, error) {
	var number int64
	_, err := fmt.Sscan(transaction, &number)
	return number*perTransaction + n, err
}

func (t *tx) RewriteEvent(e store.Event) error {
	if err := t.write(); err != nil {
		return err
	}
	if n := e.Cursor - firstOwn; n >= 0 {
		if n >= int64(len(t.events.emitted)) {
			return nil
		}
		return t.rewrite(t.events.emitted[n], e)
	}
	transaction, n := placeOf(e.Cursor)
	var found []store.Event
	err := t.base.ask(statement{sql: "select " + eventColumns + " from " + t.db.schema.table("event") + " where xid=$1::text::xid8 and n=$2", args: []any{transaction, n}, read: func(rows pgx.Rows) error {
		old, err := scanEvent(rows)
		found = append(found, old)
		return err
	}})
	if err != nil || found == nil {
		return err
	}
	t.base.nul = t.base.nul || store.HoldsNUL(found[0].Body)
	return t.rewrite(found[0], e)
}

func (t *tx) rewrite(old, e store.Event) error {
	if err := t.checkText("event "+old.Topic, e.Body); err != nil {
		return err
	}
	e.ID, e.At, e.Topic = old.ID, old.At, old.Topic
	e.Body, e.About = bytes.Clone(e.Body), slices.Clone(e.About)
	t.events.rewritten = append(t.events.rewritten, e)
	return nil
}

func (t *tx) DropEvents(upTo int64, limit int) (int, error) {
	if err := t.write(); err != nil {
		return 0, err
	}
	found, err := t.readEvents(0, 0, limit)
	n := 0
	for _, e := range found {
		if e.Cursor > upTo || e.Cursor >= firstOwn {
			break
		}
		t.events.dropped = append(t.events.dropped, e.Cursor)
		n++
	}
	return n, err
}

func scanEvent(rows pgx.Rows) (store.Event, error) {
	var (
		e           store.Event
		transaction string
		n           int64
		about       string
		sum         int32
	)
	err := rows.Scan(&transaction, &n, &e.ID, &e.At, &e.Topic, &e.Brand, &e.Account, &about, &e.Body, &sum)
	if err != nil {
		return e, err
	}
	e.Cursor, err = cursorOf(transaction, n)
	e.At = e.At.UTC()
	for word := range strings.FieldsSeq(about) {
		id, wrong := store.ParseID(word)
		if wrong != nil {
			err = errors.Join(err, wrong)
		}
		e.About = append(e.About, id)
	}
	if err == nil && eventSum(e) != sum {
		err = errors.New("the checksum is wrong")
	}
	if err != nil {
		return e, fmt.Errorf("store: event %d: %w", e.Cursor, err)
	}
	return e, nil
}

// aboutOf is how the objects of an event are kept.
func aboutOf(e store.Event) string {
	words := make([]string, len(e.About))
	for i, id := range e.About {
		words[i] = fmt.Sprintf("%018d", int64(id))
	}
	return strings.Join(words, " ")
}

// eventSum is an event's checksum: CRC-32C over all but its cursor, which the database
// gives.
func eventSum(e store.Event) int32 {
	b := binary.BigEndian.AppendUint64(nil, uint64(e.ID))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Account))
	for _, text := range []string{e.Topic, e.Brand, aboutOf(e), string(e.Body)} {
		b = append(append(b, text...), 0)
	}
	return int32(crc32.Checksum(b, castagnoli))
}
