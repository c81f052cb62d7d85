package server

import (
	"context"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"rator/store"
)

// events shows how the stream stands. What is in the store is looked up when it is asked
// for. While the store takes no changes, what was seen last is shown: who asks does not wait
// as long as a database is waited for that is away.
func (m *Metrics) events(s *Server) {
	looked := func(look func(store.Tx) (int64, error)) func() float64 {
		var last atomic.Int64
		return func() float64 {
			if s.Store.Ready() != nil {
				return float64(last.Load())
			}
			_ = s.Store.View(context.Background(), func(tx store.Tx) error {
				n, err := look(tx)
				if err == nil {
					last.Store(n)
				}
				return err
			})
			return float64(last.Load())
		}
	}
	m.Registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_events_newest_cursor",
			Help: "Cursor of the newest event: of a file, how many there ever were."}, looked(func(tx store.Tx) (int64, error) {
			span, err := tx.EventSpan()
			return span.Newest, err
		})),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_events_kept",
			Help: "Events that are kept; of a database, at most 100,000 are counted."}, looked(func(tx store.Tx) (int64, error) { return tx.EventCount(0) })),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_events_followers",
			Help: "Who follows GET /events now."}, func() float64 { return float64(s.feed.Following()) }),
	)
}
