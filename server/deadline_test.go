package server_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/wire"
	"rator/workflow"
)

// TestDeadlineWhileWaiting: a call whose time is over while it waits for the writer is
// told to try again, by every face, and nothing of it is done.
func TestDeadlineWhileWaiting(t *testing.T) {
	st := servertest.OpenStore(t, servertest.StoreFile(t))
	defer st.Close()
	if err := server.PrepareDemo(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{
		Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Layers: []workflow.Layer{server.Shipped()}, Demo: true,
		Verify: func(string, string) (bool, error) { return true, nil }, Deadline: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	web := httptest.NewServer(s.Handler)
	defer web.Close()

	held, release, ended := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		ended <- st.Update(t.Context(), func(store.Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	r, err := (&soap.Client{URL: web.URL + wire.Path}).Call(t.Context(), soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", Values: server.DemoCustomer(), RequestID: "late"})
	if err != nil || r.ErrorCode != failure.TryAgain.Number {
		t.Errorf("SOAP: %+v, %v", r, err)
	}
	for _, base := range []string{"/customerManagement", "/tmf-api/customerManagement/v4"} {
		req, err := http.NewRequestWithContext(t.Context(), "POST", web.URL+base+"/customer", strings.NewReader(`{"name":"Bo Ek","engagedParty":{"id":"1","@referredType":"Individual"}}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %s, Retry-After %q", base, resp.Status, resp.Header.Get("Retry-After"))
		}
	}
	close(release)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	err = st.View(t.Context(), func(tx store.Tx) error {
		n, err := tx.Count("account")
		if n != 0 {
			t.Errorf("%d customers were made", n)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
