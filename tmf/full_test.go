package tmf_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"rator/tmf"
	"rator/unit"
)

// TestFull: when nobody would be let in, a request is refused before anything of it is
// read, and before anybody asks who sent it.
func TestFull(t *testing.T) {
	var gate *unit.Gate
	s := newServer(t, func(c *tmf.Config) {
		turns := c.Gate.Config
		turns.Turns = unit.TurnsConfig{Calls: 1, Waiting: 1, Wait: time.Hour}
		gate = unit.New(turns)
		c.Gate = gate
	})
	leave := make(chan struct{})
	var all sync.WaitGroup
	for range 2 { // one that runs and one that waits
		all.Go(func() {
			err := gate.Do(context.Background(), &unit.Ask{System: true, Reads: true}, func(*unit.Unit) error {
				<-leave
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for at := gate.Quick(); at.Running+at.Waiting < 2; at = gate.Quick() {
		time.Sleep(time.Millisecond)
	}
	ask := func(body bool) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/customerManagement/customer", nil)
		if body {
			r = httptest.NewRequest("POST", "/customerManagement/customer", iotest.ErrReader(errors.New("it was read")))
			r.Header.Set("Content-Type", "application/json")
		}
		r.SetBasicAuth("nobody", "wrong")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		return w
	}
	for _, body := range []bool{false, true} {
		if w := ask(body); w.Code != 503 || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
		}
	}
	close(leave)
	all.Wait()
	if w := ask(false); w.Code != 401 {
		t.Errorf("nobody is there any more: %d %s", w.Code, w.Body)
	}
}
