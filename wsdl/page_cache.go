package wsdl

import (
	"slices"
	"sync"

	"rator/workflow/contract"
)

// pageCache keeps the page of the set of contracts that runs, without the
// address: anybody may ask for it, and to make it costs as much as many calls.
type pageCache struct {
	mu        sync.Mutex
	contracts []*contract.Contract
	page      []byte
}

// pageOf is Page, made anew only when the set is another.
func (c *pageCache) pageOf(contracts []*contract.Contract, address string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.page == nil || !slices.Equal(c.contracts, contracts) {
		made, err := Page(contracts, addressMark)
		if err != nil {
			return nil, err
		}
		c.contracts, c.page = slices.Clone(contracts), made
	}
	return withAddress(c.page, address), nil
}
