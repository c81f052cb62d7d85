package main

import (
	"fmt"
	"sync/atomic"

	"rator/calllog"
	"rator/mask"
	"rator/workflow"
	"rator/workflow/contract"
)

// callLogOf is where the call log of a store lies unless it is said.
func callLogOf(store string) string { return store + ".calls" }

// openCallLog starts the log that the configuration names, if it names one.
func (s *server) openCallLog(c serverConfig) error {
	if c.callLog.Dir == "" {
		return nil
	}
	o := c.callLog
	o.Log = c.log
	o.Mask = mask.New(s.contractOf, mask.Options{Declared: s.declaredSecrets()})
	calls, err := calllog.Open(o)
	if err != nil {
		return &openError{fmt.Errorf("call log: %w", err)}
	}
	s.calls = calls
	s.metrics.callLog(calls)
	return nil
}

// contractOf is the contract of a hookpoint, nil when there is none.
func (s *server) contractOf(hookpoint string) *contract.Contract {
	return s.registry.Current().Contract(hookpoint)
}

// declaredSecrets gives the names that the hookpoints which are loaded mark secret.
func (s *server) declaredSecrets() func() *mask.Declared {
	type of struct {
		set      *workflow.Set
		declared *mask.Declared
	}
	var last atomic.Pointer[of]
	return func() *mask.Declared {
		set := s.registry.Current()
		known := last.Load()
		if known == nil || known.set != set {
			known = &of{set, mask.DeclaredBy(set.Contracts())}
			last.Store(known)
		}
		return known.declared
	}
}

// closeCallLog writes what waits.
func (s *server) closeCallLog() {
	if s.calls == nil {
		return
	}
	if err := s.calls.Close(); err != nil {
		s.log.Error("call log not closed", "cause", err)
	}
}
