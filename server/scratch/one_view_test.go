package scratch_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"rator/replay"
	"rator/replay/fixture"
	"rator/server"
	"rator/server/scratch"
	"rator/server/servertest"
	"rator/store"
)

// counting is a store that counts what is begun in it: looks, and changes other than
// audit rows, which calls that read have written behind them.
type counting struct {
	store.Store
	mu             sync.Mutex
	views, updates int
}

func (c *counting) View(ctx context.Context, fn func(store.Tx) error) error {
	c.mu.Lock()
	c.views++
	c.mu.Unlock()
	return c.Store.View(ctx, fn)
}

// Look counts as a View when it becomes one: when fn is run once more.
func (c *counting) Look(ctx context.Context, fn func(store.Tx) error) error {
	runs := 0
	err := c.Store.Look(ctx, func(tx store.Tx) error {
		runs++
		return fn(tx)
	})
	c.mu.Lock()
	c.views += max(0, runs-1)
	c.mu.Unlock()
	return err
}

func (c *counting) Update(ctx context.Context, fn func(store.Tx) error) error {
	wrote := false
	err := c.Store.Update(ctx, func(tx store.Tx) error {
		writes := &writing{Tx: tx}
		defer func() { wrote = writes.more }()
		return fn(writes)
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	if wrote {
		c.updates++
	}
	return err
}

// counted gives the counts, and begins anew.
func (c *counting) counted() (counts string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	counts = fmt.Sprintf("%d views, %d updates", c.views, c.updates)
	c.views, c.updates = 0, 0
	return counts
}

// writing notes whether anything but audit rows is written.
type writing struct {
	store.Tx
	more bool
}

func (w *writing) Insert(kind string, r store.Record) error {
	w.more = w.more || kind != "audit"
	return w.Tx.Insert(kind, r)
}

func (w *writing) Put(kind string, r store.Record) error {
	w.more = true
	return w.Tx.Put(kind, r)
}

func (w *writing) Delete(kind string, id store.ID, version int64) error {
	w.more = true
	return w.Tx.Delete(kind, id, version)
}

func (w *writing) Emit(e store.Event) error {
	w.more = true
	return w.Tx.Emit(e)
}

// newCounting is a second server over the store of one, which counts.
func newCounting(t testing.TB, s *scratch.Server) (*server.Server, *counting) {
	t.Helper()
	c := &counting{Store: s.Store}
	second, err := server.New(server.Config{
		Store: c, Metrics: server.NewMetrics(), Log: slog.New(slog.DiscardHandler), Registry: s.Registry, Layers: s.Layers, Now: s.Now, Demo: true,
		Verify: func(string, string) (bool, error) { return true, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return second, c
}

// oneView is what a call that reads costs a server that knows who asks.
const oneView = "1 views, 0 updates"

// doubled plays "../../testdata/soap", and has each call that reads and succeeded done again by a
// second server over the same store, until that is warm.
type doubled struct {
	*scratch.Target
	t    *testing.T
	seen map[string]int // hookpoints, and how many of their calls were counted
}

type doubledSession struct {
	*scratch.Session
	doubled
	second *server.Server
	counts *counting
}

func (d doubled) Begin(ctx context.Context, s *fixture.Scenario) (replay.Session, error) {
	session, err := d.Target.Begin(ctx, s)
	if err != nil {
		return nil, err
	}
	first := session.(*scratch.Session)
	second, counts := newCounting(d.t, first.Server)
	return &doubledSession{first, d, second, counts}, nil
}

var askedHookpoint = regexp.MustCompile(`<hookpointKey>([A-Z_]+)<|<[a-z0-9]+:(SOAP_[A-Z_]+)[ >]`)

func (d *doubledSession) Do(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	again := r.Clone(r.Context())
	answer, err := d.Session.Do(r)
	if err != nil {
		return answer, err
	}
	text, _ := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(text))
	found := askedHookpoint.FindSubmatch(body)
	if found == nil || !bytes.Contains(text, []byte("<errorCode>0<")) {
		return answer, nil
	}
	hookpoint := string(found[1]) + string(found[2])
	if h := d.Registry.Current().Find(hookpoint); h == nil || !h.Contract.Reads {
		return answer, nil
	}
	again.URL.Path, again.RemoteAddr, again.Host = r.URL.Path, r.RemoteAddr, r.Host
	for _, warm := range []bool{false, true} {
		again.Body = io.NopCloser(bytes.NewReader(body))
		d.counts.counted()
		w := httptest.NewRecorder()
		d.second.Handler.ServeHTTP(w, again)
		if !strings.Contains(w.Body.String(), "<errorCode>0<") {
			return answer, nil // a token of its own, which is taken once
		}
		if got := d.counts.counted(); warm && got != oneView {
			d.t.Errorf("%s: %s", hookpoint, got)
		}
	}
	d.seen[hookpoint]++
	return answer, nil
}

func (d *doubledSession) Close() error {
	d.second.Close()
	return d.Session.Close()
}

// TestAReadHasOneView: on a warm server a call of each hookpoint that reads begins one
// View, from who asks to the last value of its answer, and changes nothing.
func TestAReadHasOneView(t *testing.T) {
	d := doubled{servertest.Target(), t, map[string]int{}}
	plan, err := servertest.Target().Plan(t.Context(), fixture.Server{})
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, c := range plan.Hookpoints.Contracts() {
		if c.Reads && !c.Internal {
			folders = append(folders, filepath.Join("../../testdata/soap", c.Hookpoint))
		}
	}
	found, err := fixture.Find(fixture.Options{}, folders...)
	if err != nil {
		t.Fatal(err)
	}
	player := &replay.Player{Target: d, Sink: servertest.Complaining{T: t}}
	if _, err := player.Play(t.Context(), found); err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if name := filepath.Base(folder); d.seen[name] == 0 {
			t.Errorf("no call of %s was counted", name)
		}
	}
}

// TestATMFReadHasOneView: likewise GET of each resource in each dialect, and of lists
// whose page is found by an index. Lists that look at everything do so in steps, and
// are not here.
func TestATMFReadHasOneView(t *testing.T) {
	s := servertest.New(t)
	ask := func(h http.Handler, method, path, body string) string {
		t.Helper()
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.SetBasicAuth(server.DemoOperator, server.DemoPassword)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
		return w.Body.String()
	}
	make := func(path, body string) string {
		t.Helper()
		var made struct{ ID string }
		if err := json.Unmarshal([]byte(ask(s.Handler, "POST", path, body)), &made); err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	const v2014, v3, v4 = "/customerManagement", "/tmf-api/customerManagement/v3", "/tmf-api/customerManagement/v4"
	customer := make(v2014+"/customer", `{"name":"Åse Øre","contactMedium":[{"type":"Email","medium":{"emailAddress":"a@example.org"}}]}`)
	account := make(v2014+"/customerAccount", `{"name":"Åse's","accountType":"private","customer":{"id":"`+customer+`"}}`)
	mean := make(v2014+"/paymentMean", `{"name":"bank","relatedParty":{"id":"`+customer+`"},"type":"BankAccountDebit","bankAccount":{"IBAN":"NO9386011117947"}}`)
	second, counts := newCounting(t, s.Server)
	t.Cleanup(second.Close)
	for _, path := range []string{
		v2014 + "/customer/" + customer, v2014 + "/customerAccount/" + account, v2014 + "/paymentMean/" + mean,
		v3 + "/customer/" + customer, v4 + "/customer/" + customer,
		v2014 + "/hub",
		v2014 + "/customer", v2014 + "/customerAccount", v3 + "/customer", v4 + "/customer",
		v2014 + "/customer?limit=1&fields=id,name", v4 + "/customer?limit=1", v2014 + "/customerAccount?limit=1",
		v2014 + "/customer?id=" + customer, v4 + "/customer?id=" + customer, v2014 + "/customerAccount?id=" + account, v2014 + "/paymentMean?id=" + mean,
		v2014 + "/customer?contactMedium.medium.emailAddress=a@example.org", v4 + "/customer?name=%C3%85se%20%C3%98re",
		v2014 + "/customer?status=Suspended", v2014 + "/customerAccount?customer.id=" + customer,
	} {
		for _, warm := range []bool{false, true} {
			counts.counted()
			ask(second.Handler, "GET", path, "")
			if got := counts.counted(); warm && got != oneView {
				t.Errorf("%s: %s", path, got)
			}
		}
	}
}
