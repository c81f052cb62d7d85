package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rator/store"
)

// cursors are those of all events.
func (c *trial) cursors() (cursors []int64) {
	c.Helper()
	c.view(func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 99)
		cursors = nil
		for _, e := range events {
			cursors = append(cursors, e.Cursor)
		}
		return err
	})
	return cursors
}

var eventTests = []test{
	{"event/what is emitted comes out, by cursor", func(c *trial) {
		c.update(func(tx store.Tx) error {
			if err := tx.Emit(store.Event{Topic: "signed-up", Body: []byte(`{"a":1}`)}); err != nil {
				return err
			}
			return tx.Emit(store.Event{Topic: "activated", Body: []byte(`{"a":2}`)})
		})
		c.update(func(tx store.Tx) error { return tx.Emit(store.Event{Topic: "blocked", Body: []byte(`{"a":3}`)}) })
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
	{"event/in the end, what none has told", func(c *trial) {
		emit := func(topic string, account store.ID, about ...store.ID) func(store.Tx) error {
			return func(tx store.Tx) error {
				return tx.Emit(store.Event{Topic: topic, Account: account, About: about, Body: []byte(`{}`)})
			}
		}
		told := func(topics string) {
			c.view(func(tx store.Tx) error {
				events, err := tx.EventsAfter(0, 99)
				var s []string
				for _, e := range events {
					s = append(s, e.Topic)
				}
				return errors.Join(err, expect("told", strings.Join(s, " "), topics), want(tx.Finally(1, 1, emit("x", 1)), store.ErrReadOnly))
			})
		}
		c.update(func(tx store.Tx) error {
			undone := tx.Savepoint(func() error {
				return errors.Join(tx.Finally(9, 9, emit("undone", 9, 9)), emit("undone", 1, 2)(tx), errMine)
			})
			return errors.Join(want(undone, errMine),
				tx.Finally(1, 1, emit("account 1", 1, 1)), tx.Finally(1, 1, emit("twice", 1, 1)),
				tx.Finally(2, 1, emit("object 2", 1, 2)),
				tx.Finally(0, 0, emit("first", 0)),
				tx.Finally(3, 3, emit("account 3", 3, 3)), tx.Finally(4, 3, emit("object 4", 3, 4)),
				tx.Finally(5, 5, emit("account 5", 5, 5)), tx.Finally(7, 6, emit("object 7", 6, 7)), tx.Finally(6, 6, emit("account 6", 6, 6)),
				emit("of 4", 0, 4)(tx), emit("about nothing", 5)(tx), emit("about 6", 6, 6)(tx))
		})
		told("of 4 about nothing about 6 first object 2 account 3 account 5")
		_ = c.Update(c.Context(), func(tx store.Tx) error { return errors.Join(tx.Finally(1, 1, emit("failed", 1, 1)), errMine) })
		err := c.Update(c.Context(), func(tx store.Tx) error {
			return errors.Join(emit("with it", 1, 1)(tx), tx.Finally(7, 7, func(store.Tx) error { return errMine }))
		})
		if err := want(err, errMine); err != nil {
			c.Error(err)
		}
		c.update(func(tx store.Tx) error { return tx.Finally(1, 1, emit("account 1", 1, 1)) })
		told("of 4 about nothing about 6 first object 2 account 3 account 5 account 1")
	}},
	{"event/of an account", func(c *trial) {
		c.update(func(tx store.Tx) error {
			for n := range 6 {
				err := tx.Emit(store.Event{Topic: fmt.Sprint(n), Brand: "B", Account: store.ID(n % 3), About: []store.ID{store.ID(n), 8}, Body: []byte(`{}`)})
				if err != nil {
					return err
				}
			}
			return nil
		})
		cursors := c.cursors()
		of := func(account store.ID, cursor int64, limit int) (topics string) {
			c.view(func(tx store.Tx) error {
				events, err := tx.EventsOf(account, cursor, limit)
				topics = ""
				for _, e := range events {
					topics += e.Topic
					n := slices.Index(cursors, e.Cursor)
					if e.Brand != "B" || e.Account != account || e.Topic != fmt.Sprint(n) || len(e.About) != 2 || e.About[0] != store.ID(n) || e.About[1] != 8 {
						c.Errorf("event %+v", e)
					}
				}
				return err
			})
			return topics
		}
		if err := errors.Join(
			expect("of 1", of(1, 0, 9), "14"), expect("of 1 after the second", of(1, cursors[1], 9), "4"), expect("one of 2", of(2, 0, 1), "2"),
			expect("of 3", of(3, 0, 9), "")); err != nil {
			c.Error(err)
		}
	}},
	{"event/another body, another account", func(c *trial) {
		c.update(func(tx store.Tx) error {
			return errors.Join(tx.Emit(store.Event{Topic: "one", Body: []byte(`{"secret":1}`)}), tx.Emit(store.Event{Topic: "two", Account: 5, Body: []byte(`{}`)}))
		})
		c.update(func(tx store.Tx) error {
			events, err := tx.EventsAfter(0, 9)
			if err != nil {
				return err
			}
			one := events[0]
			one.Brand, one.Account, one.About, one.Body = "B", 7, []store.ID{7}, []byte(`{"blank":1}`)
			return errors.Join(tx.RewriteEvent(one), tx.RewriteEvent(store.Event{Cursor: events[1].Cursor, Body: []byte(`{}`)}), tx.RewriteEvent(store.Event{Cursor: 99}))
		})
		c.view(func(tx store.Tx) error {
			events, err := tx.EventsAfter(0, 9)
			of7, err7 := tx.EventsOf(7, 0, 9)
			of5, err5 := tx.EventsOf(5, 0, 9)
			if err := errors.Join(err, err7, err5); err != nil {
				return err
			}
			return errors.Join(expect("events", len(events), 2), expect("topic", events[0].Topic, "one"), expect("body", strings.ReplaceAll(string(events[0].Body), " ", ""), `{"blank":1}`),
				expect("of 7", len(of7), 1), expect("of 5", len(of5), 0), expect("same id", of7[0].ID == events[0].ID && !of7[0].At.IsZero(), true),
				want(tx.RewriteEvent(events[0]), store.ErrReadOnly))
		})
	}},
	{"event/one is rewritten by who emits it", func(c *trial) {
		c.update(func(tx store.Tx) error {
			err := errors.Join(tx.Emit(store.Event{Topic: "one", Account: 5, Body: []byte(`{"secret":1}`)}), tx.Emit(store.Event{Topic: "two", Body: []byte(`{}`)}))
			if err != nil {
				return err
			}
			rewrite := func(body string) error {
				events, err := tx.EventsAfter(0, 9)
				if err != nil || len(events) != 2 {
					return errors.Join(err, expect("events", len(events), 2))
				}
				one := events[0]
				one.Brand, one.Account, one.Body = "B", 7, []byte(body)
				return tx.RewriteEvent(one)
			}
			undo := errors.New("undone")
			if err := tx.Savepoint(func() error { return errors.Join(rewrite(`{"undone":1}`), undo) }); !errors.Is(err, undo) {
				return err
			}
			if err := rewrite(`{"blank":1}`); err != nil {
				return err
			}
			of7, err := tx.EventsOf(7, 0, 9)
			return errors.Join(err, expect("of 7, to itself", len(of7), 1))
		})
		c.view(func(tx store.Tx) error {
			events, err := tx.EventsAfter(0, 9)
			of7, err7 := tx.EventsOf(7, 0, 9)
			of5, err5 := tx.EventsOf(5, 0, 9)
			if err := errors.Join(err, err7, err5); err != nil {
				return err
			}
			return errors.Join(expect("events", len(events), 2), expect("topic", events[0].Topic, "one"), expect("body", strings.ReplaceAll(string(events[0].Body), " ", ""), `{"blank":1}`),
				expect("brand", events[0].Brand, "B"), expect("of 7", len(of7), 1), expect("of 5", len(of5), 0))
		})
	}},
	{"event/old ones go, cursors stay", func(c *trial) {
		span := func(kept, newest, many int64) {
			c.view(func(tx store.Tx) error {
				s, err := tx.EventSpan()
				n, errCount := tx.EventCount(0)
				after, errAfter := tx.EventCount(newest)
				return errors.Join(err, errCount, errAfter, expect("kept", s.Kept, kept), expect("newest", s.Newest, newest), expect("events", n, many), expect("after the newest", after, 0))
			})
		}
		span(0, 0, 0)
		c.update(func(tx store.Tx) (err error) {
			for range 10 {
				err = errors.Join(err, tx.Emit(store.Event{Topic: "t", Account: 1, Body: []byte(`{}`)}))
			}
			return err
		})
		at := c.cursors()
		span(0, at[9], 10)
		drop := func(upTo int64, limit, gone int) {
			c.update(func(tx store.Tx) error {
				n, err := tx.DropEvents(upTo, limit)
				return errors.Join(err, expect("dropped", n, gone))
			})
		}
		drop(at[3], 3, 3)
		drop(at[3], 3, 1)
		drop(at[3], 3, 0)
		span(at[3], at[9], 6)
		c.view(func(tx store.Tx) error {
			all, err := tx.EventsAfter(0, 99)
			of, errOf := tx.EventsOf(1, 0, 99)
			_, errDrop := tx.DropEvents(at[8], 9)
			return errors.Join(err, errOf, expect("left", len(all), 6), expect("left of 1", len(of), 6), want(errDrop, store.ErrReadOnly))
		})
		drop(at[9]+1, 99, 6)
		span(at[9], at[9], 0)
		c.update(func(tx store.Tx) error { return tx.Emit(store.Event{Topic: "t", Body: []byte(`{}`)}) })
		next := c.cursors()[0]
		span(at[9], next, 1)
		if next <= at[9] {
			c.Errorf("cursor %d comes after %d", next, at[9])
		}
	}},
	{"event/of a failed transaction never come", func(c *trial) {
		_ = c.Update(c.Context(), func(tx store.Tx) error {
			return errors.Join(tx.Emit(store.Event{Topic: "topic", Body: []byte(`{}`)}), errMine)
		})
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
						return tx.Emit(store.Event{Topic: fmt.Sprintf("%d-%d", writer, n), Body: []byte(`{}`)})
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
