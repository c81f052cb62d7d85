package transfer

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"maps"

	"rator/store"
)

// sums are what two stores are compared by: of each kind, and of events, how many there are
// and the sum of their hashes. With a seed that nobody can know, sums of different things are
// the same once in 2^64 times.
type sums struct {
	seed maphash.Seed
	of   map[string]sum
}

type sum struct {
	count int64
	sum   uint64
}

// eventSum is what the sum of events is called; no kind has such a name.
const eventSum = "(events)"

func newSums() *sums { return &sums{seed: maphash.MakeSeed(), of: map[string]sum{}} }

func (s *sums) add(of string, things int, each func(n int, b []byte) []byte) {
	total := s.of[of]
	var b []byte
	for n := range things {
		b = each(n, b[:0])
		total.sum += maphash.Bytes(s.seed, b)
	}
	total.count += int64(things)
	s.of[of] = total
}

func (s *sums) records(kind string, records []store.Record) {
	s.add(kind, len(records), func(n int, b []byte) []byte {
		b = binary.BigEndian.AppendUint64(b, uint64(records[n].ID))
		b = binary.BigEndian.AppendUint64(b, uint64(records[n].Version))
		return append(b, records[n].Doc...)
	})
}

// events sums all but the cursors, which may be others.
func (s *sums) events(events []store.Event) {
	s.add(eventSum, len(events), func(n int, b []byte) []byte {
		e := events[n]
		for _, number := range []int64{int64(e.ID), e.At.UnixMicro(), int64(e.Account), int64(len(e.About))} {
			b = binary.BigEndian.AppendUint64(b, uint64(number))
		}
		for _, id := range e.About {
			b = binary.BigEndian.AppendUint64(b, uint64(id))
		}
		for _, text := range []string{e.Topic, e.Brand} {
			b = append(binary.BigEndian.AppendUint64(b, uint64(len(text))), text...)
		}
		return append(b, e.Body...)
	})
}

// check reads what was filled, and says what of it is not as it should be.
func (c *copying) check(rest Rest, want *sums) error {
	c.told.next("records read again", c.done.Records)
	return c.to.Snapshot(c.ctx, func(s Snapshot) error {
		got := &sums{seed: want.seed, of: map[string]sum{}}
		for _, info := range c.infos {
			err := pages(c.ctx, s, info.Name, func(records []store.Record) error {
				got.records(info.Name, records)
				c.told.add(len(records))
				return nil
			})
			if err != nil {
				return err
			}
			if got.of[info.Name] != want.of[info.Name] {
				return differs("records of "+info.Name, got.of[info.Name], want.of[info.Name])
			}
		}
		err := eventPages(c.ctx, s, func(events []store.Event) error {
			got.events(events)
			return nil
		})
		if err != nil {
			return err
		}
		if got.of[eventSum] != want.of[eventSum] {
			return differs("events", got.of[eventSum], want.of[eventSum])
		}
		filled, err := s.Rest()
		if err != nil {
			return err
		}
		return rest.differs(filled)
	})
}

func differs(what string, got, want sum) error {
	if got.count != want.count {
		return fmt.Errorf("%d %s, not %d", got.count, what, want.count)
	}
	return fmt.Errorf("of %d %s the sum is another", got.count, what)
}

// differs says what of the rest is not as it should be.
func (r Rest) differs(got Rest) error {
	switch {
	case got.Newest != r.Newest:
		return fmt.Errorf("the newest id is %s, not %s", got.Newest, r.Newest)
	case got.Events != r.Events || got.Cursor != r.Cursor:
		return fmt.Errorf("%d events up to cursor %d, not %d up to %d", got.Events, got.Cursor, r.Events, r.Cursor)
	case !maps.Equal(got.Sequences, r.Sequences):
		return fmt.Errorf("sequences are %v, not %v", got.Sequences, r.Sequences)
	case !maps.Equal(got.Counters, r.Counters):
		return fmt.Errorf("counters are %v, not %v", got.Counters, r.Counters)
	}
	return nil
}

// told tells how far a step is.
type told struct {
	ctx         context.Context
	of          string
	done, total int64
}

func (t *told) next(of string, total int64) { t.of, t.done, t.total = of, 0, total }

func (t *told) add(n int) {
	t.done += int64(n)
	store.Tell(t.ctx, store.Progress{Of: t.of, Done: t.done, Total: max(t.done, t.total)})
}
