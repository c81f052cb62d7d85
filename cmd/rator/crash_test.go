package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/access"
	"rator/failure"
	"rator/server"
	"rator/server/servertest"
	"rator/soap"
	"rator/store"
	"rator/store/storetest"
	"rator/suite"
	"rator/workflow"
	"rator/workflow/value"
)

// TestKilledServer kills a server under traffic a hundred times. Whatever it had
// acknowledged is there, whatever it had not is there wholly or not at all: a
// repetition with the same request id ends with one customer for each request.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	const clients = 6
	rounds := suite.Soak(t, 5, 100)
	c := newCrash(t)
	for round := range rounds {
		soaked(t, round, rounds)
		p := spawn(t, "--store", c.file)
		c.round(t, p, clients, time.Duration(rand.IntN(50))*time.Millisecond)
		if out, err := ratorProcess(t, "verify", "--store", c.file); err != nil {
			t.Fatalf("round %d: %v\n%s", round, err, out)
		}
	}
	c.settle(t)
	t.Logf("%d rounds: %d customers acknowledged, %d calls cut off and repeated", rounds, len(c.acknowledged), len(c.unanswered))
	if len(c.acknowledged) < rounds || len(c.unanswered) < rounds/2 {
		t.Errorf("%d acknowledged, %d cut off", len(c.acknowledged), len(c.unanswered))
	}
}

// soaked says how far a test of many rounds is, now and then.
func soaked(t *testing.T, done, of int) {
	t.Helper()
	if done > 0 && of >= 500 && done%100 == 0 {
		t.Logf("%d of %d", done, of)
	}
}

// crash is what the clients know of a server that is killed again and again.
type crash struct {
	file string
	mu   sync.Mutex
	last int
	// acknowledged is the account by request id; unanswered are the requests that
	// got no answer.
	acknowledged map[string]string
	at           map[string]time.Time // of their acknowledgements
	unanswered   []string
	refusals     int // answers that said that nothing was written
}

func newCrash(t *testing.T) *crash {
	t.Helper()
	c := &crash{file: servertest.StoreFile(t), acknowledged: map[string]string{}}
	c.letIn(t)
	return c
}

// settle starts a server once more, repeats every request, and wants one customer for
// each, the acknowledged one where there was one, and nothing else.
func (c *crash) settle(t *testing.T) {
	t.Helper()
	p := startServer(t, "--store", c.file)
	client := c.client(p)
	for _, id := range c.unanswered {
		c.signUp(t.Context(), client, id)
	}
	replayed := 0
	for id, account := range c.acknowledged {
		r, err := client.Call(t.Context(), call(id))
		if err != nil || accountOf(r) != account {
			t.Errorf("%s: acknowledged as account %s, and now %+v %v", id, account, r, err)
		}
		if r.Replayed {
			replayed++
		}
	}
	p.stop(t)
	if replayed != len(c.acknowledged) {
		t.Errorf("%d of %d replayed", replayed, len(c.acknowledged))
	}
	if accounts := slices.Compact(slices.Sorted(maps.Values(c.acknowledged))); len(accounts) != len(c.acknowledged) {
		t.Errorf("%d accounts for %d requests", len(accounts), len(c.acknowledged))
	}
	c.count(t)
}

// letIn adds an operator without a password, for speed.
func (c *crash) letIn(t *testing.T) {
	t.Helper()
	st := servertest.OpenStore(t, c.file)
	defer st.Close()
	err := st.Update(t.Context(), func(tx store.Tx) error {
		_, err := access.Add(tx, local, access.NewOperator{Name: "crash", Brands: []string{server.DemoBrand}, Rights: []string{"*"}, Trusted: []string{"127.0.0.0/8"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (c *crash) client(p *serverProcess) *soap.Client {
	return &soap.Client{URL: p.endpoint, HTTP: &http.Client{Transport: &http.Transport{}, Timeout: patience}}
}

// round has clients sign customers up until the server is killed a while after the
// first of them has its answer, or when it takes nothing more from any.
func (c *crash) round(t *testing.T, p *serverProcess, clients int, after time.Duration) {
	t.Helper()
	client := c.client(p)
	var all sync.WaitGroup
	answered := make(chan struct{}, 1)
	for range clients {
		all.Go(func() {
			for c.signUp(context.Background(), client, c.next()) {
				select {
				case answered <- struct{}{}:
				default:
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	select {
	case <-answered:
	case <-ended:
	case <-time.After(patience):
		t.Errorf("nobody got an answer within %s", patience)
	}
	time.Sleep(after)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	<-ended
}

func (c *crash) next() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	return fmt.Sprintf("signup-%d", c.last)
}

func call(id string) soap.Call {
	return soap.Call{Hookpoint: "SOAP_SIGNUP_CUSTOMER", RequestID: id, Values: value.Tree{
		value.OfString("ACCOUNT_TYPE", "0"), value.OfString("PRODUCT_CODE", "POST_PAID"),
		value.Of("USER", value.OfString("FIRST_NAME", "Bo"), value.OfString("LAST_NAME", "Ek"), value.OfString("CITY", "Malmö"),
			value.OfString("ZIP", "21119"), value.OfString("EMAIL", "bo@example.com"), value.OfString("USERNAME", id)),
		value.Of("SIGNUP_SERVICES", value.Of("SHARED_SERVICE", value.OfString("ORDER_ID", id))),
		value.Of("CONTEXT", value.OfString("OPERATOR", "crash")),
	}}
}

func accountOf(r workflow.Result) string {
	if e := r.Values.Path("ACCOUNT/ID"); e != nil {
		return e.Text
	}
	return ""
}

// signUp makes one call and keeps what came of it; false when the server is gone, or
// takes no changes.
func (c *crash) signUp(ctx context.Context, client *soap.Client, id string) bool {
	r, err := client.Call(ctx, call(id))
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.unanswered = append(c.unanswered, id)
		return false
	}
	switch r.ErrorCode {
	case 0:
	case failure.TryAgain.Number, store.Full.Number:
		c.refusals++
		c.unanswered = append(c.unanswered, id)
		return false
	default:
		panic(fmt.Sprintf("%s: %+v", id, r))
	}
	if c.at == nil {
		c.at = map[string]time.Time{}
	}
	c.acknowledged[id], c.at[id] = accountOf(r), time.Now()
	return true
}

// count wants the store to hold what each customer that was acknowledged left there,
// and nothing more.
func (c *crash) count(t *testing.T) {
	t.Helper()
	wantTimes(t, c.file, len(c.acknowledged), func(one *crash, p *serverProcess) {
		one.signUp(t.Context(), one.client(p), one.next())
	})
}

// wantTimes wants a store to hold, of every kind and in every index, what a deed
// leaves in a store of its own, so many times, and nothing more. Audit rows are
// written for repetitions too.
func wantTimes(t *testing.T, file string, times int, deed func(one *crash, p *serverProcess)) {
	t.Helper()
	one := newCrash(t)
	before := censusOf(t, one.file)
	p := startServer(t, "--store", one.file)
	deed(one, p)
	p.stop(t)
	each, all := censusOf(t, one.file), censusOf(t, file)
	if each["account"] == before["account"] {
		t.Errorf("the deed left %v", each)
	}
	for name, n := range all {
		if !eachDeeds(name) {
			continue
		}
		if want := before[name] + int64(times)*(each[name]-before[name]); n != want {
			t.Errorf("%d of %s for %d times, want %d", n, name, times, want)
		}
	}
}

// eachDeeds says whether each deed leaves as many of what a census names so, for there
// is not one for each call, each brand, each store or each second.
func eachDeeds(name string) bool {
	kind, _, _ := strings.Cut(name, "/")
	return !slices.Contains([]string{"audit", "account_tally", "tmf_position", "event_stream", "audit_segment", "audit_seal", "served_zone", "test_clock", "card_key"}, kind)
}

func censusOf(t *testing.T, file string) map[string]int64 {
	t.Helper()
	st := servertest.OpenStore(t, file)
	defer st.Close()
	return storetest.Census(t, st)
}
