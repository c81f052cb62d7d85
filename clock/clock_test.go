package clock_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rator/clock"
	"rator/store"
	"rator/store/bolt"
)

func open(t *testing.T, file string, clk *clock.Clock) *bolt.DB {
	t.Helper()
	st, err := bolt.Open(file, bolt.Options{Now: clk.Now, Unsynced: true})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// TestClock: it begins, goes on as the real time does, goes forward only, and is kept.
func TestClock(t *testing.T) {
	real := time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)
	file, clk := filepath.Join(t.TempDir(), "test.db"), &clock.Clock{Real: func() time.Time { return real }}
	st := open(t, file, clk)
	at := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)
	if clk.Test() || !clk.Now().Equal(real) {
		t.Errorf("without a test clock it is %s", clk.Now())
	}
	if err := clk.Set(t.Context(), st, real.AddDate(1, 0, 0)); err == nil || !strings.Contains(err.Error(), "no test clock") {
		t.Errorf("a real clock is put forward: %v", err)
	}
	if err := clk.Begin(t.Context(), st, at); err != nil {
		t.Fatal(err)
	}
	real = real.Add(time.Minute)
	if !clk.Test() || !clk.Now().Equal(at.Add(time.Minute)) {
		t.Errorf("it is %s", clk.Now())
	}
	if err := clk.Set(t.Context(), st, at); err == nil || !strings.Contains(err.Error(), "forward only") {
		t.Errorf("it goes back: %v", err)
	}
	to := at.AddDate(0, 1, 0)
	if err := clk.Set(t.Context(), st, to); err != nil || !clk.Now().Equal(to) {
		t.Errorf("it is %s, %v", clk.Now(), err)
	}
	err := st.Update(t.Context(), func(tx store.Tx) error {
		id, err := tx.NextID()
		if begun, e := clock.Begun(tx); e != nil || !begun.Equal(at) {
			t.Errorf("begun at %s, %v", begun, e)
		}
		if !tx.Now().Equal(to) || !strings.HasPrefix(id.String(), "20260215000000") {
			t.Errorf("ids are made as %s at %s", id, tx.Now())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	real = real.Add(time.Hour)
	again := &clock.Clock{Real: func() time.Time { return real }}
	st = open(t, file, again)
	defer st.Close()
	if err := again.Resume(t.Context(), st); err != nil || !again.Test() || !again.Now().Equal(to.Add(time.Hour)) {
		t.Errorf("after an hour away it is %s, %v", again.Now(), err)
	}
}

// TestBeginBeforeRecords is refused, and leaves the time as it is.
func TestBeginBeforeRecords(t *testing.T) {
	real := time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)
	clk := &clock.Clock{Real: func() time.Time { return real }}
	st := open(t, filepath.Join(t.TempDir(), "test.db"), clk)
	defer st.Close()
	err := st.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.NextID()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := clk.Begin(t.Context(), st, real.AddDate(0, 0, -1)); err == nil || !strings.Contains(err.Error(), "records of 2030-05-06") {
		t.Errorf("it begins: %v", err)
	}
	if clk.Test() || !clk.Now().Equal(real) {
		t.Errorf("it is %s", clk.Now())
	}
	if err := clk.Begin(t.Context(), st, real.AddDate(0, 0, 1)); err != nil || !clk.Now().Equal(real.AddDate(0, 0, 1)) {
		t.Errorf("a later one does not begin: %v", err)
	}
}
