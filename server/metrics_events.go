package server

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"rator/store"
)

// events shows how the stream stands. What is in the store is looked up when it is asked
// for; nothing is shown while it cannot be.
func (m *Metrics) events(s *Server) {
	span := func(of func(oldest, newest int64) int64) func() float64 {
		return func() (n float64) {
			_ = s.Store.View(context.Background(), func(tx store.Tx) error {
				oldest, newest, err := tx.EventSpan()
				n = float64(of(oldest, newest))
				return err
			})
			return n
		}
	}
	m.Registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_events_newest_cursor",
			Help: "Cursor of the newest event: how many there ever were."}, span(func(_, newest int64) int64 { return newest })),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_events_kept",
			Help: "Events that are kept."}, span(func(oldest, newest int64) int64 {
			if oldest == 0 {
				return 0
			}
			return newest - oldest + 1
		})),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rator_events_followers",
			Help: "Who follows GET /events now."}, func() float64 { return float64(s.feed.Following()) }),
	)
}
