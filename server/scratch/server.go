// Package scratch starts whole servers in this process over stores that nobody will miss, for
// replay and tests, and does beside the calls what lines of .do files say. What a server
// is stands in server.
package scratch

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rator/access"
	"rator/card"
	"rator/catalogue"
	"rator/event/delivery"
	"rator/password"
	"rator/replay/fixture"
	"rator/server"
	"rator/soap"
	"rator/store"
	"rator/store/postgres"
	"rator/tmf/hub"
	"rator/tmf/resource"
	"rator/typeface"
	"rator/workflow"
)

// A scratch server is a whole server in this process over a store that nobody
// will miss: with the demo's catalogue and operator, and with what the settings of
// fixtures add. Its clock stands where it is set, request ids and incident numbers
// count, so that the same calls have the same answers every time.
type Server struct {
	*server.Server
	Clock  atomic.Pointer[time.Time] // nil: the real one
	remove func() error              // of a store that goes with the server; nil = it stays
	told   *postgres.DB              // where what was committed is told after what began before; nil = at once
}

// Plan is what scratch servers are made from, prepared once.
type Plan struct {
	Settings   fixture.Server
	places     places
	prepared   string // the place of a store, to be copied
	layers     []workflow.Layer
	Hookpoints *workflow.Set
	verify     func(hash, plain string) (bool, error)
	Keys       server.Keys
	fonts      *typeface.Fonts // of documents; nil = those of the binary
}

// newPlan prepares a store and loads the hookpoints.
func newPlan(ctx context.Context, where places, settings fixture.Server) (*Plan, error) {
	key := make([]byte, resource.PINKeyBytes)
	rand.Read(key)
	pins, err := resource.NewPINs(key)
	if err != nil {
		return nil, err
	}
	p := &Plan{Settings: settings, places: where, verify: rememberingVerify(), Keys: server.Keys{PINs: pins, Cards: card.NewKey(key)}}
	layers, err := server.Layers(settings.Hookpoints)
	if err != nil {
		return nil, err
	}
	set, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return nil, server.MistakesError(mistakes)
	}
	p.Hookpoints, p.layers = set, layers
	if p.prepared, err = where.fresh(ctx); err != nil {
		return nil, err
	}
	if err := errors.Join(p.prepare(ctx), where.prepared(ctx, p.prepared)); err != nil {
		return nil, errors.Join(err, where.remove(context.WithoutCancel(ctx), p.prepared))
	}
	return p, nil
}

// prepare writes the store that is copied.
func (p *Plan) prepare(ctx context.Context) (err error) {
	now := func() time.Time { return p.Settings.Clock }
	if p.Settings.Clock.IsZero() {
		now = time.Now
	}
	st, err := p.places.open(ctx, p.prepared, now, server.NewMetrics())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := server.PrepareDemo(ctx, st); err != nil {
		return err
	}
	if name := p.Settings.TimeZone; name != "" {
		if err := st.Update(ctx, func(tx store.Tx) error { return catalogue.ServeIn(tx, name) }); err != nil {
			return err
		}
	}
	for _, name := range p.Settings.Catalogue {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, mistakes := catalogue.Load(name, src)
		if len(mistakes) > 0 {
			return errors.New(mistakes[0].String())
		}
		err = st.Update(ctx, func(tx store.Tx) error {
			_, err := catalogue.Import(tx, f)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, o := range p.Settings.Operators {
		hash, err := password.Hash(o.Password) // as weak as a fixture wants it
		if err != nil {
			return fmt.Errorf("operator %s: %w", o.Name, err)
		}
		err = st.Update(ctx, func(tx store.Tx) error {
			_, err := access.Add(tx, access.CommandLine, access.NewOperator{Name: o.Name, PasswordHash: hash, Brands: o.Brands, Rights: o.Rights})
			return err
		})
		if err != nil {
			return fmt.Errorf("operator %s: %w", o.Name, err)
		}
	}
	return nil
}

// Start starts a server over a copy of the prepared store, which goes with it; a file lies
// in dir.
func (p *Plan) Start(dir string) (*Server, error) {
	ctx := context.Background()
	place, err := p.places.copied(ctx, p.prepared, dir)
	if err != nil {
		return nil, err
	}
	remove := func() error { return p.places.remove(ctx, place) }
	s, err := p.startAt(p.places, place)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	s.remove = remove
	return s, nil
}

// CopyTo makes a copy of the prepared store, which is a file.
func (p *Plan) CopyTo(file string) error { return copyFile(p.prepared, file) }

// StartOver starts a server over the store in a file, which stays.
func (p *Plan) StartOver(file string) (*Server, error) { return p.startAt(files{}, file) }

func (p *Plan) startAt(where places, place string) (*Server, error) {
	s := &Server{}
	if !p.Settings.Clock.IsZero() {
		s.Clock.Store(&p.Settings.Clock)
	}
	m := server.NewMetrics()
	st, err := where.open(context.Background(), place, s.Now, m)
	if err != nil {
		return nil, err
	}
	s.told, _ = st.(*postgres.DB)
	local, err := delivery.NewTargets(nil, true)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	registry := &workflow.Registry{}
	registry.Replace(p.Hookpoints)
	var requests, messages atomic.Int64
	s.Server, err = server.New(server.Config{
		Demo: true,
		Keys: p.Keys, Hubs: hub.Config{Client: delivery.NewClient(delivery.ClientConfig{Targets: local}), Backoff: func(int) time.Duration { return 0 }}, // its clock may stand
		Store: st, Metrics: m, Log: slog.New(slog.DiscardHandler), Registry: registry, Layers: p.layers, Verify: p.verify, Now: s.Now,
		Fonts:        p.fonts,
		NewRequestID: func() string { return fmt.Sprintf("request-%d", requests.Add(1)) },
		SOAP: soap.Options{
			NewNumber:    func() string { return "incident" },
			NewMessageID: func() string { return fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012x", messages.Add(1)) },
		},
	})
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return s, nil
}

// Now is the time by the server's clock.
func (s *Server) Now() time.Time {
	if at := s.Clock.Load(); at != nil {
		return *at
	}
	return time.Now()
}

// End verifies the store and stops the server. The error says what is wrong in the
// store.
func (s *Server) End(ctx context.Context) error {
	var faults []error
	_, err := server.Verify(ctx, s.Store, func(fault error) { faults = append(faults, fmt.Errorf("verify: %w", fault)) })
	s.Close()
	err = errors.Join(errors.Join(faults...), err, s.Store.Close())
	if s.remove != nil {
		err = errors.Join(err, s.remove())
	}
	return err
}

// rememberingVerify checks a password once: argon2id costs tens of milliseconds, and
// every scratch server has the same operators.
func rememberingVerify() func(hash, plain string) (bool, error) {
	var right sync.Map // of sha256 of both
	return func(hash, plain string) (bool, error) {
		key := sha256.Sum256(fmt.Appendf(nil, "%d:%s%s", len(hash), hash, plain))
		if _, ok := right.Load(key); ok {
			return true, nil
		}
		ok, err := password.Verify(hash, plain)
		if ok {
			right.Store(key, true)
		}
		return ok, err
	}
}

// Dir is where scratch stores lie; it goes with what it holds.
func Dir() (dir string, cleanUp func(), err error) {
	dir, err = os.MkdirTemp("", "rator-scratch-*")
	return dir, func() { os.RemoveAll(filepath.Clean(dir)) }, err
}
