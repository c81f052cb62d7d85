package scratch_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rator/server/scratch"
	"rator/server/servertest"
	"rator/store"
)

// TestEventsOfScenarios: what a scenario's calls say to the outside world, and
// that none of it is what identifies a customer to the losing operator.
func TestEventsOfScenarios(t *testing.T) {
	for folder, want := range map[string][]string{
		"SOAP_UNSUBSCRIBE_PRODUCT_OPTIONS": {
			"subscription.created", "option.subscribed SUBSCRIBE", "option.subscribed SUBSCRIBE", "option.subscribed SUBSCRIBE", "customer.created",
			"option.unsubscribed UNSUBSCRIBE", "option.unsubscribed UNSUBSCRIBE", "option.subscribed SUBSCRIBE", "billing_group.changed", "option.unsubscribed UNSUBSCRIBE",
			"subscription.activated", "order.created HANDSET", "subscription.terminated", "subscription.created", "option.subscribed SUBSCRIBE", "option.subscribed SUBSCRIBE", "customer.created",
		},
		"SOAP_SET_ORDER_STATUS": {
			"subscription.created", "customer.created", "subscription.created", "order.created SIM", "order.created HANDSET",
			"subscription.activated", "order.created PORT_IN", "order.settled HANDSET DONE", "order.settled SIM CANCELLED",
			"subscription.created", "subscription.activated", "order.created PORT_IN", "order.settled PORT_IN FAILED",
			"option.subscribed SUBSCRIBE", "subscription.created",
		},
		"SOAP_BLOCK_SERVICE": {
			"subscription.created", "customer.created", "subscription.created", "subscription.created",
			"subscription.activated", "subscription.activated", "subscription.activated", "order.created HANDSET",
			"subscription.blocked", "subscription.blocked", "subscription.blocked", "subscription.terminated",
		},
		"bound-hooks": {
			"charge.added", "subscription.created", "option.subscribed SUBSCRIBE", "customer.created", "subscription.created", "option.subscribed SUBSCRIBE",
			"option.subscribed SUBSCRIBE", "charge.added", "option.subscribed SUBSCRIBE", "charge.added", "option.unsubscribed UNSUBSCRIBE",
			"charge.added", "option.subscribed SUBSCRIBE", "billing_group.changed", "option.unsubscribed SWITCH", "option.subscribed SWITCH", "charge.added",
			"subscription.activated", "order.created PORT_IN", "charge.added", "customer.created",
		},
		"SOAP_ADD_SHARED_SERVICE_MEMBER": {
			"subscription.created", "customer.created", "subscription.created", "subscription.created", "customer.created", "subscription.created",
			"subscription.terminated", "shared_service.member_added", "shared_service.member_added", "subscription.terminated",
		},
	} {
		t.Run(folder, func(t *testing.T) {
			servertest.Play(t, filepath.Join("../../testdata/soap", folder), func(s *scratch.Server) {
				if diff := cmp.Diff(want, toldTopics(t, s.Store)); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// toldTopics gives the topics of all events with what tells them apart.
func toldTopics(t *testing.T, st store.Store) (topics []string) {
	t.Helper()
	if err := st.View(t.Context(), func(tx store.Tx) error {
		events, err := tx.EventsAfter(0, 1000)
		for _, e := range events {
			var body map[string]any
			if err := json.Unmarshal(e.Body, &body); err != nil {
				return err
			}
			topic := e.Topic
			for _, key := range []string{"ACTION", "TYPE", "STATUS"} {
				if text, ok := body[key].(string); ok {
					topic += " " + text
				}
			}
			topics = append(topics, topic)
			for _, secret := range []string{"123-45-6789", "998877"} {
				if strings.Contains(string(e.Body), secret) {
					t.Errorf("event %s tells %s", e.Topic, secret)
				}
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return topics
}
