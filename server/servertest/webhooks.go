package servertest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"rator/access"
	"rator/server"
	"rator/store"
)

// WebhookSecret is a secret that tests give.
const WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// LetReadEvents gives the operators crm, of the demo's brand, and house, of all, the right
// to events.
func LetReadEvents(t testing.TB, st store.Store) {
	t.Helper()
	err := st.Update(t.Context(), func(tx store.Tx) error {
		for name, brand := range map[string]string{"crm": server.DemoBrand, "house": access.Any} {
			if _, err := access.Add(tx, access.CommandLine, access.NewOperator{Name: name, Brands: []string{brand}, Rights: []string{access.RightEvents}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Receiver is a receiver of webhooks that says a status, 200 at first, and keeps what it is
// sent.
type Receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	bodies []string
}

func NewReceiver(t *testing.T) *Receiver {
	t.Helper()
	r := &Receiver{status: http.StatusOK}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bodies = append(r.bodies, string(body))
		w.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *Receiver) Say(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *Receiver) Took() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.bodies, "\n")
}

// TellWebhooks has the webhooks of a test server told until the test ends.
func TellWebhooks(t *testing.T, ts *Server) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var told sync.WaitGroup
	told.Go(func() { ts.Webhooks.Run(ctx) })
	t.Cleanup(func() { stop(); told.Wait() })
}
