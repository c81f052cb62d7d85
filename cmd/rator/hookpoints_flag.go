package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"

	"rator/event"
	"rator/server"
	"rator/store"
	"rator/store/address"
	"rator/workflow"
)

// hookpointsFlag is for commands that run hookpoints, or ask what they declare, in a server
// or where none has the store.
type hookpointsFlag struct {
	Hookpoints string `help:"Directory of your own hookpoint folders, over the shipped ones; a running server has its own." placeholder:"DIR"`
}

// engineFlags are for commands that run hookpoints.
type engineFlags struct {
	hookpointsFlag
	TMFPinKey string `name:"tmf-pin-key" help:"Key file of rator serve. Default beside the store file; for a database it must be given." placeholder:"FILE"`
}

// engine is the one of the server that the command runs in, or else one over the store of
// a file or a database. done lets it go.
func (f *engineFlags) engine(t *terminal, st store.Store, file string) (e *workflow.Engine, done func(), err error) {
	if t.engine != nil {
		return t.engine, func() {}, nil
	}
	layers := []workflow.Layer{server.Shipped()}
	if f.Hookpoints != "" {
		layer, err := server.SiteLayer(f.Hookpoints)
		if err != nil {
			return nil, nil, unreachable(err)
		}
		layers = append(layers, layer)
	}
	k, err := f.keys(t, st, file)
	if err != nil {
		return nil, nil, err
	}
	s, err := server.New(server.Config{Keys: k, Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Layers: layers})
	if err != nil {
		return nil, nil, err
	}
	return s.Engine, s.Close, nil
}

// keys are those that the store was served with; a file that was never served has none.
func (f *engineFlags) keys(t *terminal, st store.Store, file string) (server.Keys, error) {
	if f.TMFPinKey == "" && !address.Is(file) {
		k, err := server.ReadKeyFile(server.KeyFileOf(file))
		if errors.Is(err, fs.ErrNotExist) {
			return k, nil
		}
		return k, unreachableOr(err)
	}
	if f.TMFPinKey == "" {
		return server.Keys{}, misused(errors.New("--tmf-pin-key: name the key file of rator serve: a store in a database has none beside it"))
	}
	k, err := server.ReadKeyFile(f.TMFPinKey)
	if err != nil {
		return k, unreachable(err)
	}
	return k, unreachableOr(st.View(t.ctx, func(tx store.Tx) error {
		known, others, err := server.KnowsKey(tx, k.Cards)
		if err == nil && !known && others > 0 {
			err = fmt.Errorf("--tmf-pin-key: the key in %s is not the one that store %s was served with", f.TMFPinKey, address.Shown(file))
		}
		return err
	}))
}

// site is the set of the server that the command runs in, or else the one of the folders
// that are named, over the shipped ones; an empty one where none are.
func (f *hookpointsFlag) site(t *terminal) (*workflow.Set, error) {
	switch {
	case t.engine != nil:
		return t.engine.Registry.Current(), nil
	case f.Hookpoints == "":
		return new(workflow.Set), nil
	}
	return server.Hookpoints([]string{f.Hookpoints})
}

// patterns reads patterns of topics, also of those that the site declares. What is wrong
// with one is an *event.PatternError.
func (f *hookpointsFlag) patterns(t *terminal, texts []string) (event.Patterns, error) {
	set, err := f.site(t)
	if err != nil {
		return nil, err
	}
	return event.ParsePatterns(texts, server.SiteTopics(set)...)
}
