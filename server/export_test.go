package server

import "context"

// Run is run of a job, for tests.
func (b *Background) Run(name string, job func(context.Context)) { b.run(name, job) }

// Reload is reload, for tests that change the layers.
func (s *Server) Reload() error { return s.reload() }

// Sweep is sweep, for tests whose servers do not run.
func (s *Server) Sweep(ctx context.Context) { s.sweep(ctx) }
