package main

import (
	"rator/workflow"
	"rator/workflow/contract"
)

// hookpointsOf loads the shipped hookpoints with those of dirs over them.
func hookpointsOf(dirs []string) (*workflow.Set, error) {
	layers := []workflow.Layer{shipped()}
	for _, dir := range dirs {
		layer, err := siteLayer(dir)
		if err != nil {
			return nil, unreachable(err)
		}
		layers = append(layers, layer)
	}
	set, mistakes := workflow.Load(layers...)
	if len(mistakes) > 0 {
		return nil, mistakesError(mistakes)
	}
	return set, nil
}

// contractsOf finds the contracts of a set by their hookpoint; nil where there is
// none.
func contractsOf(set *workflow.Set) func(hookpoint string) *contract.Contract {
	return func(hookpoint string) *contract.Contract {
		if h := set.Find(hookpoint); h != nil {
			return h.Contract
		}
		return nil
	}
}
