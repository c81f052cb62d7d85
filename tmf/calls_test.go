package tmf_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/catalogue"
	"rator/customer"
	"rator/store"
	"rator/suite"
	"rator/tmf"
	"rator/tmf/resource"
	"rator/unit"
)

// gated has the shop asked through another gate, which notes what it is told.
func (s *shop) gated(t testing.TB, edit ...func(*unit.Config)) (gate *unit.Gate, told *tolds) {
	t.Helper()
	told = &tolds{}
	edit = append([]func(*unit.Config){func(c *unit.Config) { c.Observe = told.note }}, edit...)
	gate = newGate(t, s.store, s.behind, func() time.Time { return s.now }, edit...)
	s.handler = newFace(t, tmf.Config{
		Collection: stepped(t, &resource.Business{}, gate).Collection, Gate: gate, Log: slog.New(slog.DiscardHandler), NewNumber: func() string { return "4711" },
	})
	return gate, told
}

// tolds is what a gate told.
type tolds struct {
	mu  sync.Mutex
	all []unit.Told
}

func (o *tolds) note(t *unit.Told) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = append(o.all, *t)
}

// take gives what was told since it was asked last, in short.
func (o *tolds) take() (all []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, t := range o.all {
		all = append(all, fmt.Sprintf("%s %s %s %d %s %s", t.Face, t.Operation, t.Outcome, t.Code, t.Operator, t.Brand))
	}
	o.all = nil
	return all
}

// TestCallsAreTold: every call is told once, whatever becomes of it.
func TestCallsAreTold(t *testing.T) {
	s := newShop(t)
	_, told := s.gated(t)
	for _, c := range []struct {
		method, path, body string
		headers            []string
		want               string
	}{
		{"POST", v2014 + "/customer", `{"name":"A"}`, []string{"Idempotency-Key: 1"}, "TMF_CREATE_CUSTOMER OK 0 demo DEMO"},
		{"POST", v2014 + "/customer", `{"name":"A"}`, []string{"Idempotency-Key: 1"}, "TMF_CREATE_CUSTOMER REPLAYED 0 demo DEMO"},
		{"POST", v2014 + "/customer", `{"name":"B"}`, []string{"Idempotency-Key: 1"}, "TMF_CREATE_CUSTOMER REQUEST_ID_REUSED 409 demo DEMO"},
		{"POST", v2014 + "/customer", `{"name":`, nil, "TMF_CREATE_CUSTOMER TMF_4004 400 demo "},
		{"POST", v3 + "/customer", `{"name":""}`, nil, "TMF_CREATE_CUSTOMER TMF_4003 400 demo DEMO"},
		{"GET", v2014 + "/customer", "", []string{"X-Brand-Key: NONE"}, "TMF_GET_CUSTOMER TMF_4000 400 demo "},
		{"GET", v2014 + "/customer", "", nil, "TMF_GET_CUSTOMER OK 0 demo DEMO"},
		{"HEAD", v2014 + "/customer?limit=2", "", []string{"X-Brand-Key: DEMO2"}, "TMF_GET_CUSTOMER OK 0 demo DEMO2"},
		{"GET", v2014 + "/customer?none=1", "", nil, "TMF_GET_CUSTOMER TMF_4001 400 demo DEMO"},
		{"GET", v2014 + "/customerAccount/ca1", "", nil, "TMF_GET_CUSTOMER_ACCOUNT TMF_4041 404 demo DEMO"},
		{"DELETE", v4 + "/customer/c1", "", nil, "TMF_DELETE_CUSTOMER TMF_4041 404 demo DEMO"},
		{"GET", v4 + "/customer", "", []string{"Accept: text/html"}, "TMF_GET_CUSTOMER TMF_4060 406 demo "},
		{"GET", v4 + "/customer", "", []string{"Authorization: Basic bm9ib2R5Ong="}, "TMF_GET_CUSTOMER NOT_AUTHENTICATED 401 nobody "},
		{"GET", v4 + "/cart", "", nil, " TMF_4041 404 demo "},
		{"PUT", v4 + "/customer", "", nil, "TMF_UPDATE_CUSTOMER TMF_4050 405 demo "},
	} {
		s.do(t, c.method, c.path, c.body, c.headers...)
		if diff := cmp.Diff([]string{"tmf " + c.want}, told.take()); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", c.method, c.path, diff)
		}
	}
}

// views counts the looks at a store.
type views struct {
	store.Store
	n atomic.Int64
}

func (v *views) View(ctx context.Context, fn func(store.Tx) error) error {
	v.n.Add(1)
	return v.Store.View(ctx, fn)
}

// TestBoundedListsAreOneLook: what an index or a limit bounds is of one state of the
// store, whole; what looks at everything is not, and takes one of the turns for that.
func TestBoundedListsAreOneLook(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	accounts, _ := s.crowd(t, 1100)
	st := &views{Store: s.store}
	s.store = st
	gate, told := s.gated(t, func(c *unit.Config) { c.Turns.Slow = 1 })
	var before int64
	st.n.Store(0)
	s.do(t, "GET", v2014+"/customer/c"+accounts[0].String(), "")
	before = st.n.Load() // for a call of one look
	for path, bounded := range map[string]bool{
		"/customer?limit=500": true, "/customer?limit=20&offset=300": true, "/customer?id=c" + accounts[5].String(): true,
		"/customer?name=%C3%85se%20Nr3&sort=name": true, "/customer?status=Suspended": true, "/customerAccount?limit=300": true,
		"/customerAccount?customer.id=c" + accounts[5].String(): true, "/customerAccount?accountType=Business": true, "/paymentMean?id=pm1": true,
		"/customer": false, "/customer?limit=1001": false, "/customer?sort=name&limit=10": false, "/customer?status=Active&limit=10": false,
		"/customer?contactMedium.medium.city=Nowhere": false, "/customerAccount?limit=10&offset=1005": false, "/customerAccount?name.regex=x": false,
		"/paymentMean?limit=10": false, "/customer?contactMedium.type=Email&limit=10": false,
	} {
		st.n.Store(0)
		if a := s.do(t, "GET", v2014+path, ""); a.status/100 != 2 {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		if looks := st.n.Load(); (looks <= before) != bounded {
			t.Errorf("%s: %d looks, bounded %t", path, looks-before+1, bounded)
		}
		told.take()
		free := holdSlow(t, gate)
		a := s.do(t, "GET", v2014+path, "")
		free()
		if bounded && a.status/100 != 2 || !bounded && (a.status != 503 || a.header.Get("Retry-After") != "1") {
			t.Errorf("%s while another looks at everything: %d %v %s", path, a.status, a.header, a.body)
		}
	}
}

// holdSlow takes the turn of calls that look at everything, until free, and has them
// refused that come.
func holdSlow(t *testing.T, gate *unit.Gate) (free func()) {
	t.Helper()
	held, done, over := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		err := gate.Do(context.Background(), &unit.Ask{Face: "test", System: true, Reads: true, Slow: true}, func(*unit.Unit) error {
			close(held)
			<-done
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}()
	<-held
	return func() { close(done); <-over }
}

// TestListsThatTurnOutUnbounded: an index that leads to too many, and a count that is
// not known, make a list one that looks at everything; it is answered all the same.
func TestListsThatTurnOutUnbounded(t *testing.T) {
	if suite.Apart(t) {
		return
	}
	s := newShop(t)
	s.update(t, func(tx store.Tx, b *catalogue.Brand) error {
		for range 1100 {
			a, err := customer.CreateAccount(tx, b, customer.AccountFields{Type: customer.Private})
			if err != nil {
				return err
			}
			u, err := customer.CreateUser(tx, b, customer.NewUser{Account: a.ID, UserFields: owner})
			if err != nil {
				return err
			}
			if _, err := customer.SetOwner(tx, b, a.ID, u.ID); err != nil {
				return err
			}
			if _, err := customer.CreateBillingGroup(tx, b, customer.NewBillingGroup{Account: a.ID, Owner: u.ID, ProductCode: "POST_PAID",
				BillingGroupFields: customer.BillingGroupFields{Name: "Same"}}); err != nil {
				return err
			}
		}
		return nil
	})
	gate, _ := s.gated(t, func(c *unit.Config) { c.Turns.Slow = 1 })
	for _, path := range []string{"/customer?name=%C3%85se%20%C3%98re&limit=5", "/customerAccount?name=Same&limit=5"} {
		a := s.do(t, "GET", v2014+path, "")
		if a.header.Get("X-Total-Count") != "1100" || len(a.value(t).Items()) != 5 {
			t.Errorf("%s: %d %v", path, a.status, a.header)
		}
		free := holdSlow(t, gate)
		a = s.do(t, "GET", v2014+path, "")
		free()
		if a.status != 503 {
			t.Errorf("%s while another looks at everything: %d", path, a.status)
		}
	}
	if state := gate.Quick(); state.Running != 0 {
		t.Errorf("%+v", state)
	}
	if state := gate.Slow(); state.Running != 0 {
		t.Errorf("%+v", state)
	}
}

// TestSlowBodiesHoldNoTurn: while a body comes, others are answered.
func TestSlowBodiesHoldNoTurn(t *testing.T) {
	s := newShop(t)
	s.gated(t, func(c *unit.Config) { c.Turns.Calls = 1 })
	body, end := io.Pipe()
	answered := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, httptest.NewRequest("POST", v2014+"/customer", body))
		answered <- w.Code
	}()
	if _, err := end.Write([]byte(`{"name":`)); err != nil { // it is read, so the call has come that far
		t.Fatal(err)
	}
	if a := s.do(t, "GET", v2014+"/customer?limit=1", ""); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if _, err := end.Write([]byte(`"A"}`)); err != nil {
		t.Fatal(err)
	}
	end.Close()
	if status := <-answered; status != 201 {
		t.Errorf("%d", status)
	}
}

// slowClient takes nothing until it is let.
type slowClient struct {
	counter
	began chan struct{} // closed when a part comes first
	go_   chan struct{} // what comes is taken once it is closed
	err   error         // that writing fails with
}

func newSlowClient() *slowClient {
	return &slowClient{counter: counter{header: http.Header{}}, began: make(chan struct{}), go_: make(chan struct{})}
}

func (c *slowClient) Write(b []byte) (int, error) {
	if c.bytes == 0 {
		close(c.began)
	}
	<-c.go_
	n, _ := c.counter.Write(b)
	return n, c.err
}

// TestSlowClientsHoldNoTurn: a long list that nobody takes lets another one through,
// and one whose client hangs up is told as that.
func TestSlowClientsHoldNoTurn(t *testing.T) {
	s := newShop(t)
	s.crowd(t, 2000)
	gate, told := s.gated(t, func(c *unit.Config) { c.Turns.Slow = 1 })
	ask := func(c *slowClient) (done chan any) {
		done = make(chan any)
		go func() {
			defer func() { done <- recover() }()
			s.handler.ServeHTTP(c, httptest.NewRequest("GET", v2014+"/customer", nil))
		}()
		<-c.began
		return done
	}
	slow := newSlowClient()
	done := ask(slow)
	if state := gate.Slow(); state.Running != 0 {
		t.Errorf("%+v", state)
	}
	if a := s.do(t, "GET", v2014+"/customer?sort=name&limit=2", ""); a.status != 206 && a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	close(slow.go_)
	if cause := <-done; cause != nil || slow.bytes < 1<<20 {
		t.Errorf("%v, %d bytes", cause, slow.bytes)
	}
	told.take()
	gone := newSlowClient()
	gone.err = errors.New("connection reset")
	done = ask(gone)
	close(gone.go_)
	if cause := <-done; cause != http.ErrAbortHandler {
		t.Errorf("%v", cause)
	}
	if got := told.take(); !slices.Equal(got, []string{"tmf TMF_GET_CUSTOMER HUNG_UP 499 demo DEMO"}) {
		t.Errorf("%q", got)
	}
	if state := gate.Slow(); state.Running != 0 {
		t.Errorf("%+v", state)
	}
}

// TestBusyAndTooLate: who comes when too many wait, and whose time is over, is asked to
// try again.
func TestBusyAndTooLate(t *testing.T) {
	s := newShop(t)
	s.crowd(t, 300)
	_, told := s.gated(t, func(c *unit.Config) { c.Deadline = time.Nanosecond })
	for _, path := range []string{"/customer", "/customer?limit=1"} {
		a := s.do(t, "GET", v2014+path, "")
		a.refused(t, 503, "5030")
		if a.header.Get("Retry-After") != "1" {
			t.Errorf("%v", a.header)
		}
	}
	if got := told.take(); len(got) != 2 || !strings.Contains(got[0], " 503 ") {
		t.Errorf("%q", got)
	}
}

// TestHubsAreKeptAnswers: a registration and a removal with an Idempotency-Key are done
// once.
func TestHubsAreKeptAnswers(t *testing.T) {
	s := newHubServer(t, nil)
	const body = `{"callback":"http://127.0.0.1:9/a"}`
	first := s.do(t, "POST", v4+"/hub", body, "Idempotency-Key: 1")
	again := s.do(t, "POST", v4+"/hub", body, "Idempotency-Key: 1") // v4 refuses it a second time
	if again.status != 201 || again.body != first.body || again.header.Get("Location") != first.header.Get("Location") || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%v\n%v", first, again)
	}
	s.do(t, "POST", v4+"/hub", body, "Idempotency-Key: 2").refused(t, 409, "4090")
	if again := s.do(t, "POST", v4+"/hub", body, "Idempotency-Key: 2"); again.status != 409 || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%v", again)
	}
	at := v4 + "/hub/" + first.member(t, "id")
	s.do(t, "DELETE", at, "", "Idempotency-Key: 3")
	if again := s.do(t, "DELETE", at, "", "Idempotency-Key: 3"); again.status != 204 || again.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%v", again)
	}
	s.do(t, "DELETE", at, "").refused(t, 404, "4041")
}

// TestAnswersOfTheVersionBefore: what a version kept that kept its answers apart, and did
// not mark their fingerprints, is answered again.
func TestAnswersOfTheVersionBefore(t *testing.T) {
	s := newBranch(t)
	g := s.signUp(t, customer.Private, "POST_PAID")
	asked := [][]string{
		{"POST", accountPath, `{"name":"a & b","accountType":"t","pin":"pin-9753"}`, "Idempotency-Key: 1"},
		{"PATCH", g.path(), `{"status":"Paid"}`, "Idempotency-Key: 2"}, // refused
	}
	ask := func(r []string) answer { return s.do(t, r[0], r[1], r[2], r[3:]...) }
	first := []answer{ask(asked[0]), ask(asked[1])}
	if first[0].status != 201 || first[1].status/100 != 4 {
		t.Fatalf("%v", first)
	}
	s.in(t, func(tx store.Tx, _ *catalogue.Brand) error {
		records, err := tx.Scan("reply", 0, 100)
		if err != nil {
			return err
		}
		for _, r := range records {
			var now struct {
				Request, Fingerprint, Thing, Body string
			}
			if err := json.Unmarshal(r.Doc, &now); err != nil {
				return err
			}
			if err := tx.Delete("reply", r.ID, r.Version); err != nil {
				return err
			}
			old := map[string]any{"Request": strings.TrimPrefix(now.Request, store.Compose("tmf", "")), "Fingerprint": strings.TrimPrefix(now.Fingerprint, "1:"), "Thing": now.Thing}
			var answer map[string]any
			if err := json.Unmarshal([]byte(now.Body), &answer); err != nil {
				return err
			}
			for name, value := range answer {
				old[name] = value
			}
			r.Doc, err = json.Marshal(old)
			if err != nil {
				return err
			}
			for _, info := range store.Infos() {
				if info.Name == "tmf_request" {
					r.Keys, _ = info.Keys(r.Doc)
				}
			}
			if err := tx.Insert("tmf_request", r); err != nil {
				return err
			}
		}
		return nil
	})
	if err := unit.MigrateKept(t.Context(), s.store, nil); err != nil {
		t.Fatal(err)
	}
	for i, was := range first {
		if a := ask(asked[i]); a.status != was.status || a.body != was.body || a.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("%s: %d %v %s\nwas %d %s", asked[i], a.status, a.header, a.body, was.status, was.body)
		}
	}
	s.do(t, "POST", accountPath, `{"name":"other","accountType":"t"}`, "Idempotency-Key: 1").refused(t, 409, "4090", "REQUEST_ID_REUSED")
}

// TestLostRacesAreNotKept: who lost one, reads again and asks with the key of before, is
// not answered with that.
func TestLostRacesAreNotKept(t *testing.T) {
	s := newShop(t)
	id, _ := s.signUp(t, 2, customer.Private, owner)
	path, key := v4+"/customer/"+id, "Idempotency-Key: 1"
	s.do(t, "PATCH", path, `{"customerRank":"7"}`, key, `If-Match: "other"`).refused(t, 412, "4120")
	tag := s.do(t, "GET", path, "").header.Get("ETag")
	if a := s.do(t, "PATCH", path, `{"customerRank":"7"}`, key, "If-Match: "+tag); a.status != 200 || a.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
	if a := s.do(t, "PATCH", path, `{"customerRank":"7"}`, key, "If-Match: "+tag); a.status != 200 || a.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
}
