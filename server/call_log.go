package server

import (
	"fmt"
	"sync/atomic"

	"rator/calllog"
	"rator/mask"
	"rator/workflow"
	"rator/workflow/contract"
)

// CallLogOf is where the call log of a store lies unless it is said.
func CallLogOf(store string) string { return store + ".calls" }

// openCallLog starts the log that the configuration names, if it names one.
func (s *Server) openCallLog(c Config) error {
	if c.CallLog.Dir == "" {
		return nil
	}
	o := c.CallLog
	o.Log = c.Log
	if s.database != nil {
		o.Server = c.Name
	}
	o.Mask = mask.New(s.contractOf, mask.Options{Declared: s.declaredSecrets()})
	calls, err := calllog.Open(o)
	if err != nil {
		return &OpenError{fmt.Errorf("call log: %w", err)}
	}
	s.Calls = calls
	s.Metrics.callLog(calls)
	return nil
}

// contractOf is the contract of a hookpoint, nil when there is none.
func (s *Server) contractOf(hookpoint string) *contract.Contract {
	return s.Registry.Current().Contract(hookpoint)
}

// declaredSecrets gives the names that the hookpoints which are loaded mark secret.
func (s *Server) declaredSecrets() func() *mask.Declared {
	type of struct {
		set      *workflow.Set
		declared *mask.Declared
	}
	var last atomic.Pointer[of]
	return func() *mask.Declared {
		set := s.Registry.Current()
		known := last.Load()
		if known == nil || known.set != set {
			known = &of{set, mask.DeclaredBy(set.Contracts())}
			last.Store(known)
		}
		return known.declared
	}
}

// readCalls reads the log with every call that was answered; nil when there is none.
func (s *Server) readCalls() (*calllog.Reader, error) {
	if s.Calls == nil {
		return nil, nil
	}
	if err := s.Calls.Flush(); err != nil {
		s.log.Warn("call log: calls of the last moments may be missing where it is read", "cause", err)
	}
	return calllog.OpenReader(s.Calls.Dir())
}

// closeCallLog writes what waits.
func (s *Server) closeCallLog() {
	if s.Calls == nil {
		return
	}
	if err := s.Calls.Close(); err != nil {
		s.log.Error("call log not closed", "cause", err)
	}
}
