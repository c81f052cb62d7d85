package component_test

import (
	"slices"
	"sync"
	"testing"

	"rator/server/scratch"
	"rator/server/servertest"
	"rator/suite"
	"rator/workflow/component"
	"rator/workflow/value"
)

// TestAnswersHaveDeclaredKeys: whatever the scenarios of SOAP have components do, an answer
// has no key that its component does not declare.
func TestAnswersHaveDeclaredKeys(t *testing.T) {
	suite.Long(t, "plays every scenario of testdata/soap")
	if suite.Apart(t) {
		return
	}
	var mu sync.Mutex
	ran, undeclared := map[string]bool{}, map[string]bool{}
	for _, name := range component.Names() {
		c := component.ByName(name)
		run := c.Run
		t.Cleanup(func() { c.Run = run })
		c.Run = func(call *component.Call, in value.Tree) (value.Tree, error) {
			out, err := run(call, in)
			mu.Lock()
			defer mu.Unlock()
			ran[name] = true
			for _, e := range out {
				if !c.Open && !slices.Contains(c.Out, e.Key) {
					undeclared[name+" "+e.Key] = true
				}
			}
			return out, err
		}
	}
	servertest.Play(t, servertest.Scenarios, func(*scratch.Server) {})
	for key := range undeclared {
		t.Errorf("%s is answered, and not declared", key)
	}
	if len(ran) < len(component.Names())*9/10 {
		t.Errorf("of %d components %d ran", len(component.Names()), len(ran))
	}
}
