package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"rator/access"
	"rator/calllog"
	"rator/event"
	"rator/event/feed"
	"rator/event/webhook"
	"rator/password"
	"rator/soap"
	"rator/store"
	"rator/tmf"
	"rator/typeface"
	"rator/unit"
	"rator/workflow"
)

// server is everything that answers, wired over one store.
type server struct {
	gate     *unit.Gate
	engine   *workflow.Engine
	registry *workflow.Registry
	behind   *access.ReadBehind
	sealer   *access.Sealer
	hubs     *tmf.Hubs
	feed     *feed.Handler
	webhooks *webhook.Deliverer
	store    store.Store
	metrics  *metrics
	log      *slog.Logger
	layers   []workflow.Layer
	handler  http.Handler
	guard    *access.Guard
	calls    *calllog.Log  // nil = none is kept
	turned   turnedAway    // calls that it has of those
	eventAge time.Duration // how long events are kept that nobody needs
	callsLie string        // where a call log lies that another start may have kept; "" = nowhere
	erased   chan struct{} // somebody was: the call log is to follow
	// longestCall is how long a request and its answer may take.
	longestCall time.Duration
}

// serverConfig is what a server is made of; the zero values are the usual ones
// but for store, log and layers.
type serverConfig struct {
	store          store.Store
	metrics        *metrics
	log            *slog.Logger
	layers         []workflow.Layer                       // of hookpoint folders, a later one over an earlier
	registry       *workflow.Registry                     // of loaded hookpoints; nil = what layers hold is loaded
	verify         func(hash, plain string) (bool, error) // nil = password.Verify
	now            func() time.Time
	guardNow       func() time.Time // of credentials, whose times are those of clients; nil = now
	newRequestID   func() string
	observe        func(*unit.Told) // is told of every call; nil = the metrics
	auditSync      bool
	auditAge       time.Duration // as access.SealerConfig.Age
	turns          unit.TurnsConfig
	deadline       time.Duration // as unit.Config.Deadline
	lenientTokens  bool          // nobody is held to access.Operator.StrictTokens
	trustForwarded bool
	tmfStrict      bool
	tmfOrigins     []string
	hubs           tmf.HubsConfig // without Store, Log and Now, which are the server's
	keys           keys           // without pins none are kept, without cards references with card numbers are refused
	maskPINs       bool
	soap           soap.Options
	callLog        calllog.Config // without Dir = none
	callLogSkip    []string
	callsLie       string          // as server.callsLie
	demo           bool            // its operator is let in
	eventAge       time.Duration   // how long events are kept that nobody needs; 0 = event.DefaultAge
	newPasswords   int             // as workflow.Config.NewPasswords
	fonts          *typeface.Fonts // of documents; nil = those of the binary
	// operationsApart: metrics and health are not on the handler (operations).
	operationsApart bool
}

func newServer(c serverConfig) (*server, error) {
	if c.now == nil {
		c.now = time.Now
	}
	if c.guardNow == nil {
		c.guardNow = c.now
	}
	c.store = tmf.NoteChanges(c.store, c.log)
	if c.observe == nil {
		c.observe = c.metrics.call
	}
	if c.verify == nil {
		c.verify = password.Queue("operators").Verify // apart from those of users
	}
	key := make([]byte, 32)
	rand.Read(key)
	guard, err := access.NewGuard(access.GuardConfig{
		Now: c.guardNow, Key: key, Verify: c.verify, Demo: c.demo, LenientTokens: c.lenientTokens, Tolerated: toleratedTokens(c.metrics, c.log),
	})
	if err != nil {
		return nil, err
	}
	s := &server{guard: guard, registry: c.registry, store: c.store, metrics: c.metrics, log: c.log, layers: c.layers, eventAge: cmp.Or(c.eventAge, event.DefaultAge), callsLie: c.callsLie, erased: make(chan struct{}, 1), longestCall: c.deadline + c.soap.BodyTime}
	if s.registry == nil {
		s.registry = &workflow.Registry{}
		if err := s.reload(); err != nil {
			return nil, err
		}
	} else {
		tellWarnings(c.log, s.registry.Current())
	}
	if err := unit.MigrateKept(context.Background(), c.store, func(total int) {
		c.log.Info("kept answers are moved to where all faces keep theirs, once", "moved", total)
	}); err != nil {
		return nil, &openError{fmt.Errorf("kept answers: %w", err)}
	}
	if err := s.openCallLog(c); err != nil {
		return nil, err
	}
	s.behind = access.NewReadBehind(access.ReadBehindConfig{Store: c.store, Log: c.log, Sync: c.auditSync})
	s.sealer = access.NewSealer(access.SealerConfig{Store: c.store, Log: c.log, Age: c.auditAge})
	s.gate = unit.New(unit.Config{
		Store: c.store, Guard: guard, Behind: s.behind, Log: c.log, Now: c.now, Observe: c.observe, Turns: c.turns, Deadline: c.deadline,
	})
	s.metrics.gate(s.gate, guard, s.behind)
	s.metrics.audit(s.sealer)
	s.metrics.events(s)
	s.engine = workflow.New(workflow.Config{
		Gate: s.gate, Registry: s.registry, NewRequestID: c.newRequestID, NewPasswords: c.newPasswords, Cards: c.keys.cards,
		Fonts: c.fonts, Unprinted: unprinted(c.metrics, c.log), Erased: s.noteErased,
	})
	if s.handler, err = s.routes(c); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// close ends what runs behind the calls; the store stays open.
func (s *server) close() {
	s.behind.Close()
	s.closeCallLog()
}

// sealLast seals the audit rows that were written while the server stopped.
func (s *server) sealLast() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.sealer.Seal(ctx)
}
