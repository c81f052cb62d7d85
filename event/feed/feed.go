// Package feed is the face that tells over HTTP what happened: GET /events gives events,
// one line of JSON each, and goes on as they come for who follows (gate.md 3). What it
// tells is read elsewhere; here it is asked for, allowed, written and ended.
package feed

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"rator/unit"
)

// face is what audit rows and metrics call this one.
const face = "feed"

// Path is where events are.
const Path = "/events"

// Config is what a Handler is made of; only Gate is needed.
type Config struct {
	Gate   *unit.Gate
	Topics func() []string  // that sites declare; nil = none
	Log    *slog.Logger     // nil = slog.Default
	Now    func() time.Time // for deadlines only; nil = time.Now

	WriteTime  time.Duration // for a part of an answer to be taken; 0 = 15 s
	Poll       time.Duration // between two looks for what is new; 0 = 100 ms
	Beat       time.Duration // between two lines to who follows; 0 = 15 s
	FollowTime time.Duration // after which who follows is to ask again; 0 = 1 h
	Followers  int           // who may follow at a time; 0 = 100
	EachOf     int           // of these, of one operator; 0 = 20
}

// Handler serves GET /events and GET /audit.
type Handler struct {
	Config
	followers followers
	stopping  chan struct{}
	stop      sync.Once
}

// New makes a Handler.
func New(c Config) *Handler {
	if c.Topics == nil {
		c.Topics = func() []string { return nil }
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	for _, d := range []struct {
		of *time.Duration
		or time.Duration
	}{{&c.WriteTime, 15 * time.Second}, {&c.Poll, 100 * time.Millisecond}, {&c.Beat, 15 * time.Second}, {&c.FollowTime, time.Hour}} {
		if *d.of == 0 {
			*d.of = d.or
		}
	}
	if c.Followers == 0 {
		c.Followers = 100
	}
	if c.EachOf == 0 {
		c.EachOf = 20
	}
	return &Handler{Config: c, stopping: make(chan struct{})}
}

// Stop ends the answers of those who follow, after a whole line. They find the rest when
// they ask again.
func (h *Handler) Stop() { h.stop.Do(func() { close(h.stopping) }) }

// Following is how many follow now.
func (h *Handler) Following() int { return h.followers.number() }

// Mount serves Path and AuditPath on a mux.
func (h *Handler) Mount(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, &events{topics: h.Topics}) })
	mux.HandleFunc("GET "+AuditPath, func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, &audit{}) })
}

// serve answers one request with the lines of a source.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, s source) {
	x := &exchange{Handler: h, w: w, r: r, source: s}
	defer func() {
		if cause := recover(); cause == http.ErrAbortHandler {
			panic(cause)
		} else if cause != nil {
			x.fail(&panicError{cause, debug.Stack()})
		}
	}()
	if err := x.serve(); err != nil {
		x.fail(err)
	}
}
