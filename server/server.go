// Package server wires the faces, the store and the jobs into one process: what answers
// calls, what runs beside them (what is due, hubs and webhooks, sweeps, the audit's seal),
// metrics, the call log, the administration socket, and how a store is opened. No other
// room names a driver of the store. It reads no command line and prints nothing.
package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"rator/access"
	"rator/bulk/export"
	"rator/calllog"
	"rator/event"
	"rator/event/feed"
	"rator/event/webhook"
	"rator/password"
	"rator/server/together"
	"rator/soap"
	"rator/store"
	"rator/store/postgres"
	"rator/tmf/hub"
	"rator/typeface"
	"rator/unit"
	"rator/workflow"
)

// Server is everything that answers, wired over one store.
type Server struct {
	gate         *unit.Gate
	Engine       *workflow.Engine
	Registry     *workflow.Registry
	behind       *access.ReadBehind
	Sealer       *access.Sealer
	Hubs         *hub.Hubs
	feed         *feed.Handler
	Webhooks     *webhook.Deliverer
	Store        store.Store
	database     *postgres.DB      // that the store is in; nil = it is in a file
	tries        *together.Tries   // of the servers of that
	present      *together.Present // among them
	draining     atomic.Bool       // it ends soon, and has others asked
	Metrics      *Metrics
	log          *slog.Logger
	Layers       []workflow.Layer
	Handler      http.Handler
	guard        *access.Guard
	Calls        *calllog.Log  // nil = none is kept
	turned       turnedAway    // calls that it has of those
	EventAge     time.Duration // how long events are kept that nobody needs
	usualCallLog string        // where a call log lies that another start may have kept; "" = nowhere
	Erased       chan struct{} // somebody was: the call log is to follow
	// longestCall is how long a request and its answer may take.
	longestCall time.Duration
}

// Config is what a server is made of; the zero values are the usual ones
// but for store, log and layers.
type Config struct {
	Store          store.Store
	Name, Version  string // of the server and its program, for the others of a database
	Metrics        *Metrics
	Log            *slog.Logger
	Layers         []workflow.Layer                       // of hookpoint folders, a later one over an earlier
	Registry       *workflow.Registry                     // of loaded hookpoints; nil = what layers hold is loaded
	Verify         func(hash, plain string) (bool, error) // nil = password.Verify
	Now            func() time.Time
	GuardNow       func() time.Time // of credentials, whose times are those of clients; nil = now
	NewRequestID   func() string
	Observe        func(*unit.Told) // is told of every call; nil = the metrics
	AuditSync      bool
	AuditAge       time.Duration // as access.SealerConfig.Age
	Turns          unit.TurnsConfig
	Deadline       time.Duration // as unit.Config.Deadline
	LenientTokens  bool          // nobody is held to access.Operator.StrictTokens
	TrustForwarded bool
	TMFStrict      bool
	TMFOrigins     []string
	Hubs           hub.Config // without Store, Log and Now, which are the server's
	Keys           Keys       // without pins none are kept, without cards references with card numbers are refused
	MaskPINs       bool
	SOAP           soap.Options
	CallLog        calllog.Config // without Dir = none
	CallLogSkip    []string
	UsualCallLog   string          // where one lies that another start may have kept; "" = nowhere
	Demo           bool            // its operator is let in
	EventAge       time.Duration   // how long events are kept that nobody needs; 0 = event.DefaultAge
	NewPasswords   int             // as workflow.Config.NewPasswords
	Fonts          *typeface.Fonts // of documents; nil = those of the binary
	// OperationsApart: metrics and health are not on the handler (operations).
	OperationsApart bool
}

// New makes a server that listens nowhere yet. What does not open is an *OpenError, mistakes in
// hookpoints are MistakesError.
func New(c Config) (*Server, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.GuardNow == nil {
		c.GuardNow = c.Now
	}
	database, _ := c.Store.(*postgres.DB)
	c.Store = hub.NoteChanges(c.Store, c.Log)
	if c.Observe == nil {
		c.Observe = c.Metrics.call
	}
	if c.Verify == nil {
		c.Verify = password.Queue("operators").Verify // apart from those of users
	}
	key := make([]byte, 32)
	rand.Read(key)
	guarding := access.GuardConfig{
		Now: c.GuardNow, Key: key, Verify: c.Verify, Demo: c.Demo, LenientTokens: c.LenientTokens, Tolerated: toleratedTokens(c.Metrics, c.Log),
	}
	var tries *together.Tries
	if database != nil {
		tries = together.NewTries(database)
		guarding.Tries, guarding.Nonces = access.SharedTries{Wrong: tries.Wrong, Right: tries.Right}, together.NewNonces(database).Use
	}
	guard, err := access.NewGuard(guarding)
	if err != nil {
		return nil, err
	}
	s := &Server{guard: guard, Registry: c.Registry, Store: c.Store, database: database, tries: tries, Metrics: c.Metrics, log: c.Log, Layers: c.Layers, EventAge: cmp.Or(c.EventAge, event.DefaultAge), usualCallLog: c.UsualCallLog, Erased: make(chan struct{}, 1), longestCall: c.Deadline + c.SOAP.BodyTime}
	if s.Registry == nil {
		s.Registry = &workflow.Registry{}
		if err := s.reload(); err != nil {
			return nil, err
		}
	} else {
		tellWarnings(c.Log, s.Registry.Current())
	}
	if database != nil {
		hookpoints, each, err := workflow.HashLayers(c.Layers...)
		if err != nil {
			return nil, &OpenError{err}
		}
		s.present = together.NewPresent(database, c.Name, c.Version, hookpoints, each)
		s.present.Changed = tellFit(c.Log)
		s.Metrics.present.Store(s.present)
	}
	if err := unit.MigrateKept(context.Background(), c.Store, func(total int) {
		c.Log.Info("kept answers are moved to where all faces keep theirs, once", "moved", total)
	}); err != nil {
		return nil, &OpenError{fmt.Errorf("kept answers: %w", err)}
	}
	if err := s.openCallLog(c); err != nil {
		return nil, err
	}
	s.behind = access.NewReadBehind(access.ReadBehindConfig{Store: c.Store, Log: c.Log, Sync: c.AuditSync})
	s.Sealer = access.NewSealer(access.SealerConfig{Store: c.Store, Log: c.Log, Age: c.AuditAge})
	s.gate = unit.New(unit.Config{
		Store: c.Store, Guard: guard, Behind: s.behind, Log: c.Log, Now: c.Now, Observe: c.Observe, Turns: c.Turns, Deadline: c.Deadline,
	})
	s.Metrics.gate(s.gate, guard, s.behind)
	s.Metrics.audit(s.Sealer)
	s.Metrics.events(s)
	s.Engine = workflow.New(workflow.Config{
		Gate: s.gate, Logins: access.NewLogins(c.Now, guarding.Tries), Registry: s.Registry, NewRequestID: c.NewRequestID, NewPasswords: c.NewPasswords, Cards: c.Keys.Cards,
		Fonts: c.Fonts, Unprinted: unprinted(c.Metrics, c.Log), Erased: s.NoteErased, Persons: &export.Persons{Calls: s.readCalls},
	})
	if s.Handler, err = s.routes(c); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends what runs behind the calls; the store stays open.
func (s *Server) Close() {
	s.behind.Close()
	s.closeCallLog()
}

// SealLast seals the audit rows that were written while the server stopped.
func (s *Server) SealLast() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	s.Sealer.Seal(ctx)
}
