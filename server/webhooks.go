package server

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"rator/event/delivery"
	"rator/event/webhook"
	"rator/store"
)

// newWebhooks makes what tells webhooks: where they may be, and how long it waits after a
// failure, is as for hubs.
func (s *Server) newWebhooks(c Config) *webhook.Deliverer {
	client := c.Hubs.Client
	if client == nil {
		client = delivery.NewClient(delivery.ClientConfig{})
	}
	tried := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rator_webhook_deliveries_total",
		Help: "Events that were sent to webhooks, by outcome: taken or failed; what failed is sent again."}, []string{"outcome"})
	d := webhook.NewDeliverer(webhook.Config{
		Store: c.Store, Client: client, Behind: s.behind, Log: c.Log, Now: c.Now, Backoff: c.Hubs.Backoff, Demo: c.Demo,
		Observe: func(failed error) {
			outcome := "taken"
			if failed != nil {
				outcome = "failed"
			}
			tried.WithLabelValues(outcome).Inc()
		},
	})
	s.Metrics.Registry.MustRegister(tried, &standingWebhooks{d, s.Store})
	return d
}

var (
	webhooksBehind = prometheus.NewDesc("rator_webhook_events_behind",
		"Events, of whatever topic, that the webhook which is farthest behind and not suspended has before it.", nil, nil)
	webhooksSuspended = prometheus.NewDesc("rator_webhooks_suspended",
		"Webhooks that are told nothing until somebody resumes them; rator webhook list says why.", nil, nil)
)

// standingWebhooks shows how it goes with webhooks, as it is when somebody asks; nothing
// while the store takes no changes, as a database that is away is waited for.
type standingWebhooks struct {
	*webhook.Deliverer
	store store.Store
}

// Describe tells of the metrics there are.
func (s *standingWebhooks) Describe(to chan<- *prometheus.Desc) {
	to <- webhooksBehind
	to <- webhooksSuspended
}

// Collect gives them.
func (s *standingWebhooks) Collect(to chan<- prometheus.Metric) {
	if s.store.Ready() != nil {
		return
	}
	events, suspended, err := s.Behind(context.Background())
	if err != nil {
		return
	}
	to <- prometheus.MustNewConstMetric(webhooksBehind, prometheus.GaugeValue, float64(events))
	to <- prometheus.MustNewConstMetric(webhooksSuspended, prometheus.GaugeValue, float64(suspended))
}
