// Package component holds the Go functions that workflow scripts may call, one
// file per area. A component translates between keyed values and the business
// rooms; the rules live there. It touches nothing but its Call's transaction:
// the transaction may run twice.
package component

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"rator/access"
	"rator/catalogue"
	"rator/store"
	"rator/workflow/value"
)

// Call is what a component works with: the call's transaction and who asked.
type Call struct {
	Ctx      context.Context
	Tx       store.Tx
	Brand    *catalogue.Brand
	Operator string         // name of the operator
	Language string         // CONTEXT.LANGUAGE, two capitals
	Zone     *time.Location // of dates that come without one
	Guard    *access.Guard  // for workflows that check an operator
	Remote   netip.Addr     // where the call came from
	// Touched collects the ids of objects read or changed, for the audit row.
	Touched []store.ID
	// Delay is how long the answer is held back after the transaction, for
	// wrong passwords.
	Delay time.Duration
}

// Touch notes an object for the audit row.
func (c *Call) Touch(id store.ID) {
	if !slices.Contains(c.Touched, id) {
		c.Touched = append(c.Touched, id)
	}
}

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
	// Reads says that it may run in a read-only transaction.
	Reads bool
	Run   func(c *Call, in value.Tree) (value.Tree, error)
}

var registered = map[string]*Component{}

// Register makes a component callable. It panics on a duplicate or a wrong name.
func Register(c Component) {
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
