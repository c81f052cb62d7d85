package rig

import (
	"math"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCrowdAsksAsOftenAsItIsTo(t *testing.T) {
	var mu sync.Mutex
	asked := map[string]int{}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked[r.Header.Get("X-Number")]++
		asked[strings.Split(r.RemoteAddr, ":")[0]]++
	}))
	defer web.Close()
	from := "127.0.0.2"
	if runtime.GOOS != "linux" {
		from = Here
	}
	c := Crowd{To: web.Listener.Addr().String(), From: from, Size: 5, Number: UpTo(40), Message: func(int) *Message {
		return newMessage("GET / HTTP/1.1\r\nX-Number: "+NumberMark, "")
	}}
	later := time.Now().Add(time.Hour)
	if got := c.Run(time.Time{}, later); got.Count(Done) != 40 || got.All() != 40 || got.Late != 0 || got.String() != "40 done" {
		t.Errorf("%s, %d late", got, got.Late)
	}
	if asked[from] != 40 || asked["00000001"] != 1 || asked["00000040"] != 1 || len(asked) != 41 {
		t.Errorf("the server was asked %v", asked)
	}
	c.Number, c.Once = nil, true
	if got := c.Run(time.Time{}, later); got.Count(Done) != 5 {
		t.Errorf("once each: %s", got)
	}
	c.Enough = func() bool { return true }
	if got := c.Run(time.Time{}, later); got.String() != "nothing was asked" {
		t.Errorf("it was enough: %s", got)
	}
}

// TestQuantilesCountTheRefused: a server that refuses is not fast.
func TestQuantilesCountTheRefused(t *testing.T) {
	var f Tally
	for i := range 10 {
		f.Took[Done] = append(f.Took[Done], time.Duration(i+1)*time.Millisecond)
	}
	if got := f.Quantile(0.5); got != 6 {
		t.Errorf("of ten done: %v", got)
	}
	f.Took[Unanswered] = []time.Duration{time.Minute}
	if got := f.Quantile(0.99); got != 60_000 {
		t.Errorf("of ten done and one unanswered: %v", got)
	}
	f.Took[Busy] = make([]time.Duration, 10)
	if got := f.Quantile(0.5); got != 60_000 {
		t.Errorf("nearly half of them refused: %v", got)
	}
	if got := f.Quantile(0.6); !math.IsInf(got, 1) {
		t.Errorf("past those that were answered: %v", got)
	}
	if got := (&Tally{}).Quantile(0.5); !math.IsInf(got, 1) {
		t.Errorf("of nothing: %v", got)
	}
}
