package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
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
	"rator/store/bolt"
	"rator/tmf"
	"rator/typeface"
	"rator/workflow"
)

// A scratch server is a whole server in this process over a store that nobody
// will miss: with the demo's catalogue and operator, and with what the settings of
// fixtures add. Its clock stands where it is set, request ids and incident numbers
// count, so that the same calls have the same answers every time.
type scratch struct {
	*server.Server
	clock atomic.Pointer[time.Time] // nil: the real one
	file  string
	// temporary: the store goes with the server.
	temporary bool
}

// scratchPlan is what scratch servers are made from, prepared once.
type scratchPlan struct {
	settings   fixture.Server
	file       string // a prepared store, to be copied
	layers     []workflow.Layer
	hookpoints *workflow.Set
	verify     func(hash, plain string) (bool, error)
	keys       server.Keys
	fonts      *typeface.Fonts // of documents; nil = those of the binary
}

// newScratchPlan prepares a store in dir and loads the hookpoints.
func newScratchPlan(ctx context.Context, dir string, settings fixture.Server) (*scratchPlan, error) {
	key := make([]byte, tmf.PINKeyBytes)
	rand.Read(key)
	pins, err := tmf.NewPINs(key)
	if err != nil {
		return nil, err
	}
	p := &scratchPlan{settings: settings, verify: rememberingVerify(), keys: server.Keys{PINs: pins, Cards: card.NewKey(key)}}
	layers, err := server.Layers(settings.Hookpoints)
	if err != nil {
		return nil, err
	}
	set, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return nil, server.MistakesError(mistakes)
	}
	p.hookpoints, p.layers = set, layers
	f, err := os.CreateTemp(dir, "prepared-*.db")
	if err != nil {
		return nil, err
	}
	p.file = f.Name()
	return p, errors.Join(f.Close(), os.Remove(p.file), p.prepare(ctx))
}

// prepare writes the store that is copied.
func (p *scratchPlan) prepare(ctx context.Context) (err error) {
	now := func() time.Time { return p.settings.Clock }
	if p.settings.Clock.IsZero() {
		now = time.Now
	}
	st, err := bolt.Open(p.file, bolt.Options{Now: now, Unsynced: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	if err := server.PrepareDemo(ctx, st); err != nil {
		return err
	}
	if name := p.settings.TimeZone; name != "" {
		if err := st.Update(ctx, func(tx store.Tx) error { return catalogue.ServeIn(tx, name) }); err != nil {
			return err
		}
	}
	for _, name := range p.settings.Catalogue {
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
	for _, o := range p.settings.Operators {
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

// start starts a server over a copy of the prepared store, which lies in dir and
// goes with it.
func (p *scratchPlan) start(dir string) (*scratch, error) {
	f, err := os.CreateTemp(dir, "scratch-*.db")
	if err != nil {
		return nil, err
	}
	s := (*scratch)(nil)
	if err = errors.Join(f.Close(), p.copyTo(f.Name())); err == nil {
		s, err = p.startOver(f.Name())
	}
	if err != nil {
		return nil, errors.Join(err, os.Remove(f.Name()))
	}
	s.temporary = true
	return s, nil
}

// copyTo makes a copy of the prepared store.
func (p *scratchPlan) copyTo(file string) error {
	prepared, err := os.Open(p.file)
	if err != nil {
		return err
	}
	defer prepared.Close()
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, prepared)
	return errors.Join(err, f.Close())
}

// startOver starts a server over a store, which stays.
func (p *scratchPlan) startOver(file string) (*scratch, error) {
	s := &scratch{file: file}
	if !p.settings.Clock.IsZero() {
		s.clock.Store(&p.settings.Clock)
	}
	m := server.NewMetrics()
	st, err := bolt.Open(s.file, bolt.Options{Now: s.now, Observe: m.Committed, Unsynced: true, InitialMmapSize: 1 << 26})
	if err != nil {
		return nil, err
	}
	local, err := delivery.NewTargets(nil, true)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	registry := &workflow.Registry{}
	registry.Replace(p.hookpoints)
	var requests, messages atomic.Int64
	s.Server, err = server.New(server.Config{
		Demo: true,
		Keys: p.keys, Hubs: tmf.HubsConfig{Client: delivery.NewClient(delivery.ClientConfig{Targets: local}), Backoff: func(int) time.Duration { return 0 }}, // its clock may stand
		Store: st, Metrics: m, Log: slog.New(slog.DiscardHandler), Registry: registry, Layers: p.layers, Verify: p.verify, Now: s.now,
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

// now is the time by the server's clock.
func (s *scratch) now() time.Time {
	if at := s.clock.Load(); at != nil {
		return *at
	}
	return time.Now()
}

// end verifies the store and stops the server. The error says what is wrong in the
// store.
func (s *scratch) end(ctx context.Context) error {
	var faults []error
	_, err := server.Verify(ctx, s.Store, func(fault error) { faults = append(faults, fmt.Errorf("verify: %w", fault)) })
	s.Close()
	err = errors.Join(errors.Join(faults...), err, s.Store.Close())
	if s.temporary {
		err = errors.Join(err, os.Remove(s.file))
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

// scratchDir is where scratch stores lie; it goes with what it holds.
func scratchDir() (dir string, cleanUp func(), err error) {
	dir, err = os.MkdirTemp("", "rator-scratch-*")
	return dir, func() { os.RemoveAll(filepath.Clean(dir)) }, err
}
