package workflow

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"rator/failure"
	"rator/workflow/contract"
	"rator/workflow/script"
)

// Hookpoint is one loaded folder.
type Hookpoint struct {
	Contract *contract.Contract
	Program  *script.Program
}

// Set is everything that was loaded at one time. It never changes.
type Set struct {
	hookpoints map[string]*Hookpoint
	optional   []*contract.Contract     // by hookpoint key, of those that nothing is bound to
	codes      map[string]*failure.Code // declared by contracts, beside the shipped ones
	events     map[string]*contract.Event
	warnings   []contract.Mistake
}

// Topics are the topics that the set's contracts declare, by name.
func (s *Set) Topics() []*contract.Event {
	return slices.SortedFunc(maps.Values(s.events), func(a, b *contract.Event) int { return strings.Compare(a.Name, b.Name) })
}

// Warnings are what is no mistake in the set but ought to change, in order of place.
func (s *Set) Warnings() []contract.Mistake { return s.warnings }

// Find is the hookpoint with that key, or nil.
func (s *Set) Find(key string) *Hookpoint { return s.hookpoints[key] }

// Contract is that of a hookpoint; nil where there is none.
func (s *Set) Contract(key string) *contract.Contract {
	if h := s.Find(key); h != nil {
		return h.Contract
	}
	return nil
}

// bound is the hookpoint for a key and a dynamic key: KEY@DYNAMIC before KEY.
func (s *Set) bound(key, dynamic string) *Hookpoint {
	if dynamic != "" {
		if h := s.hookpoints[key+"@"+dynamic]; h != nil && h.Contract.Internal {
			return h
		}
	}
	if h := s.hookpoints[key]; h != nil && h.Contract.Internal {
		return h
	}
	return nil
}

// Contracts lists every contract by hookpoint key, internal ones too.
func (s *Set) Contracts() []*contract.Contract {
	all := make([]*contract.Contract, 0, len(s.hookpoints))
	for _, h := range s.hookpoints {
		all = append(all, h.Contract)
	}
	slices.SortFunc(all, func(a, b *contract.Contract) int { return strings.Compare(a.Hookpoint, b.Hookpoint) })
	return all
}

// Optional lists the contracts of the hookpoints that scripts ask where something is bound
// to them, and to which nothing is, by hookpoint key.
func (s *Set) Optional() []*contract.Contract { return s.optional }

// code is a failure code by name: a shipped one, or one of the set's contracts.
func (s *Set) code(name string) *failure.Code {
	if c := failure.ByName(name); c != nil {
		return c
	}
	return s.codes[name]
}

// near is a "did you mean" for a key that callers may use.
func (s *Set) near(key string) string {
	var known []string
	for _, c := range s.Contracts() {
		if !c.Internal {
			known = append(known, c.Hookpoint)
		}
	}
	return contract.Suggest(key, known)
}

// Registry holds the set that runs now; calls that began keep the one they
// began with.
type Registry struct{ current atomic.Pointer[Set] }

// Current is the set that new calls run. It is never nil after a Replace.
func (r *Registry) Current() *Set { return r.current.Load() }

// Replace makes set the one that new calls run.
func (r *Registry) Replace(set *Set) { r.current.Store(set) }
