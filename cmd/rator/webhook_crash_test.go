package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rator/access"
	"rator/event"
	"rator/server"
	"rator/server/servertest"
	"rator/store"
	"rator/suite"
)

// TestKilledWebhooks kills a server with kill -9 under SOAP sign-ups while a webhook is
// told of them. In the end every event that was committed has been told, in the order of
// the commits; repeated under the webhook-id, and in the words, that it had first; and
// nothing else. In every other round the receiver takes nothing, so that the kill comes
// between commits and their delivery. RATOR_TEST_HUB_ROUNDS as TestKilledNotifications has it.
func TestKilledWebhooks(t *testing.T) {
	t.Parallel()
	c := &webhookCrash{crash: crash{file: servertest.StoreFile(t), acknowledged: map[string]string{}}, bodies: map[string]string{}, accounts: map[string]bool{}}
	c.letIn(t)
	c.grant(t)
	c.listen(t)
	rounds := suite.Rounds(t, 3, 15)
	if n, err := strconv.Atoi(os.Getenv("RATOR_TEST_HUB_ROUNDS")); err == nil {
		rounds = n
	}
	waiting := 0
	for round := range rounds {
		p := spawn(t, "--store", c.file, "--hub-allow", "127.0.0.1")
		if round == 0 {
			if out, err := ratorProcess(t, "webhook", "add", c.web.URL, "--topic=*", "--operator=crash", "--secret="+servertest.WebhookSecret, "--store="+c.file); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		c.holds(round%2 == 1)
		c.round(t, p, 3, time.Duration(rand.IntN(300))*time.Millisecond)
		if c.missing() > 0 {
			waiting++
		}
		c.holds(false)
	}
	p := startServer(t, "--store", c.file, "--hub-allow", "127.0.0.1")
	last := c.next()
	until(t, "the last sign-up is answered", func() bool { return c.signUp(t.Context(), c.client(p), last) })
	for end := time.Now().Add(patience); c.missing() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d of those who were acknowledged are not told", c.missing())
		}
	}
	p.stop(t)
	t.Logf("%d sign-ups acknowledged, %d events told in %d deliveries, %d rounds with some of them not told at the kill", len(c.acknowledged), len(c.told), c.deliveries, waiting)
	if waiting == 0 {
		t.Error("no kill came between a commit and its delivery")
	}
	for _, fault := range c.faults {
		t.Error(fault)
	}
	if diff := cmp.Diff(c.events(t), c.told); diff != "" {
		t.Errorf("(-committed +told):\n%s", diff)
	}
}

// webhookCrash is what clients and the receiver know of a server that is killed again and
// again.
type webhookCrash struct {
	crash
	web        *httptest.Server
	deliveries int
	held       chan struct{}     // not nil: what comes is not taken, and waits for its end
	told       []string          // webhook-ids by their first appearance
	bodies     map[string]string // by webhook-id
	accounts   map[string]bool   // of customers that were told
	faults     []string
}

// grant lets the operator read events, which no pattern does.
func (c *webhookCrash) grant(t *testing.T) {
	t.Helper()
	st := servertest.OpenStore(t, c.file)
	defer st.Close()
	if err := st.Update(t.Context(), func(tx store.Tx) error { return access.Grant(tx, local, "crash", access.RightEvents) }); err != nil {
		t.Fatal(err)
	}
}

func (c *webhookCrash) listen(t *testing.T) {
	c.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // of a server that was killed meanwhile
		}
		c.mu.Lock()
		held := c.held
		c.mu.Unlock()
		if held != nil {
			<-held
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.hear(r.Header, string(body))
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(c.web.Close)
}

// holds says whether the receiver takes nothing from now on.
func (c *webhookCrash) holds(it bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case it:
		c.held = make(chan struct{})
	case c.held != nil:
		close(c.held)
		c.held = nil
	}
}

// hear takes a delivery.
func (c *webhookCrash) hear(h http.Header, body string) {
	id := h.Get("webhook-id")
	var doc struct {
		ID   string
		Type string
		Data struct {
			Account string `json:"ACCOUNT_ID"`
		}
	}
	switch err := json.Unmarshal([]byte(body), &doc); {
	case err != nil || doc.ID != id:
		c.faults = append(c.faults, fmt.Sprintf("%v: %s is sent as %s", err, id, body))
	case !strings.HasPrefix(h.Get("webhook-signature"), "v1,"):
		c.faults = append(c.faults, id+" is not signed")
	}
	c.deliveries++
	before, again := c.bodies[id]
	if again && before != body {
		c.faults = append(c.faults, fmt.Sprintf("%s is told as\n%s\nand again as\n%s", id, before, body))
	}
	if !again {
		c.bodies[id] = body
		c.told = append(c.told, id)
		if doc.Type == "customer.created" { // the last event of its sign-up
			c.accounts[doc.Data.Account] = true
		}
	}
}

// missing is how many customers were acknowledged and not told.
func (c *webhookCrash) missing() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, account := range c.acknowledged {
		if !c.accounts[account] {
			n++
		}
	}
	return n
}

// events are the ids of what was committed and the webhook is to be told.
func (c *webhookCrash) events(t *testing.T) (ids []string) {
	t.Helper()
	st := servertest.OpenStore(t, c.file)
	defer st.Close()
	r := event.Reader{Brands: []string{server.DemoBrand}}
	err := st.View(t.Context(), func(tx store.Tx) (err error) {
		for page := (event.Page{}); !page.End; {
			if page, err = r.After(tx, page.Cursor, 1000); err != nil {
				return err
			}
			for _, e := range page.Events {
				ids = append(ids, e.ID.String())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}
