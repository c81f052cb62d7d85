package customer

import (
	"slices"

	"rator/store"
)

// State is where an account, a subscription or a service is in its life
// (rator-api.md 5.2).
type State string

// The states. An account is Active or Closed; a subscription and its services
// are never Closed.
const (
	Created    State = "CREATED"
	Active     State = "ACTIVE"
	Blocked    State = "BLOCKED"
	Terminated State = "TERMINATED"
	Closed     State = "CLOSED"
)

// transition is one way to another state.
type transition struct {
	from []State
	to   State
}

// An account's state machine.
var closing = transition{[]State{Active}, Closed}

// The state machine of a subscription and of its services, which follow it.
var (
	activation   = transition{[]State{Created}, Active}
	blocking     = transition{[]State{Active}, Blocked}
	unblocking   = transition{[]State{Blocked}, Active}
	termination  = transition{[]State{Created, Active, Blocked}, Terminated}
	reactivation = transition{[]State{Terminated}, Active}
)

// move takes what has an id from one state to the next, or fails with WRONG_STATE.
func (t transition) move(what string, id store.ID, state *State) error {
	if !slices.Contains(t.from, *state) {
		return WrongState.With("%s %s is %s and cannot become %s", what, id, *state, t.to)
	}
	*state = t.to
	return nil
}
