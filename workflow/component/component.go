// Package component holds the Go functions that workflow scripts may call, one
// file per area. A component translates between keyed values and the business
// rooms; the rules live there. It touches nothing but its Call's transaction:
// the transaction may run twice.
package component

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rator/failure"
	"rator/workflow/value"
)

// Param is a keyword argument of a component.
type Param struct {
	Key       string
	Type      value.Type
	Mandatory bool
}

// Component is one Go function that scripts call as call.NAME(KEY = value).
type Component struct {
	Name string // lower_snake
	Area string
	Desc string
	In   []Param
	// Out names the keys the result has at top level. Open says that it may have
	// others too, so the checker cannot tell a wrong one.
	Out  []string
	Open bool
	// Fails names the business codes it may fail with; a hookpoint's contract
	// declares those of the components its script calls.
	Fails []*failure.Code
	// Reads says that it may run in a read-only transaction.
	Reads bool
	Run   func(c *Call, in value.Tree) (value.Tree, error)
}

var registered = map[string]*Component{}

// register makes a component callable. It panics on a duplicate or a wrong name.
func register(c Component) {
	if c.Name == "" || c.Name != strings.ToLower(c.Name) || c.Desc == "" || c.Area == "" || c.Run == nil {
		panic(fmt.Sprintf("component: %q is not whole", c.Name))
	}
	if registered[c.Name] != nil {
		panic("component: " + c.Name + " registered twice")
	}
	registered[c.Name] = &c
}

// ByName is the component of that name, or nil.
func ByName(name string) *Component { return registered[name] }

// Names lists every component, sorted.
func Names() []string { return slices.Sorted(maps.Keys(registered)) }
