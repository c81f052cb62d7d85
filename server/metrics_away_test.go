package server_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"

	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/workflow"
)

// goesAway is a store that may be away, as a database is; then it is not to be asked.
type goesAway struct {
	store.Store
	away  atomic.Bool
	asked atomic.Int64 // while it was away
}

var errAway = errors.New("the database is away")

func (g *goesAway) Ready() error {
	if g.away.Load() {
		return errAway
	}
	return g.Store.Ready()
}

func (g *goesAway) View(ctx context.Context, fn func(store.Tx) error) error {
	if g.away.Load() {
		g.asked.Add(1)
		return errAway
	}
	return g.Store.View(ctx, fn)
}

// TestMetricsOfAStoreThatIsAway: who gathers metrics does not wait for the store while it is
// away, and is shown what was seen last.
func TestMetricsOfAStoreThatIsAway(t *testing.T) {
	st := &goesAway{Store: servertest.OpenStore(t, servertest.StoreFile(t))}
	defer st.Close()
	if err := st.Update(t.Context(), func(tx store.Tx) error { return tx.Emit(store.Event{Topic: "a.topic", Body: []byte("{}")}) }); err != nil {
		t.Fatal(err)
	}
	m := server.NewMetrics()
	s, err := server.New(server.Config{Store: st, Metrics: m, Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	newest := func() (cursor float64, webhooks bool) {
		t.Helper()
		families, err := m.Registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			switch f.GetName() {
			case "rator_events_newest_cursor":
				cursor = f.GetMetric()[0].GetGauge().GetValue()
			case "rator_webhooks_suspended":
				webhooks = true
			}
		}
		return cursor, webhooks
	}
	before, told := newest()
	if before == 0 || !told {
		t.Errorf("the newest event has %v; webhooks are told of: %t", before, told)
	}
	st.away.Store(true)
	if now, told := newest(); now != before || told || st.asked.Load() != 0 {
		t.Errorf("away: the newest event has %v, not %v; webhooks are told of: %t; it was asked %d times", now, before, told, st.asked.Load())
	}
	st.away.Store(false)
}
