package customer

import (
	"fmt"
	"slices"
	"strings"

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

// Values are all states.
func (State) Values() []string {
	return []string{string(Created), string(Active), string(Blocked), string(Terminated), string(Closed)}
}

// transition is one way to another state.
type transition struct {
	deed string // what is done, as in "can be blocked"
	from []State
	to   State
	not  map[State]string // why it is not possible from each other state
}

// An account's state machine.
var closing = transition{"closed", []State{Active}, Closed, map[State]string{Closed: "it is closed already"}}

// The state machine of a subscription and of its services, which follow it.
var (
	activation = transition{"activated", []State{Created}, Active, map[State]string{
		Active: "it is in use already", Blocked: "it was activated before", Terminated: hasEnded}}
	blocking = transition{"blocked", []State{Active}, Blocked, map[State]string{
		Created: "it is not in use yet", Blocked: "it is blocked already", Terminated: hasEnded}}
	unblocking = transition{"unblocked", []State{Blocked}, Active, map[State]string{
		Created: "nothing blocks it", Active: "nothing blocks it", Terminated: "nothing blocks it, it has ended"}}
	termination = transition{"terminated", []State{Created, Active, Blocked}, Terminated, map[State]string{
		Terminated: "it has ended already"}}
	reactivation = transition{"reactivated", []State{Terminated}, Active, map[State]string{
		Created: hasNotEnded, Active: hasNotEnded, Blocked: hasNotEnded}}

	life = [...]transition{activation, blocking, unblocking, termination, reactivation}
)

const (
	hasEnded    = "it has ended"
	hasNotEnded = "it has not ended"
)

// whyNot says of each state why something is not done in it that is no transition.
var whyNot = map[State]string{
	Created: "it is not in use yet", Active: "it is in use", Blocked: "it is blocked", Terminated: hasEnded, Closed: "it is closed",
}

// What a state is of. A service's moves with its subscription.
const (
	ofAccount      = "account"
	ofSubscription = "subscription"
	ofService      = "service"
)

// move takes what has an id from one state to the next, or fails with WRONG_STATE.
func (t transition) move(what string, id store.ID, state *State) error {
	if !slices.Contains(t.from, *state) {
		return wrongState(what, id, *state, "be "+t.deed, t.not[*state])
	}
	*state = t.to
	return nil
}

// refuses is WRONG_STATE for a deed that is no transition, as in "be shared".
func (s State) refuses(what string, id store.ID, deed string) error {
	return wrongState(what, id, s, deed, whyNot[s])
}

// wrongState names the object, its state, why that does not allow the deed, and
// what it does allow.
func wrongState(what string, id store.ID, state State, deed, why string) error {
	return WrongState.With("%s %s is %s and cannot %s: %s; %s", what, id, state, deed, why, state.allows(what))
}

// allows says what can be done in a state.
func (s State) allows(what string) string {
	if what == ofAccount {
		if slices.Contains(closing.from, s) {
			return "it can be " + closing.deed
		}
		return "only its balances still move"
	}
	var deeds []string
	for _, t := range life {
		if slices.Contains(t.from, s) {
			deeds = append(deeds, t.deed)
		}
	}
	it := "it"
	if what == ofService {
		it = "its subscription"
	}
	return fmt.Sprintf("%s can be %s", it, strings.Join(deeds, " or "))
}
