package wsdl

import (
	"slices"
	"sync"

	"rator/workflow/contract"
)

// shelf keeps what is made of the set of contracts that runs, without the
// address: anybody may ask for it, and to make it costs as much as many calls.
type shelf struct {
	mu        sync.Mutex
	contracts []*contract.Contract
	made      map[string]*publication
}

// of is what is kept by a name, which build makes when there is none or the set is
// another.
func (s *shelf) of(contracts []*contract.Contract, name string, build func() (*publication, error)) (*publication, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil || !slices.Equal(s.contracts, contracts) {
		s.contracts, s.made = slices.Clone(contracts), map[string]*publication{}
	}
	if p := s.made[name]; p != nil {
		return p, nil
	}
	p, err := build()
	if err == nil {
		s.made[name] = p
	}
	return p, err
}
