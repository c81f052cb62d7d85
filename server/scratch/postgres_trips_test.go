package scratch_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/event/delivery"
	"rator/replay/fixture"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/store/postgres"
	"rator/store/postgres/clustertest"
	"rator/tmf/hub"
	"rator/wire"
	"rator/workflow"
	"rator/workflow/value"
)

// observed are transactions that are over.
type observed struct {
	mu   sync.Mutex
	done []postgres.Done
}

func (o *observed) note(d postgres.Done) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done = append(o.done, d)
}

// of are the trips and statements of what is done, of changes or of looks: the rows of the
// audit that calls leave which read are changes, and written behind them.
func (o *observed) of(update bool, do func()) (trips, statements int) {
	o.mu.Lock()
	o.done = nil
	o.mu.Unlock()
	do()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range o.done {
		if d.Update == update {
			trips, statements = trips+d.Trips, statements+d.Statements
		}
	}
	return trips, statements
}

// onPostgres is a server over a database, whose transactions are observed.
func onPostgres(t *testing.T, o *observed) (*servertest.Server, store.Store) {
	t.Helper()
	now := func() time.Time { return servertest.Now }
	st, err := postgres.Open(t.Context(), clustertest.Shared(t).DSN("postgres")+"&search_path=trips", postgres.Options{Now: now, Observe: o.note})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := server.PrepareDemo(t.Context(), st); err != nil {
		t.Fatal(err)
	}
	plan, err := servertest.Target().Plan(t.Context(), fixture.Server{})
	if err != nil {
		t.Fatal(err)
	}
	registry := &workflow.Registry{}
	registry.Replace(plan.Hookpoints)
	local, err := delivery.NewTargets(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{
		Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Registry: registry, Now: now, Demo: true, Keys: plan.Keys,
		Hubs:   hub.Config{Client: delivery.NewClient(delivery.ClientConfig{Targets: local})},
		Verify: func(string, string) (bool, error) { return true, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	web := httptest.NewServer(s.Handler)
	t.Cleanup(web.Close)
	endpoint := web.URL + wire.Path
	return &servertest.Server{Endpoint: endpoint, Client: &soap.Client{URL: endpoint}}, st
}

// TestTripsToPostgres: how often calls go to the database and back, and with how many
// statements, when the copies of what is stable are there.
func TestTripsToPostgres(t *testing.T) {
	var o observed
	s, st := onPostgres(t, &o)
	var customer value.Tree
	n := 0
	another := func() {
		n++
		customer = s.Call(t, "SOAP_SIGNUP_CUSTOMER", servertest.SignUpValues(fmt.Sprint("user", n))...)
	}
	for range 20 {
		another()
	}
	list := func(path string) func() {
		return func() {
			status, answer := s.CallTMF(t, http.MethodGet, "/customerManagement/"+path+"?limit=20", "")
			if n := strings.Count(answer, `"href"`); status/100 != 2 || n < 20 {
				t.Errorf("%s: %d, %d things: %s", path, status, n, answer)
			}
		}
	}
	profile := func() {
		s.Call(t, "SOAP_GET_WEB_USER_PROFILE_INTERNAL", value.OfString("CUSTOMER_NUMBER", customer.Items("ACCOUNT").Text("CUSTOMER_NUMBER")))
	}
	for _, c := range []struct {
		what              string
		update            bool
		do                func()
		trips, statements int
	}{ // sign-ups first: nothing is written behind them
		{"a sign-up", true, another, 4, 7},
		{"a profile", false, profile, 3, 14},
		{"a list of 20 customers", false, list("customer"), 5, 10},
		{"a list of 20 accounts", false, list("customerAccount"), 5, 20},
	} {
		c.do() // reads what is stable
		trips, statements := o.of(c.update, c.do)
		t.Logf("%s: %d trips, %d statements", c.what, trips, statements)
		if trips > c.trips || statements > c.statements {
			t.Errorf("%s: %d trips, %d statements; want at most %d and %d", c.what, trips, statements, c.trips, c.statements)
		}
	}
	// It does not go there for each customer.
	before, _ := o.of(false, func() { verify(t, st) })
	for range 50 {
		another()
	}
	trips, _ := o.of(false, func() { verify(t, st) })
	if t.Logf("verification: %d trips, with 50 customers more %d", before, trips); trips > before+20 {
		t.Errorf("verification took %d trips, and with 50 customers more %d", before, trips)
	}
}

func verify(t *testing.T, st store.Store) {
	t.Helper()
	if _, err := server.Verify(t.Context(), st, func(fault error) { t.Error(fault) }); err != nil {
		t.Error(err)
	}
}
