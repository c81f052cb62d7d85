package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"rator/failure"
	"rator/workflow/contract"
)

// attempted is what attempt gives.
type attempted struct {
	failed *failure.Error // nil when it went well
	run    *run
	value  starlark.Value
}

var attemptedKeys = []string{"code", "message", "ok", "value"}

func (a *attempted) String() string       { return fmt.Sprintf("attempt(ok = %v)", a.failed == nil) }
func (*attempted) Type() string           { return "attempt" }
func (*attempted) Freeze()                {}
func (a *attempted) Truth() starlark.Bool { return a.failed == nil }
func (*attempted) AttrNames() []string    { return attemptedKeys }
func (*attempted) Hash() (uint32, error) {
	return 0, errors.New("an attempt cannot be the key of a dict")
}

// Attr is .ok, .code and .message ("" when ok), and .value (None when not).
func (a *attempted) Attr(name string) (starlark.Value, error) {
	switch name {
	case "ok":
		return starlark.Bool(a.failed == nil), nil
	case "value":
		return a.value, nil
	case "code", "message":
		if a.failed == nil {
			return starlark.String(""), nil
		}
		if name == "code" {
			return starlark.String(a.failed.Code.Name), nil
		}
		return starlark.String(a.failed.Message(a.run.runtime.Language)), nil
	}
	return nil, fmt.Errorf("an attempt has no %s%s", name, contract.Suggest(name, attemptedKeys))
}

// attempt is attempt(call.NAME, KEY = value) and the same with api: a savepoint.
// A failure of the business undoes what that call wrote and is told in the
// result; anything else ends the script.
func attempt(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, keywords []starlark.Tuple) (starlark.Value, error) {
	r := runOf(thread)
	if len(args) != 1 {
		return nil, errors.New("attempt takes call.NAME or api.NAME, and KEY = value")
	}
	result := &attempted{run: r, value: starlark.None}
	var inside error
	err := r.runtime.Host.Savepoint(func() error {
		var v starlark.Value
		if v, inside = starlark.Call(thread, args[0], nil, keywords); inside != nil {
			var step *stepError
			if errors.As(inside, &step) {
				return step.err
			}
			return inside
		}
		result.value = v
		return nil
	})
	switch {
	case inside != nil && !catchable(inside):
		return nil, inside
	case err != nil && (inside == nil || !catchable(err)):
		return nil, &stepError{"attempt", err}
	case inside != nil:
		errors.As(inside, &result.failed)
	}
	return result, nil
}
