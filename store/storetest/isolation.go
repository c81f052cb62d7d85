package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"rator/store"
)

// together runs fn for 0 to n-1, each on a goroutine of its own that begins when all are
// there.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-begin
			fn(i)
		})
	}
	close(begin)
	wg.Wait()
}

// Callers of each round. Of bolt some of them share a commit, of others they overlap.
const (
	racers     = 5
	raceRounds = 12
)

// oneEach has racers insert what no other has inserted, as far as asked tells, round by
// round: it is asked whether the group of the round is empty.
func oneEach(asked func(tx store.Tx, group string) (bool, error)) func(*trial) {
	return oneEachOf(Things, thingKind, asked)
}

// oneEachOf is oneEach of a kind.
func oneEachOf(things *store.Kind[Thing], kind string, asked func(tx store.Tx, group string) (bool, error)) func(*trial) {
	return func(c *trial) {
		for round := range raceRounds {
			group := fmt.Sprintf("group %02d", round)
			together(racers, func(int) {
				err := c.Update(context.Background(), func(tx store.Tx) error {
					empty, err := asked(tx, group)
					if err != nil || !empty {
						return err
					}
					return things.Insert(tx, &Thing{Group: group})
				})
				if err != nil {
					c.Error(err)
				}
			})
			c.view(func(tx store.Tx) error {
				rs, err := tx.Find(kind, "group", group, 0, 9)
				return errors.Join(err, expect("in "+group, len(rs), 1))
			})
		}
	}
}

func foundNone(tx store.Tx, group string) (bool, error) {
	rs, err := tx.Find(thingKind, "group", group, 0, 1)
	return len(rs) == 0, err
}

var isolationTests = []test{
	{"isolation/nothing comes into what Find saw empty", oneEach(foundNone)},
	{"isolation/nor where many have a value", oneEachOf(Crowded, crowdedKind, func(tx store.Tx, group string) (bool, error) {
		rs, err := tx.Find(crowdedKind, "group", group, 0, 1)
		return len(rs) == 0, err
	})},
	{"isolation/nor into what Range did", oneEach(func(tx store.Tx, group string) (bool, error) {
		rs, _, err := tx.Range(thingKind, "group", group[:len(group)-1], nil, 2*raceRounds)
		for _, r := range rs {
			if x, err := fieldsOf(r); err != nil || x.Group == group {
				return false, err
			}
		}
		return true, err
	})},
	{"isolation/nor into what FindMany did", oneEach(func(tx store.Tx, group string) (bool, error) {
		found, err := tx.FindMany([]store.Ask{
			{Kind: thingKind, Index: "name", Value: group, Limit: 1},
			{Kind: thingKind, Index: "group", Value: group, Newest: true, Limit: 1}})
		return err == nil && len(found[1]) == 0, err
	})},
	{"isolation/nor into what Scan did", oneEach(func(tx store.Tx, group string) (bool, error) {
		rs, err := tx.Scan(thingKind, 0, 2*raceRounds)
		for _, r := range rs {
			if x, err := fieldsOf(r); err != nil || x.Group == group {
				return false, err
			}
		}
		return true, err
	})},
	{"isolation/nor into what was seen empty in a savepoint that was undone", oneEach(func(tx store.Tx, group string) (empty bool, err error) {
		undone := tx.Savepoint(func() error {
			if empty, err = foundNone(tx, group); err != nil {
				return err
			}
			return errMine
		})
		return empty, errors.Join(err, want(undone, errMine))
	})},
	{"isolation/no more come than Count allowed", func(c *trial) {
		for round := range raceRounds {
			together(racers, func(int) {
				err := c.Update(context.Background(), func(tx store.Tx) error {
					n, err := tx.Count(thingKind)
					if err != nil || n > int64(round) {
						return err
					}
					_, err = insert(tx, Thing{})
					return err
				})
				if err != nil {
					c.Error(err)
				}
			})
			if n := c.count(); n != int64(round)+1 {
				c.Fatalf("round %d: there are %d", round, n)
			}
		}
	}},
	{"isolation/what a closure fails with, it found in one state", func(c *trial) {
		// The pair is always equal. Who sees it otherwise says so, and is refused: such a
		// refusal is of no state that there ever was, so that nobody may be told of it.
		pair := c.keep("", "")
		note := func(tx store.Tx, i int) (Thing, error) {
			r, err := tx.Get(thingKind, pair[i].ID)
			if err != nil {
				return Thing{}, err
			}
			return fieldsOf(r)
		}
		errTorn := errors.New("the pair is torn")
		together(racers, func(caller int) {
			for n := range 2 * raceRounds {
				reads := caller%2 == 1
				err := c.Update(context.Background(), func(tx store.Tx) error {
					a, errA := note(tx, 0)
					b, errB := note(tx, 1)
					switch {
					case errA != nil || errB != nil:
						return errors.Join(errA, errB)
					case a.Note != b.Note:
						return errTorn
					case reads:
						return errMine
					}
					a.Note = strconv.Itoa(caller) + "/" + strconv.Itoa(n)
					b.Note = a.Note
					return errors.Join(tx.Put(thingKind, a.record()), tx.Put(thingKind, b.record()))
				})
				if errors.Is(err, errTorn) || reads != errors.Is(err, errMine) || !reads && err != nil {
					c.Error(err)
				}
			}
		})
	}},
	{"isolation/unique values are swapped, and handed on", func(c *trial) {
		pair := c.keep("a", "b")
		c.update(func(tx store.Tx) error {
			a, b := pair[0], pair[1]
			named := func(x *Thing, name string) error {
				x.Name = name
				err := tx.Put(thingKind, x.record())
				x.Version++
				return err
			}
			return errors.Join(wantTaken(func() error { x := a; return named(&x, "b") }(), "name"),
				named(&a, "between"), named(&b, "a"), named(&a, "b"))
		})
		c.view(func(tx store.Tx) error {
			a, errA := Things.By(tx, "name", "b")
			b, errB := Things.By(tx, "name", "a")
			if err := errors.Join(errA, errB); err != nil {
				return err
			}
			return errors.Join(expect("b", a.ID, pair[0].ID), expect("a", b.ID, pair[1].ID), leave(c, tx, "b a; a b; 2; 0"))
		})
		c.update(func(tx store.Tx) error { // to one that is new, from one that goes
			if err := tx.Delete(thingKind, pair[0].ID, 3); err != nil {
				return err
			}
			_, err := insert(tx, Thing{Name: "b"})
			return err
		})
		c.view(func(tx store.Tx) error { return leave(c, tx, "a b; a b; 2; 0") })
	}},
}
