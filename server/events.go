package server

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"rator/customer"
	"rator/event"
	"rator/event/feed"
	"rator/workflow"
)

// mountFeed serves GET /events.
func (s *Server) mountFeed(mux *http.ServeMux) {
	s.feed = feed.New(feed.Config{Gate: s.gate, Topics: func() []string { return SiteTopics(s.Registry.Current()) }, Log: s.log})
	s.feed.Mount(mux)
}

// SiteTopics are the topics that the contracts of a site declare.
func SiteTopics(set *workflow.Set) (names []string) {
	for _, e := range set.Topics() {
		names = append(names, e.Name)
	}
	return names
}

// keepEvents looks after the stream of events once a minute until ctx ends: events of
// older versions get whose they are, secrets that ended are blanked, and what is old goes.
func (s *Server) keepEvents(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		s.once(ctx, "events", s.KeepEventsOnce)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Server) KeepEventsOnce(ctx context.Context) {
	for _, job := range []struct {
		done  string
		do    func() (int, error)
		count prometheus.Counter
	}{
		{"events of an older version were given whose they are", func() (int, error) { return event.Own(ctx, s.Store, customer.BrandAndAccountOf) }, nil},
		{"secrets in events ended", func() (int, error) { return event.EndOldSecrets(ctx, s.Store) }, nil},
		{"old events dropped", func() (int, error) { return event.Sweep(ctx, s.Store, s.EventAge) }, s.Metrics.eventsDropped},
	} {
		n, err := job.do()
		if job.count != nil {
			job.count.Add(float64(n))
		}
		if n > 0 {
			s.log.Info(job.done, "count", n)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Error("events are not looked after", "cause", err)
		}
	}
}
