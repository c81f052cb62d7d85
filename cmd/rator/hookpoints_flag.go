package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"

	"rator/event"
	"rator/server"
	"rator/store"
	"rator/workflow"
)

// hookpointsFlag is for commands that run hookpoints, or ask what they declare, in a server
// or where none has the store.
type hookpointsFlag struct {
	Hookpoints string `help:"Directory of your own hookpoint folders, over the shipped ones; a running server has its own." placeholder:"DIR"`
}

// engine is the one of the server that the command runs in, or else one over the store of
// a file. done lets it go.
func (f *hookpointsFlag) engine(t *terminal, st store.Store, file string) (e *workflow.Engine, done func(), err error) {
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
	k, err := server.ReadKeyFile(server.KeyFileOf(file))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, unreachable(err)
	}
	s, err := server.New(server.Config{Keys: k, Store: st, Metrics: server.NewMetrics(), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Layers: layers})
	if err != nil {
		return nil, nil, err
	}
	return s.Engine, s.Close, nil
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
