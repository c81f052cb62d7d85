package load

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"rator/access"
	"rator/event"
	"rator/event/delivery"
	"rator/event/webhook"
	"rator/store"
)

// TestWebhooksHear: a webhook hears of the customers of a load that is to tell, and of no
// other's, which would come before them in the stream.
func TestWebhooksHear(t *testing.T) {
	t.Parallel()
	st, heard := newStore(t), make(chan string, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		heard <- string(body)
	}))
	defer receiver.Close()
	listen(t, st, receiver.URL)
	newJob(t, st, bytesInput("silent.ndjson", linesOf(0, 2))).do(t)
	j := newJob(t, st, bytesInput("told.ndjson", linesOf(2, 3)))
	j.Events = true
	j.do(t)
	var topics []string
	for range 2 {
		body := <-heard
		for _, topic := range []string{"subscription.created", "customer.created"} {
			if strings.Contains(body, `"`+topic+`"`) {
				topics = append(topics, topic)
			}
		}
		if !strings.Contains(body, `"account":"201901011000000201"`) { // the third customer
			t.Errorf("not of the load that is to tell: %s", body)
		}
	}
	slices.Sort(topics)
	if want := []string{"customer.created", "subscription.created"}; !slices.Equal(topics, want) {
		t.Errorf("heard of %q, want %q", topics, want)
	}
}

// listen has a webhook hear everything until the test ends.
func listen(t *testing.T, st store.Store, url string) {
	t.Helper()
	targets, err := delivery.NewTargets([]string{"127.0.0.1"}, false)
	if err != nil {
		t.Fatal(err)
	}
	all, err := event.ParsePatterns([]string{"*"})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Update(t.Context(), func(tx store.Tx) error {
		by := access.Administrator{Who: access.Local, Face: "test"}
		if _, err := access.Add(tx, by, access.NewOperator{Name: "hears", Brands: []string{access.Any}, Rights: []string{access.RightEvents}}); err != nil {
			return err
		}
		_, err := webhook.Add(tx, by, webhook.Wanted{URL: url, Operator: "hears", Topics: all, Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	d := webhook.NewDeliverer(webhook.Config{Store: st, Client: delivery.NewClient(delivery.ClientConfig{Targets: targets}), Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return now }, Every: time.Millisecond})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.Run(ctx)
	}()
	t.Cleanup(func() { stop(); <-ended })
}
