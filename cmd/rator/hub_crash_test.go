package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rator/server/servertest"
	"rator/store"
	"rator/suite"
	"rator/wire"
)

// killedRounds is how often TestKilledNotifications kills the server; set
// RATOR_TEST_HUB_ROUNDS=200 for more (go test -timeout 60m).
func killedRounds(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("RATOR_TEST_HUB_ROUNDS")); err == nil {
		return n
	}
	return suite.Rounds(t, 3, 15)
}

// TestKilledNotifications kills a server with kill -9 under SOAP sign-ups and
// changes over TM Forum while listeners are told of them. In the end every change
// that was acknowledged has been told, and every one that was committed; in the
// order of their commits; repeated under the eventId, and in the words, that it had
// first; and nothing else.
func TestKilledNotifications(t *testing.T) {
	t.Parallel()
	c := &hubCrash{crash: crash{file: servertest.StoreFile(t), acknowledged: map[string]string{}}, ears: map[string]*ear{}}
	c.letIn(t)
	c.listen(t)
	waiting := 0
	for round := range killedRounds(t) {
		p := spawn(t, "--store", c.file, "--hub-allow", "127.0.0.1")
		if round == 0 {
			c.register(t, p)
		}
		if c.round(t, p, time.Duration(rand.IntN(500))*time.Millisecond) {
			waiting++
		}
	}
	p := spawn(t, "--store", c.file, "--hub-allow", "127.0.0.1")
	last := c.next()
	if !c.signUp(t.Context(), c.client(p), last) {
		t.Fatalf("the last sign-up got no answer:\n%s", p.log.String())
	}
	// A hub is told in order: who has heard of the last change has heard of all.
	c.await(t, "c"+c.acknowledged[last])
	p.stop(t)
	t.Logf("%d sign-ups and %d changes acknowledged, %d rounds with some of them not told at the kill", len(c.acknowledged), len(c.changes), waiting)
	if waiting == 0 {
		t.Error("no kill came between a commit and its delivery")
	}
	c.check(t)
}

// hubCrash is what clients and listeners know of a server that is killed again and
// again.
type hubCrash struct {
	crash
	web    *httptest.Server
	number int // of the newest customer made over TM Forum
	// changes are those over TM Forum that were acknowledged.
	changes []tmfChange
	ears    map[string]*ear // by the path of the callback
}

// tmfChange is one of a customer; name is what it was called then.
type tmfChange struct{ what, id, name string }

// ear is one listener: what it was told, repetitions left out.
type ear struct {
	names  map[string]string // of what happened, by the name in the dialect
	bodies map[string]string // by eventId
	told   []told
	faults []string
}

// told is the first appearance of an event.
type told struct {
	event    string
	resource string
	tmfChange
}

// The callbacks of the two hubs: the shared one of the 2014 dialect, and that of
// customers in v4.
const (
	ear2014 = "/2014"
	earV4   = "/v4"
)

func (c *hubCrash) listen(t *testing.T) {
	c.ears[ear2014] = &ear{bodies: map[string]string{}, names: map[string]string{"Create": "created", "Update": "changed", "Delete": "deleted"}}
	c.ears[earV4] = &ear{bodies: map[string]string{}, names: map[string]string{"Create": "created", "AttributeValueChange": "changed", "Delete": "deleted"}}
	c.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // of a server that was killed meanwhile
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ears[r.URL.Path].hear(body)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(c.web.Close)
}

// hear takes a notification.
func (e *ear) hear(body []byte) {
	var n struct {
		EventID, EventType string
		Event              map[string]struct{ ID, Name string }
	}
	if err := json.Unmarshal(body, &n); err != nil || len(n.Event) != 1 {
		e.faults = append(e.faults, fmt.Sprintf("no notification: %s", body))
		return
	}
	if before, again := e.bodies[n.EventID]; again {
		if before != string(body) {
			e.faults = append(e.faults, fmt.Sprintf("event %s is told as\n%s\nand again as\n%s", n.EventID, before, body))
		}
		return
	}
	e.bodies[n.EventID] = string(body)
	for resource, doc := range n.Event {
		what := strings.TrimPrefix(strings.ToLower(n.EventType), strings.ToLower(resource))
		for name, means := range e.names {
			if strings.HasPrefix(what, strings.ToLower(name)) {
				e.told = append(e.told, told{n.EventID, resource, tmfChange{means, doc.ID, doc.Name}})
				return
			}
		}
		e.faults = append(e.faults, "unknown eventType "+n.EventType)
	}
}

// heard reports whether a customer's change was told, with the name that it had then; "" is
// any.
func (e *ear) heard(c tmfChange) bool {
	for _, is := range e.told {
		if is.resource == "customer" && is.id == c.id && is.what == c.what && (c.name == "" || is.name == c.name) {
			return true
		}
	}
	return false
}

func (c *hubCrash) register(t *testing.T, p *serverProcess) {
	t.Helper()
	for path, callback := range map[string]string{"/customerManagement/hub": ear2014, "/tmf-api/customerManagement/v4/customer/hub": earV4} {
		status, answer, err := tmfAs(t.Context(), p, "POST", path, fmt.Sprintf(`{"callback":%q}`, c.web.URL+callback))
		if err != nil || status != http.StatusCreated {
			t.Fatalf("%v %d %s", err, status, answer)
		}
	}
}

// tmfAs asks a server's TM Forum face as the operator without a password.
func tmfAs(ctx context.Context, p *serverProcess, method, path, body string) (status int, answer string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(p.endpoint, wire.Path)+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.SetBasicAuth("crash", "")
	r.Header.Set("Content-Type", "application/json")
	a, err := (&http.Client{Timeout: patience}).Do(r)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	return a.StatusCode, string(b), err
}

// round has clients sign customers up and change others until the server is killed
// a while after it acknowledged a change. It reports whether something that was
// acknowledged was not told then.
func (c *hubCrash) round(t *testing.T, p *serverProcess, after time.Duration) (waiting bool) {
	t.Helper()
	client, before := c.client(p), c.changed()
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for c.signUp(context.Background(), client, c.next()) {
			}
		})
		all.Go(func() {
			for c.change(p) {
			}
		})
	}
	for end := time.Now().Add(patience); c.changed() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no change was acknowledged:\n%s", p.log.String())
		}
	}
	time.Sleep(after)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	all.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, change := range c.changes {
		if !c.ears[ear2014].heard(change) {
			return true
		}
	}
	return false
}

// changed is how many changes over TM Forum were acknowledged.
func (c *hubCrash) changed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.changes)
}

// change makes a customer, gives it another name, and deletes every third; false
// when the server is gone.
func (c *hubCrash) change(p *serverProcess) bool {
	c.mu.Lock()
	c.number++
	n := c.number
	c.mu.Unlock()
	var made struct{ ID string }
	ask := func(what, method, path, body, name string, wants int) bool {
		status, answer, err := tmfAs(context.Background(), p, method, path, body)
		if err != nil || status == http.StatusServiceUnavailable { // it was too slow: nothing is done
			return false
		}
		if status != wants {
			panic(fmt.Sprintf("%s %s: %d %s", method, path, status, answer))
		}
		if made.ID == "" {
			if err := json.Unmarshal([]byte(answer), &made); err != nil {
				panic(err)
			}
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.changes = append(c.changes, tmfChange{what, made.ID, name})
		return true
	}
	const path = "/customerManagement/customer"
	first, second := fmt.Sprintf("First %d", n), fmt.Sprintf("Second %d", n)
	return ask("created", "POST", path, fmt.Sprintf(`{"name":%q}`, first), first, 201) &&
		ask("changed", "PATCH", path+"/"+made.ID, fmt.Sprintf(`{"name":%q}`, second), second, 200) &&
		(n%3 != 0 || ask("deleted", "DELETE", path+"/"+made.ID, "", second, 204))
}

// await waits until all listeners have heard of the making of a customer.
func (c *hubCrash) await(t *testing.T, id string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		c.mu.Lock()
		all := true
		for _, e := range c.ears {
			all = all && e.heard(tmfChange{what: "created", id: id})
		}
		c.mu.Unlock()
		if all {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nobody is told of %s", id)
		}
	}
}

// check compares what was told with what was acknowledged and with the customers that the
// events of the store say were made.
func (c *hubCrash) check(t *testing.T) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	made := c.made(t)
	for path, e := range c.ears {
		for _, fault := range e.faults {
			t.Errorf("%s: %s", path, fault)
		}
		last, seen := "", map[tmfChange]bool{}
		for _, n := range e.told {
			if n.event <= last { // ids of one length, in the order of their making
				t.Errorf("%s: event %s comes too late", path, n.event)
			}
			last = n.event
			if n.resource != "customer" {
				continue
			}
			if !made[n.id] {
				t.Errorf("%s: %+v was told of a customer that was never made", path, n)
			}
			once := tmfChange{what: n.what, id: n.id}
			if seen[once] {
				t.Errorf("%s: %s is told to be %s twice", path, n.id, n.what)
			}
			seen[once] = true
		}
		for id := range made {
			if !seen[tmfChange{what: "created", id: id}] {
				t.Errorf("%s: nothing was told of %s, which was made", path, id)
			}
		}
		for _, account := range c.acknowledged {
			if !seen[tmfChange{what: "created", id: "c" + account}] {
				t.Errorf("%s: nothing was told of c%s, which was acknowledged", path, account)
			}
		}
		for _, change := range c.changes {
			if !e.heard(change) {
				t.Errorf("%s: nothing was told of %+v", path, change)
			}
		}
	}
}

// made are the customers that were committed.
func (c *hubCrash) made(t *testing.T) map[string]bool {
	t.Helper()
	st := servertest.OpenStore(t, c.file)
	defer st.Close()
	made := map[string]bool{}
	err := st.View(t.Context(), func(tx store.Tx) error {
		for cursor := int64(0); ; {
			events, err := tx.EventsAfter(cursor, 1000)
			if err != nil || len(events) == 0 {
				return err
			}
			for _, e := range events {
				cursor = e.Cursor
				if e.Topic == "customer.created" {
					var body struct {
						ID string `json:"ACCOUNT_ID"`
					}
					if err := json.Unmarshal(e.Body, &body); err != nil {
						return err
					}
					made["c"+body.ID] = true
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
