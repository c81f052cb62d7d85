package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"rator/access"
	"rator/server"
	"rator/store"
	"rator/store/bolt"
	"rator/suite"
)

// TestPowerCut lets the power fail, at any moment of a server under traffic, on a disk
// that has then written, of what was not synced, some sectors of 512 bytes and others
// not. Each time the store opens, is whole, has every customer that was acknowledged by
// then and no half one, and takes changes. On a disk that says that it has synced and has
// not, the same cuts are found out: else this test would find nothing.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	if suite.Apart(t) {
		return
	}
	const clients, customers = 4, 80
	cuts := suite.Soak(t, 25, 200)
	c := newCrash(t)
	base, err := os.ReadFile(c.file)
	if err != nil {
		t.Fatal(err)
	}
	trace := traceDisk(t, c.file, "")
	p, err := trace.spawn(t, "--store", c.file)
	if err != nil {
		t.Fatal(err)
	}
	client := c.client(p)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for range customers / clients {
				if !c.signUp(t.Context(), client, c.next()) {
					t.Error("a server that nobody disturbed refused a customer")
				}
			}
		})
	}
	all.Wait()
	p.stop(t)
	trace.end(t)

	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 0))
	before, each := c.cutCensus(t, base)
	check := func(d disk, cuts int) (bad []error) {
		moments := make([]int, cuts)
		for n := range moments {
			moments[n] = rng.IntN(len(trace.ops) + 1)
		}
		slices.Sort(moments)
		asked := 0
		for n, moment := range moments {
			soaked(t, n, cuts)
			for ; asked < moment; asked++ {
				d.ask(trace.ops[asked])
			}
			due := map[string]string{}
			for id, at := range c.at {
				if moment == len(trace.ops) || at.Before(trace.ops[moment].at) {
					due[id] = c.acknowledged[id]
				}
			}
			if err := c.survives(t, d.cut(rng), due, before, each); err != nil {
				bad = append(bad, fmt.Errorf("cut before operation %d of %d, %d customers due: %w", moment, len(trace.ops), len(due), err))
			}
		}
		return bad
	}
	for _, err := range check(disk{sure: slices.Clone(base)}, cuts) {
		t.Errorf("seed %d: %v", seed, err)
	}
	lying := check(disk{sure: slices.Clone(base), lies: true}, max(10, cuts/10))
	if len(lying) == 0 {
		t.Error("a disk that lies was not found out")
	}
	t.Logf("seed %d: %d cuts in %d operations of %d customers; of %d on a disk that lies %d were found out",
		seed, cuts, len(trace.ops), len(c.acknowledged), max(10, cuts/10), len(lying))
}

// cutCensus is how much of each kind there was before, and what one customer adds.
func (c *crash) cutCensus(t *testing.T, base []byte) (before, each map[string]int64) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "base.db")
	if err := os.WriteFile(file, base, 0o600); err != nil {
		t.Fatal(err)
	}
	before, all := censusOf(t, file), censusOf(t, c.file)
	each = map[string]int64{}
	for name, n := range all {
		if !eachDeeds(name) {
			continue
		}
		made := n - before[name]
		if made%int64(len(c.acknowledged)) != 0 {
			t.Fatalf("%d of %s for %d customers", made, name, len(c.acknowledged))
		}
		each[name] = made / int64(len(c.acknowledged))
	}
	return before, each
}

// survives says what is wrong with a file that a power cut left; due are the accounts by
// the requests that were acknowledged before.
func (c *crash) survives(t *testing.T, image []byte, due map[string]string, before, each map[string]int64) (err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cut.db")
	if err := os.WriteFile(file, image, 0o600); err != nil {
		t.Fatal(err)
	}
	defer os.Remove(file)
	st, err := bolt.Open(file, bolt.Options{Unsynced: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := faultOf(st); err != nil {
		return err
	}
	err = st.View(context.Background(), func(tx store.Tx) error {
		for request, account := range due {
			id, err := store.ParseID(account)
			if err != nil {
				return err
			}
			if _, err := tx.Get("account", id); err != nil {
				return fmt.Errorf("account %s of request %s was acknowledged: %w", account, request, err)
			}
		}
		count, err := tx.Count("account")
		if err != nil {
			return err
		}
		made := count - before["account"]
		for _, kind := range store.Infos() {
			n, err := tx.Count(kind.Name)
			if err != nil {
				return err
			}
			if want := before[kind.Name] + made*each[kind.Name]; eachDeeds(kind.Name) && n != want {
				return fmt.Errorf("%d of %s for %d customers, want %d", n, kind.Name, made, want)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for range 3 { // what it takes for free is free
		err := st.Update(context.Background(), func(tx store.Tx) error {
			return tx.Emit(store.Event{Topic: "after.cut", Body: make([]byte, 100_000)})
		})
		if err != nil {
			return err
		}
	}
	return faultOf(st)
}

// faultOf is the first that verifying finds.
func faultOf(st store.Store) error {
	var first error
	_, _, err := server.VerifyAnchored(context.Background(), st, access.Anchor{}, func(fault error) {
		if first == nil {
			first = fault
		}
	})
	return errors.Join(err, first)
}
