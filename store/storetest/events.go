package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"rator/store"
)

var eventTests = []test{
	{"event/what is emitted comes out, by cursor", func(c *trial) {
		c.update(func(tx store.Tx) error {
			if err := tx.Emit("signed-up", []byte(`{"a":1}`)); err != nil {
				return err
			}
			return tx.Emit("activated", []byte(`{"a":2}`))
		})
		c.update(func(tx store.Tx) error { return tx.Emit("blocked", []byte(`{"a":3}`)) })
		topics := func(cursor int64, limit int) (string, int64) {
			var s []string
			last := cursor
			c.view(func(tx store.Tx) error {
				events, err := tx.EventsAfter(cursor, limit)
				s = nil
				for _, e := range events {
					if e.Cursor <= last || e.ID == 0 || e.At != tx.Now() {
						c.Errorf("event %+v after cursor %d", e, last)
					}
					last = e.Cursor
					s = append(s, e.Topic+strings.ReplaceAll(string(e.Body), " ", ""))
				}
				return err
			})
			return strings.Join(s, " "), last
		}
		first, cursor := topics(0, 2)
		second, end := topics(cursor, 2)
		third, _ := topics(end, 2)
		all, _ := topics(0, 9)
		if err := errors.Join(
			expect("first", first, `signed-up{"a":1} activated{"a":2}`),
			expect("second", second, `blocked{"a":3}`),
			expect("third", third, ""),
			expect("all", all, first+" "+second)); err != nil {
			c.Error(err)
		}
	}},
	{"event/once about an object in a transaction", func(c *trial) {
		once := func(tx store.Tx, topic string, about store.ID) error {
			return tx.EmitOnce(topic, about, fmt.Appendf(nil, `{"about":%d}`, about))
		}
		told := func(tx store.Tx, want string) error {
			events, err := tx.EventsAfter(0, 99)
			var s []string
			for _, e := range events {
				s = append(s, e.Topic+strings.NewReplacer(" ", "", `{"about":`, "", "}", "").Replace(string(e.Body)))
			}
			return errors.Join(err, expect("told", strings.Join(s, " "), want))
		}
		c.update(func(tx store.Tx) error {
			err := errors.Join(once(tx, "a", 1), once(tx, "a", 2), once(tx, "b", 1), once(tx, "a", 1))
			undone := tx.Savepoint(func() error {
				inner := tx.Savepoint(func() error { return errors.Join(once(tx, "a", 3), once(tx, "a", 2)) })
				return errors.Join(inner, once(tx, "a", 3), once(tx, "a", 4), told(tx, "a1 a2 b1 a3 a4"), errMine)
			})
			kept := tx.Savepoint(func() error { return once(tx, "a", 4) })
			return errors.Join(err, want(undone, errMine), kept, told(tx, "a1 a2 b1 a4"), once(tx, "a", 4), once(tx, "a", 3))
		})
		_ = c.Update(c.Context(), func(tx store.Tx) error { return errors.Join(once(tx, "c", 1), errMine) })
		c.update(func(tx store.Tx) error { return once(tx, "a", 1) })
		c.view(func(tx store.Tx) error {
			return errors.Join(told(tx, "a1 a2 b1 a4 a3 a1"), want(once(tx, "a", 1), store.ErrReadOnly))
		})
	}},
	{"event/of a failed transaction never come", func(c *trial) {
		_ = c.Update(c.Context(), func(tx store.Tx) error { return errors.Join(tx.Emit("topic", []byte(`{}`)), errMine) })
		c.view(func(tx store.Tx) error {
			events, err := tx.EventsAfter(0, 9)
			return errors.Join(err, expect("events", len(events), 0))
		})
	}},
	{"event/a reader with a cursor misses none", func(c *trial) {
		const writers, each = 6, 20
		var wg sync.WaitGroup
		for writer := range writers {
			wg.Go(func() {
				for n := range each {
					err := c.Update(context.Background(), func(tx store.Tx) error {
						return tx.Emit(fmt.Sprintf("%d-%d", writer, n), []byte(`{}`))
					})
					if err != nil {
						c.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		seen, ids, cursor := map[string]int{}, map[store.ID]bool{}, int64(0)
		read := func() (n int) {
			c.view(func(tx store.Tx) error {
				events, err := tx.EventsAfter(cursor, 7)
				for _, e := range events {
					seen[e.Topic]++
					ids[e.ID] = true
					cursor = e.Cursor
				}
				n = len(events)
				return err
			})
			return n
		}
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
				read()
			}
		}
		for read() > 0 {
		}
		for topic, n := range seen {
			if n != 1 {
				c.Errorf("%s came %d times", topic, n)
			}
		}
		if len(seen) != writers*each || len(ids) != writers*each {
			c.Errorf("%d events with %d ids came, want %d", len(seen), len(ids), writers*each)
		}
	}},
}
