package server

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"rator/store"
)

// events shows how the stream stands. What is in the store is looked up when it is asked
// for; nothing is shown while it cannot be.
func (m *Metrics) events(s *Server) {
	looked := func(look func(store.Tx) (int64, error)) func() float64 {
		return func() float64 {
			var n int64
			_ = s.Store.View(context.Background(), func(tx store.Tx) (err error) {
				n, err = look(tx)
				return err
			})
			return float64(n)
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
